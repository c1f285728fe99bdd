"""Partner systems: who they are, what they may do and prove themselves by, when they last came; new ones,
new secrets and keys, suspension."""

import json
from typing import Any, Literal

from starlette.datastructures import FormData
from starlette.responses import Response

from app.console.visit import Visit
from app.core.access.client_keys import LONGEST_URI, ClientKeys, UnusableKeys, registered_keys
from app.core.access.roles import OPERATOR_GRANTED
from app.core.access.scope import Domain, Scope
from app.services.errors import AlreadyExists, InvalidRequest, NotPossible
from app.services.manage_clients import DEFAULT_RATE, NewClient

A_PAGE = 50
FIELDS = ("client_id", "domain", "systems", "names", "rate", "method", "jwks", "jwks_uri")
LONGEST_JWKS = 20_000
METHODS = ("secret", "jwks", "jwks_uri")
"""What a client may prove itself by."""
GRANTABLE = tuple(scope for scope in Scope if scope not in OPERATOR_GRANTED)


async def table(visit: Visit) -> Response:
    """Every partner by ID, page by page."""
    after = visit.request.query_params.get("after") or None
    page = await visit.services.manage_clients.list(after, A_PAGE)
    last_used = await visit.services.read_last_use([client.client_id for client in page.clients])
    return visit.show(
        "partners.html", here="partners", clients=page.clients, last_used=last_used, after=page.next_after
    )


async def detail(visit: Visit) -> Response:
    """One partner."""
    return await _detail(visit)


async def _detail(visit: Visit, **more: Any) -> Response:
    proof = await visit.services.manage_clients.proof(visit.request.path_params["client_id"])
    client = proof.client
    last_used = await visit.services.read_last_use([client.client_id])
    values = {"secret": None, "status": 200, **more}
    return visit.show(
        "partner.html",
        values.pop("status"),
        here="partners",
        client=client,
        proof=proof,
        last_used=last_used.get(client.client_id),
        renewable=OPERATOR_GRANTED.isdisjoint(client.scopes),
        **values,
    )


async def form(visit: Visit) -> Response:
    """The form for a new partner."""
    return _form(visit, {**dict.fromkeys(FIELDS, ""), "systems": "own", "rate": DEFAULT_RATE}, [])


async def create(visit: Visit) -> Response:
    """Registers a partner; the answer shows its secret, once, unless it has keys."""
    given, manage = await visit.request.form(), visit.services.manage_clients
    kept = {name: _text(given, name) for name in FIELDS}
    scopes = [str(value) for value in given.getlist("scope")]
    secret = None
    try:
        new, keys = _new(kept, scopes), _keys(kept)
        if keys is None:
            secret = (await manage.create(new, visit.caller)).secret
        else:
            await manage.create_with_keys(new, keys, visit.caller)
    except (InvalidRequest, AlreadyExists, NotPossible) as refusal:
        field = getattr(refusal, "field", "client_id")
        return _form(visit, kept, scopes, field=field, fault=refusal.code, detail=refusal.detail, status=422)
    visit.request.path_params["client_id"] = new.client_id
    return await _detail(visit, secret=secret, status=201)


async def rotate(visit: Visit) -> Response:
    """A new secret, shown once; the old one is good no longer."""
    made = await visit.services.manage_clients.rotate_secret(
        visit.request.path_params["client_id"], visit.caller
    )
    return await _detail(visit, secret=made.secret)


async def replace_keys(visit: Visit) -> Response:
    """From now on the partner proves itself by these keys alone."""
    given, client_id = await visit.request.form(), visit.request.path_params["client_id"]
    keys = _keys({name: _text(given, name) for name in FIELDS})
    if keys is None:
        raise InvalidRequest("method", "jwks or jwks_uri")
    await visit.services.manage_clients.replace_keys(client_id, keys, visit.caller)
    return visit.go(f"/console/partners/{client_id}")


async def suspend(visit: Visit) -> Response:
    """Ends the partner's tokens and refuses it."""
    client = await visit.services.manage_clients.suspend(visit.request.path_params["client_id"], visit.caller)
    return visit.go(f"/console/partners/{client.client_id}")


async def activate(visit: Visit) -> Response:
    """Lets the partner in again."""
    client = await visit.services.manage_clients.activate(
        visit.request.path_params["client_id"], visit.caller
    )
    return visit.go(f"/console/partners/{client.client_id}")


def _form(
    visit: Visit, given: dict[str, Any], scopes: list[str], status: int = 200, **fault: Any
) -> Response:
    shown = {"field": None, "fault": None, "detail": None, **fault}
    return visit.show(
        "partner_new.html", status, here="partners", given=given, chosen=scopes, scopes=GRANTABLE,
        domains=tuple(Domain), methods=METHODS, **shown,
    )  # fmt: skip


def _new(given: dict[str, str], scopes: list[str]) -> NewClient:
    """Raises `InvalidRequest` for what no client can be made of."""
    if not set(scopes) <= set(Scope):
        raise InvalidRequest("scopes", "scopes that exist")
    if given["domain"] and given["domain"] not in set(Domain):
        raise InvalidRequest("domain", "a domain that exists, or none")
    return NewClient(
        given["client_id"].strip(),
        frozenset(map(Scope, scopes)),
        Domain(given["domain"]) if given["domain"] else None,
        _systems(given),
        _rate(given["rate"].strip()),
    )


def _keys(given: dict[str, str]) -> ClientKeys | None:
    """The keys in a form; None where a secret is asked for. Raises `InvalidRequest`."""
    method = given["method"]
    if method not in METHODS[1:]:
        return None
    try:
        if method == "jwks":
            return registered_keys(json.loads(given["jwks"][:LONGEST_JWKS]), None)
        return registered_keys(None, given["jwks_uri"].strip()[: LONGEST_URI + 1])
    except UnusableKeys as unusable:
        raise InvalidRequest(method, str(unusable)) from None
    except (ValueError, RecursionError):
        raise InvalidRequest(method, "a JWK Set in JSON") from None


def _systems(given: dict[str, str]) -> frozenset[str] | Literal["all"] | None:
    match given["systems"]:
        case "all":
            return "all"
        case "named":
            return frozenset(given["names"].split())
    return None


def _rate(text: str) -> int | None:
    if not text:
        return None
    if not (text.isascii() and text.isdigit() and len(text) <= 9):
        raise InvalidRequest("rate", "a whole number of requests a second, or nothing for no limit")
    return int(text)


def _text(given: FormData, field: str) -> str:
    value = given.get(field)
    return value if isinstance(value, str) else ""
