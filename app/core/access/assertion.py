"""What a client's assertion says of itself (RFC 7523 section 3), checked and typed."""

import re
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta

from app.core.access.client import CLIENT_ID
from app.core.access.lifetimes import CLOCK_LEEWAY

LONGEST_LIFE = timedelta(minutes=5)
"""An assertion is made for one request: whoever finds it later shall not be able to use it."""

_ASSERTION_ID = re.compile(r"[!-~]{1,255}")
_LARGEST_TIME = 2**53


class UnacceptableAssertion(ValueError):  # noqa: N818 - a judgement on the assertion
    """`reason` is a stable code for the log, never for the caller."""

    def __init__(self, reason: str) -> None:
        super().__init__(reason)
        self.reason = reason


@dataclass(frozen=True, slots=True)
class Assertion:
    """Proof of one client, to be taken once. `until` is when it could not be taken any more anyway."""

    client_id: str
    assertion_id: str
    until: datetime


def asserted_client(payload: Mapping[str, object]) -> str:
    """Whom an assertion speaks of, nothing being proved yet. Raises `UnacceptableAssertion`."""
    match payload:
        case {"iss": str(issuer), "sub": str(subject)} if issuer == subject and CLIENT_ID.fullmatch(subject):
            return subject
    raise UnacceptableAssertion("bad_assertion_subject")


def read_assertion(payload: Mapping[str, object], accepted: frozenset[str], now: datetime) -> Assertion:
    """The assertion of a payload whose signature is good. Raises `UnacceptableAssertion`.

    Each audience it names must be us, as issuer or as token endpoint: one that is good elsewhere too could be
    carried here.
    """
    audience = payload.get("aud")
    audiences = audience if isinstance(audience, list) else [audience]
    if not audiences or not all(isinstance(a, str) and a in accepted for a in audiences):
        raise UnacceptableAssertion("bad_assertion_audience")
    assertion_id = payload.get("jti")
    if not isinstance(assertion_id, str) or not _ASSERTION_ID.fullmatch(assertion_id):
        raise UnacceptableAssertion("bad_assertion_id")
    return Assertion(asserted_client(payload), assertion_id, _end(payload, now))


def _end(payload: Mapping[str, object], now: datetime) -> datetime:
    expires_at = _time(payload, "exp")
    if expires_at is None:
        raise UnacceptableAssertion("bad_assertion_time")
    if expires_at <= now:
        raise UnacceptableAssertion("assertion_expired")
    if expires_at > now + LONGEST_LIFE + CLOCK_LEEWAY:
        raise UnacceptableAssertion("assertion_lives_too_long")
    for name in ("iat", "nbf"):
        begin = _time(payload, name)
        if begin is not None and begin > now + CLOCK_LEEWAY:
            raise UnacceptableAssertion("assertion_not_yet_valid")
    return expires_at


def _time(payload: Mapping[str, object], name: str) -> datetime | None:
    """A NumericDate (RFC 7519 section 2), which may have a fraction; None where there is none."""
    if name not in payload:
        return None
    value = payload[name]
    if type(value) not in (int, float) or not isinstance(value, int | float) or not 0 < value < _LARGEST_TIME:
        raise UnacceptableAssertion("bad_assertion_time")
    try:
        return datetime.fromtimestamp(value, UTC)
    except (ValueError, OverflowError, OSError):
        raise UnacceptableAssertion("bad_assertion_time") from None
