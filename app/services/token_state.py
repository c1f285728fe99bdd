"""Whether a token with a good signature still lives."""

from app.core.access.claims import Claims
from app.core.access.client import Client
from app.services.access_ports import InvalidToken
from app.services.ports import UnitOfWork


async def living_client(unit: UnitOfWork, claims: Claims) -> Client:
    """The client of a token that lives, from one query. Raises `InvalidToken` for any other.

    It lives while neither it nor a token that it was obtained with is revoked, and its client, whoever speaks
    for them (RFC 8693) and the customer it is bound to are active with their watermarks before it.
    """
    state = await unit.revocations.state(claims)
    client = _living(state.client, claims)
    if claims.actor is not None:
        _living(state.actor, claims)
    if claims.grant is not None and (state.customer is None or not state.customer.outlives(claims.issued_at)):
        raise InvalidToken("customer_changed", claims.client_id)
    if state.revoked:
        raise InvalidToken("revoked", claims.client_id)
    return client


def _living(party: Client | None, claims: Claims) -> Client:
    if party is None:
        raise InvalidToken("unknown_client")
    if not party.active:
        raise InvalidToken("client_suspended", claims.client_id)
    if not party.outlives(claims.issued_at):
        raise InvalidToken("before_watermark", claims.client_id)
    return party
