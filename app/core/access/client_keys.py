"""The public keys by which a client proves itself (RFC 7523): given outright, or found under a URL."""

import base64
import binascii
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from hashlib import sha256
from ipaddress import IPv4Address, IPv6Address, ip_address
from urllib.parse import urlsplit

MOST_KEYS = 10
LONGEST_URI = 500
_LONGEST_KID = 128
_PRIVATE = frozenset({"d", "p", "q", "dp", "dq", "qi", "oth", "k"})
_LOOPBACK = frozenset({"127.0.0.1", "::1", "localhost"})


class UnusableKeys(ValueError):  # noqa: N818 - named as the administrator sees it
    """Keys that no client can be registered with; says what would be right."""


@dataclass(frozen=True, slots=True)
class ClientKey:
    """A public key on P-256, for ES256 alone (RFC 7518 section 3.4)."""

    kid: str | None
    x: str
    y: str

    @property
    def jwk(self) -> dict[str, str]:
        """As RFC 7517 writes it."""
        named = {"kid": self.kid} if self.kid is not None else {}
        return {"kty": "EC", "crv": "P-256", "x": self.x, "y": self.y, "alg": "ES256", "use": "sig", **named}

    @property
    def thumbprint(self) -> str:
        """What the key is known by wherever it is (RFC 7638): SHA-256, in base64url."""
        members = f'{{"crv":"P-256","kty":"EC","x":"{self.x}","y":"{self.y}"}}'
        return base64.urlsafe_b64encode(sha256(members.encode()).digest()).decode().rstrip("=")


@dataclass(frozen=True, slots=True)
class ClientKeys:
    """Where a client's keys are: `inline`, or under `uri`; exactly one of the two."""

    inline: tuple[ClientKey, ...] = ()
    uri: str | None = None

    @property
    def jwks(self) -> dict[str, object] | None:
        """The inline keys as a JWK Set."""
        return {"keys": [key.jwk for key in self.inline]} if self.inline else None


def registered_keys(jwks: object, uri: str | None) -> ClientKeys:
    """The keys that a client is registered with. Raises `UnusableKeys`."""
    if (jwks is None) == (uri is None):
        raise UnusableKeys("either jwks or jwks_uri")
    if uri is not None:
        return ClientKeys(uri=_uri(uri))
    keys = list(_entries(jwks))
    usable = tuple(key for key in map(_key, keys) if key is not None)
    if len(usable) != len(keys) or not usable:
        raise UnusableKeys("a JWK Set of public EC keys on P-256 (ES256)")
    if len({key.kid for key in usable}) != len(usable):
        raise UnusableKeys("a kid of its own for each key")
    return ClientKeys(inline=usable)


def published_keys(jwks: object) -> tuple[ClientKey, ...]:
    """The usable keys of a set that a client publishes; others in it may be for other servers.

    Raises `UnusableKeys` for what is no JWK Set.
    """
    return tuple(key for key in map(_key, _entries(jwks)) if key is not None)


def is_loopback(host: str) -> bool:
    """Whether a host's name is this machine's own."""
    return host in _LOOPBACK


def may_be_asked(address: IPv4Address | IPv6Address) -> bool:
    """Whether keys may be fetched from an address. Link-local ones are a cloud's metadata services; private
    ones are not refused, since a partner's network often is private."""
    plain = getattr(address, "ipv4_mapped", None) or address
    return not (plain.is_link_local or plain.is_multicast or plain.is_unspecified)


def _entries(jwks: object) -> Iterator[object]:
    match jwks:
        case {"keys": list(keys)} if len(keys) <= MOST_KEYS:
            return iter(keys)
    raise UnusableKeys(f"a JWK Set with at most {MOST_KEYS} keys")


def _key(entry: object) -> ClientKey | None:
    match entry:
        case {"kty": "EC", "crv": "P-256", "x": str(x), "y": str(y), **rest}:
            if _fits(rest) and _is_coordinate(x) and _is_coordinate(y):
                kid = rest.get("kid")
                return ClientKey(kid if isinstance(kid, str) else None, x, y)
    return None


def _fits(rest: Mapping[object, object]) -> bool:
    kid = rest.get("kid")
    named = kid is None or (isinstance(kid, str) and 0 < len(kid) <= _LONGEST_KID)
    purpose = (rest.get("alg", "ES256"), rest.get("use", "sig")) == ("ES256", "sig")
    return named and purpose and not _PRIVATE & rest.keys()


def _is_coordinate(text: str) -> bool:
    """RFC 7518 section 6.2.1.2: 32 bytes in base64url, which have 43 characters."""
    try:
        return len(text) == 43 and len(base64.b64decode(text + "=", altchars=b"-_", validate=True)) == 32
    except (binascii.Error, ValueError):
        return False


def _uri(uri: str) -> str:
    """https, or http to this machine; no credentials, no fragment."""
    expected = "an https URL without credentials or fragment"
    try:
        parts = urlsplit(uri)
        host, port = parts.hostname or "", parts.port
    except ValueError:
        raise UnusableKeys(expected) from None
    printable = uri.isascii() and uri.isprintable() and " " not in uri and len(uri) <= LONGEST_URI
    secure = parts.scheme == "https" or (parts.scheme == "http" and is_loopback(host))
    if not (printable and secure and host and port != 0) or "@" in parts.netloc or parts.fragment:
        raise UnusableKeys(expected)
    try:
        if not may_be_asked(ip_address(host)):
            raise UnusableKeys("a host that is no link-local or multicast address")
    except ValueError as error:
        if isinstance(error, UnusableKeys):
            raise
    return uri
