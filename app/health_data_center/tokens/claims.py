"""What an access token says (RFC 9068), every claim present, typed and within bounds."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from app.health_data_center.tokens.compact import InvalidToken

LEEWAY_SECONDS = 30
"""How far the CDC's clock may be ahead of this one."""

_LONGEST_LIFE_SECONDS = 3600
_MEMBERS_OF_GRANT = {"type", "customer_id", "domains", "purpose"}
_LIMITS_OF_GRANT = {"sensitive", "withheld"}
"""What may stand beside them. A member that is not known could be a limit, too: such a token is refused."""


@dataclass(frozen=True, slots=True)
class Grant:
    """RFC 9396 authorization details of type `customer_records`: one customer, some domains, one purpose.

    `sensitive` are the labels that are open, `withheld` the kinds of records that are not.
    """

    customer_id: str
    domains: tuple[str, ...]
    purpose: str
    sensitive: tuple[str, ...] = ()
    withheld: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Claims:
    """A checked token. `client_id` is also `sub`; `actor` is `act.sub` (RFC 8693); times are Unix seconds."""

    token_id: str
    client_id: str
    audience: str
    scopes: frozenset[str]
    issued_at: int
    expires_at: int
    actor: str | None = None
    grant: Grant | None = None


def check(payload: Mapping[str, Any], issuer: str, audience: str, now: datetime) -> Claims:
    """The claims of a payload whose signature is good. Raises `InvalidToken`.

    `aud` must be `audience` and nothing beside it: a token for several places could be carried between them.
    """
    if payload.get("iss") != issuer:
        raise InvalidToken("wrong_issuer")
    if payload.get("aud") != audience:
        raise InvalidToken("wrong_audience")
    client_id = _text(payload, "client_id", 64)
    if payload.get("sub") != client_id:
        raise InvalidToken("wrong_subject")
    issued_at, expires_at = _life(payload, now.timestamp())
    return Claims(
        token_id=_text(payload, "jti", 128),
        client_id=client_id,
        audience=audience,
        scopes=_scopes(payload.get("scope", "")),
        issued_at=issued_at,
        expires_at=expires_at,
        actor=_actor(payload.get("act")),
        grant=_grant(payload.get("authorization_details")),
    )


def _life(payload: Mapping[str, Any], now: float) -> tuple[int, int]:
    issued_at, expires_at = _seconds(payload.get("iat")), _seconds(payload.get("exp"))
    not_before = _seconds(payload.get("nbf", issued_at))
    if expires_at <= now:
        raise InvalidToken("expired")
    if max(issued_at, not_before) > now + LEEWAY_SECONDS:
        raise InvalidToken("not_yet_valid")
    if expires_at - issued_at > _LONGEST_LIFE_SECONDS:
        raise InvalidToken("life_too_long")
    return issued_at, expires_at


def _seconds(value: object) -> int:
    # bool is an int to python; floats and strings are not NumericDates that the CDC issues.
    if type(value) is not int or not 0 < value < 2**53:
        raise InvalidToken("wrong_time")
    return value


def _text(payload: Mapping[str, Any], name: str, longest: int) -> str:
    value = payload.get(name)
    if not isinstance(value, str) or not 1 <= len(value) <= longest or not value.isprintable():
        raise InvalidToken(f"wrong_{name}")
    return value


def _scopes(value: object) -> frozenset[str]:
    if not isinstance(value, str):
        raise InvalidToken("wrong_scope")
    return frozenset(value.split())


def _actor(value: object) -> str | None:
    if value is None:
        return None
    if not isinstance(value, dict) or not isinstance(value.get("sub"), str) or "act" in value:
        raise InvalidToken("wrong_actor")
    return _text(value, "sub", 64)


def _grant(value: object) -> Grant | None:
    if value is None:
        return None
    if not isinstance(value, list) or len(value) != 1 or not isinstance(value[0], dict):
        raise InvalidToken("wrong_grant")
    details = value[0]
    if details.keys() - _LIMITS_OF_GRANT != _MEMBERS_OF_GRANT or details["type"] != "customer_records":
        raise InvalidToken("wrong_grant")
    return Grant(
        _text(details, "customer_id", 64),
        _words(details["domains"]),
        _text(details, "purpose", 32),
        *(_words(details[name]) if name in details else () for name in ("sensitive", "withheld")),
    )


def _words(value: object) -> tuple[str, ...]:
    if not isinstance(value, list) or not value or not all(isinstance(word, str) for word in value):
        raise InvalidToken("wrong_grant")
    return tuple(value)
