"""Between typed claims and the JSON of a token (RFC 9068).

Reading is strict. We sign only tokens that pass, so whatever does not is refused even with a good signature:
a check that is missing here would be the one that a confused signer or another use of the key walks through.
"""

import re
from collections.abc import Mapping
from datetime import UTC, datetime
from typing import Any

from app.core.access.audience import Audiences
from app.core.access.authorization_details import read_authorization_details, write_authorization_details
from app.core.access.claims import Claims, CustomerGrant
from app.core.access.client import CLIENT_ID
from app.core.access.lifetimes import CLOCK_LEEWAY, LONGEST
from app.core.access.scope import Scope, UnknownScope, format_scopes, parse_scopes

_LARGEST_TIME = 2**53
_TOKEN_ID = re.compile(r"[A-Za-z0-9_-]{8,128}")
_MOST_ANCESTORS = 2
"""A partner's token, what the Health Data Center made of it, and what that was granted: no longer line."""


class UnacceptableClaims(ValueError):  # noqa: N818 - a judgement on the token
    """Claims that must not be taken. `reason` is a stable code; `client_id` whose the token was, if known."""

    def __init__(self, reason: str, client_id: str | None = None) -> None:
        super().__init__(reason)
        self.reason = reason
        self.client_id = client_id


def write_claims(claims: Claims, issuer: str) -> dict[str, Any]:
    """The token's payload. Times are cut to whole seconds."""
    payload: dict[str, Any] = {
        "iss": issuer,
        "sub": claims.client_id,
        "aud": claims.audience,
        "client_id": claims.client_id,
        "scope": format_scopes(claims.scopes),
        "iat": int(claims.issued_at.timestamp()),
        "exp": int(claims.expires_at.timestamp()),
        "jti": claims.token_id,
    }
    if claims.actor is not None:
        payload["act"] = {"sub": claims.actor}
    if claims.grant is not None:
        payload["authorization_details"] = write_authorization_details(claims.grant)
    if claims.derived_from:
        payload["derived_from"] = list(claims.derived_from)
    return payload


def read_claims(
    payload: Mapping[str, object], known: Audiences, accepted: frozenset[str], now: datetime
) -> Claims:
    """The claims of a payload whose signature is good, for use at one of the `accepted` audiences.

    Claims that RFC 9068 does not name are ignored. Raises `UnacceptableClaims`.
    """
    if payload.get("iss") != known.issuer:
        raise UnacceptableClaims("wrong_issuer")
    client_id = _client_id(payload)
    try:
        return Claims(
            token_id=_token_id(payload),
            client_id=client_id,
            audience=_audience(payload, accepted),
            scopes=_scopes(payload),
            issued_at=_issued_at(payload, now),
            expires_at=_expires_at(payload, now),
            actor=_actor(payload, client_id),
            grant=_grant(payload, known),
            derived_from=_derived_from(payload),
        )
    except UnacceptableClaims as unacceptable:
        raise UnacceptableClaims(unacceptable.reason, client_id) from None


def _client_id(payload: Mapping[str, object]) -> str:
    match payload:
        case {"client_id": str(client_id), "sub": str(subject)} if client_id == subject:
            if CLIENT_ID.fullmatch(client_id):
                return client_id
    raise UnacceptableClaims("bad_subject")


def _token_id(payload: Mapping[str, object]) -> str:
    match payload:
        case {"jti": str(token_id)} if _TOKEN_ID.fullmatch(token_id):
            return token_id
    raise UnacceptableClaims("bad_jti")


def _audience(payload: Mapping[str, object], accepted: frozenset[str]) -> str:
    match payload:
        case {"aud": str(audience)} if audience in accepted:
            return audience
        case {"aud": str()}:
            raise UnacceptableClaims("wrong_audience")
    raise UnacceptableClaims("bad_audience")


def _scopes(payload: Mapping[str, object]) -> frozenset[Scope]:
    match payload:
        case {"scope": str(text)}:
            try:
                return parse_scopes(text)
            except UnknownScope:
                raise UnacceptableClaims("unknown_scope") from None
    raise UnacceptableClaims("bad_scope")


def _issued_at(payload: Mapping[str, object], now: datetime) -> datetime:
    issued_at = _time(payload, "iat")
    not_before = _time(payload, "nbf") if "nbf" in payload else issued_at
    if max(issued_at, not_before) > now + CLOCK_LEEWAY:
        raise UnacceptableClaims("not_yet_valid")
    return issued_at


def _expires_at(payload: Mapping[str, object], now: datetime) -> datetime:
    issued_at, expires_at = _time(payload, "iat"), _time(payload, "exp")
    if not issued_at < expires_at <= issued_at + LONGEST:
        raise UnacceptableClaims("bad_lifetime")
    if expires_at <= now:
        raise UnacceptableClaims("expired")
    return expires_at


def _time(payload: Mapping[str, object], name: str) -> datetime:
    """A NumericDate, of which we take whole seconds alone: no boolean, fraction, text, or absurd number."""
    value = payload.get(name)
    if type(value) is not int or not 0 < value < _LARGEST_TIME:
        raise UnacceptableClaims(f"bad_{name}")
    try:
        return datetime.fromtimestamp(value, UTC)
    except (ValueError, OverflowError, OSError):
        raise UnacceptableClaims(f"bad_{name}") from None


def _actor(payload: Mapping[str, object], client_id: str) -> str | None:
    if "act" not in payload:
        return None
    match payload["act"]:
        case {"sub": str(actor), **rest} if not rest and actor != client_id and CLIENT_ID.fullmatch(actor):
            return actor
    raise UnacceptableClaims("bad_actor")


def _derived_from(payload: Mapping[str, object]) -> tuple[str, ...]:
    if "derived_from" not in payload:
        return ()
    match payload["derived_from"]:
        case [*ids] if 0 < len(ids) <= _MOST_ANCESTORS:
            ancestors = tuple(i for i in ids if isinstance(i, str) and _TOKEN_ID.fullmatch(i))
            if len(ancestors) == len(ids):
                return ancestors
    raise UnacceptableClaims("bad_derived_from")


def _grant(payload: Mapping[str, object], known: Audiences) -> CustomerGrant | None:
    """A customer-bound token is good at the records audience and nowhere else; a client's, never there."""
    bound = "authorization_details" in payload
    if bound != (payload.get("aud") == known.records):
        raise UnacceptableClaims("grant_and_audience_differ")
    if not bound:
        return None
    try:
        return read_authorization_details(payload["authorization_details"])
    except ValueError:
        raise UnacceptableClaims("bad_authorization_details") from None
