"""Signing keys, built once: parsing a key per request would cost more than the signature."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from jose import jwk
from jose.backends.base import Key
from jose.exceptions import JOSEError

ALGORITHM = "ES256"
TOKEN_TYPE = "at+jwt"  # noqa: S105 - a type
_PUBLIC_MEMBERS = ("kty", "crv", "x", "y")


class InvalidSigningKey(ValueError):  # noqa: N818 - named as the operator sees it
    """A signing key that cannot be used; the message names the entry, never the key."""


@dataclass(frozen=True, slots=True)
class SigningKey:
    """One ES256 key: `private` signs, `public` verifies, `public_jwk` is what the JWKS shows (RFC 7517)."""

    kid: str
    private: Key = field(repr=False)
    public: Key = field(repr=False)
    public_jwk: Mapping[str, str]
    until: datetime | None = None

    def good(self, now: datetime) -> bool:
        """Whether what it signed may still be taken: a key that was rotated out is, for a while."""
        return self.until is None or now < self.until


def signing_keys(entries: Sequence[Mapping[str, Any]]) -> tuple[SigningKey, ...]:
    """Builds the keys from the key ring's entries `{"kid", "alg": "ES256", "jwk": {private EC P-256 key}}`.

    The first one signs, all verify. Raises `InvalidSigningKey` for a missing or unusable one.
    """
    if not entries:
        raise InvalidSigningKey("at least one signing key is needed")
    keys = tuple(_signing_key(entry, position) for position, entry in enumerate(entries))
    if len({key.kid for key in keys}) != len(keys):
        raise InvalidSigningKey("two signing keys have the same kid")
    return keys


def jwks(keys: Sequence[SigningKey], now: datetime) -> dict[str, Any]:
    """The public keys that are good now, as a JWK set; nothing private is in it."""
    return {"keys": [dict(key.public_jwk) for key in keys if key.good(now)]}


def _signing_key(entry: Mapping[str, Any], position: int) -> SigningKey:
    kid, private_jwk = entry.get("kid"), entry.get("jwk")
    if not isinstance(kid, str) or not kid:
        raise InvalidSigningKey(f"signing key {position} has no kid")
    if entry.get("alg") != ALGORITHM or not isinstance(private_jwk, Mapping):
        raise InvalidSigningKey(f"signing key {position} must have alg {ALGORITHM} and a jwk")
    if private_jwk.get("crv") != "P-256" or "d" not in private_jwk:
        raise InvalidSigningKey(f"signing key {position} must be a private P-256 key")
    public_jwk = {name: str(private_jwk[name]) for name in _PUBLIC_MEMBERS if name in private_jwk}
    try:
        private = jwk.construct(dict(private_jwk), ALGORITHM)
        public = jwk.construct(dict(public_jwk), ALGORITHM)
    except (JOSEError, ValueError, TypeError):
        raise InvalidSigningKey(f"signing key {position} is not a valid P-256 key") from None
    shown = {**public_jwk, "kid": kid, "use": "sig", "alg": ALGORITHM}
    return SigningKey(kid, private, public, shown, _until(entry, position))


def _until(entry: Mapping[str, Any], position: int) -> datetime | None:
    if "until" not in entry:
        return None
    try:
        until = datetime.fromisoformat(entry["until"])
    except (TypeError, ValueError):
        until = None
    if until is None or until.tzinfo is None:
        raise InvalidSigningKey(f"signing key {position}: until must be a time with its zone")
    return until
