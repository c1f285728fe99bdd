"""Whether a token with a good signature still lives."""

from app.core.access.claims import Claims
from app.core.access.client import Client
from app.services.ports import InvalidToken, UnitOfWork


async def living_client(unit: UnitOfWork, claims: Claims) -> Client:
    """The client of a token that lives. Raises `InvalidToken` for any other.

    It lives while it is not revoked, and its client, whoever speaks for them (RFC 8693) and the customer it
    is bound to are active with their watermarks before it.
    """
    client = await _party(unit, claims.client_id, claims)
    if claims.actor is not None:
        await _party(unit, claims.actor, claims)
    if claims.grant is not None:
        customer_id = claims.grant.customer_id
        customer = (await unit.customers.get([customer_id])).get(customer_id)
        if customer is None or not customer.outlives(claims.issued_at):
            raise InvalidToken("customer_changed", claims.client_id)
    if await unit.revocations.revoked(claims.token_id):
        raise InvalidToken("revoked", claims.client_id)
    return client


async def _party(unit: UnitOfWork, client_id: str, claims: Claims) -> Client:
    credential = await unit.clients.get(client_id)
    if credential is None:
        raise InvalidToken("unknown_client")
    if not credential.client.active:
        raise InvalidToken("client_suspended", claims.client_id)
    if not credential.client.outlives(claims.issued_at):
        raise InvalidToken("before_watermark", claims.client_id)
    return credential.client
