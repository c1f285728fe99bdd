"""Customers are erased: one client asks, another confirms."""

from typing import Annotated
from uuid import UUID

from fastapi import APIRouter, Depends, Path

from app.api.deps import GuardedRoute, ServicesDep, caller_with
from app.api.schemas.erasure import ErasureIn, ErasureOut
from app.api.schemas.problem import problems
from app.core.access.scope import Scope
from app.services.context import Caller

router = APIRouter(tags=["erasure"], route_class=GuardedRoute)

Eraser = Annotated[Caller, Depends(caller_with(Scope.DATA_ERASE))]
ErasureId = Annotated[UUID, Path(description="Of the request.")]


@router.post(
    "/v1/customers/{customer_id}/erasures",
    operation_id="request_erasure",
    summary="Ask for a customer to be erased",
    status_code=201,
    responses=problems(400, 401, 403, 404, 409, 410, 422, 503),
)
async def request_erasure(
    customer_id: Annotated[str, Path(description="A master customer ID.")],
    body: ErasureIn,
    services: ServicesDep,
    caller: Eraser,
) -> ErasureOut:
    """Nothing is erased yet: the answer says what would be. Another client confirms it within seven days."""
    return ErasureOut.of(
        *await services.erasures.of_customer.request(customer_id, body.basis, body.reference, caller)
    )


@router.get(
    "/v1/erasures/{erasure_id}",
    operation_id="read_erasure",
    summary="A request, and what would be erased today",
    responses=problems(401, 403, 404, 422, 503),
)
async def read_erasure(erasure_id: ErasureId, services: ServicesDep, caller: Eraser) -> ErasureOut:
    """For whoever is to confirm it."""
    return ErasureOut.of(*await services.erasures.of_customer.read(erasure_id, caller))


@router.post(
    "/v1/erasures/{erasure_id}/confirm",
    operation_id="confirm_erasure",
    summary="Erase the customer",
    responses=problems(401, 403, 404, 409, 410, 422, 503),
)
async def confirm_erasure(erasure_id: ErasureId, services: ServicesDep, caller: Eraser) -> ErasureOut:
    """By another client than the one that asked. The customer's key is destroyed, with it whatever was sealed
    under it; their records, cross-references and reviews are deleted; tokens that are bound to them are dead.
    The ID answers 410 from now on and is never given to anybody else. There is no undoing it."""
    return ErasureOut.of(await services.erasures.of_customer.confirm(erasure_id, caller))
