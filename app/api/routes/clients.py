"""Administrators register partner systems, renew their secrets and suspend them."""

from typing import Annotated

from fastapi import APIRouter, Depends, Path, Query, Response

from app.api.deps import GuardedRoute, ServicesDep, caller_with
from app.api.schemas.clients import (
    ClientCreatedOut,
    ClientId,
    ClientIn,
    ClientKeysIn,
    ClientOut,
    ClientPageOut,
    ClientSecretOut,
)
from app.api.schemas.problem import problems
from app.core.access.scope import Scope
from app.services.context import Caller

router = APIRouter(tags=["clients"], route_class=GuardedRoute)

ADMIN = Depends(caller_with(Scope.CLIENT_ADMIN))
AdminDep = Annotated[Caller, ADMIN]
ClientIdPath = Annotated[
    str, Path(max_length=64, description="A registered client.", examples=["hospital-east"])
]


@router.post(
    "/v1/clients",
    operation_id="create_client",
    summary="Register a client; the answer holds its secret, once",
    status_code=201,
    responses=problems(400, 401, 403, 409, 422, 503),
)
async def create_client(
    body: ClientIn, services: ServicesDep, admin: AdminDep, response: Response
) -> ClientCreatedOut:
    """The secret has 256 bits and is kept as a keyed digest alone. A client with keys has none."""
    keys, secret = body.keys(), None
    if keys is not None:
        client = await services.manage_clients.create_with_keys(body.new(), keys, admin)
    else:
        created = await services.manage_clients.create(body.new(), admin)
        client, secret = created.client, created.secret
    response.headers["Cache-Control"] = "no-store"
    response.headers["Location"] = f"/v1/clients/{client.client_id}"
    return ClientCreatedOut(**ClientOut.of(client).model_dump(), client_secret=secret)


@router.get(
    "/v1/clients",
    operation_id="list_clients",
    summary="Registered clients, by ID",
    dependencies=[ADMIN],
    responses=problems(401, 403, 422, 503),
)
async def list_clients(
    services: ServicesDep,
    cursor: Annotated[ClientId | None, Query(description="`next` of the page before.")] = None,
    limit: Annotated[int, Query(ge=1, le=1000, description="Clients a page.")] = 100,
) -> ClientPageOut:
    """Without secrets."""
    page = await services.manage_clients.list(cursor, limit)
    return ClientPageOut(items=[ClientOut.of(client) for client in page.clients], next=page.next_after)


@router.get(
    "/v1/clients/{client_id}",
    operation_id="read_client",
    summary="One client",
    dependencies=[ADMIN],
    responses=problems(401, 403, 404, 422, 503),
)
async def read_client(client_id: ClientIdPath, services: ServicesDep) -> ClientOut:
    """Without its secret."""
    return ClientOut.of(await services.manage_clients.get(client_id))


@router.post(
    "/v1/clients/{client_id}/secret",
    operation_id="rotate_client_secret",
    summary="Give a client a new secret; the old one is good no longer",
    responses=problems(401, 403, 404, 409, 422, 503),
)
async def rotate_client_secret(
    client_id: ClientIdPath, services: ServicesDep, admin: AdminDep, response: Response
) -> ClientSecretOut:
    """Tokens that the client has live on until they expire; suspend it to end them."""
    renewed = await services.manage_clients.rotate_secret(client_id, admin)
    response.headers["Cache-Control"] = "no-store"
    return ClientSecretOut(client_id=client_id, client_secret=renewed.secret)


@router.put(
    "/v1/clients/{client_id}/keys",
    operation_id="replace_client_keys",
    summary="Have a client prove itself by these keys; its secret or old keys are good no longer",
    responses=problems(400, 401, 403, 404, 422, 503),
)
async def replace_client_keys(
    client_id: ClientIdPath, body: ClientKeysIn, services: ServicesDep, admin: AdminDep
) -> ClientOut:
    """By `private_key_jwt` (RFC 7523) from now on. Tokens that the client has live on until they expire."""
    return ClientOut.of(await services.manage_clients.replace_keys(client_id, body.keys(), admin))


@router.post(
    "/v1/clients/{client_id}/suspend",
    operation_id="suspend_client",
    summary="Refuse a client and end its tokens",
    responses=problems(401, 403, 404, 422, 503),
)
async def suspend_client(client_id: ClientIdPath, services: ServicesDep, admin: AdminDep) -> ClientOut:
    """Its tokens end within 5 seconds everywhere. A client that is suspended stays so."""
    return ClientOut.of(await services.manage_clients.suspend(client_id, admin))


@router.post(
    "/v1/clients/{client_id}/activate",
    operation_id="activate_client",
    summary="Let a suspended client in again",
    responses=problems(401, 403, 404, 422, 503),
)
async def activate_client(client_id: ClientIdPath, services: ServicesDep, admin: AdminDep) -> ClientOut:
    """It needs new tokens: those from before stay dead."""
    return ClientOut.of(await services.manage_clients.activate(client_id, admin))
