"""A JWS in compact form (RFC 7515), read strictly: one spelling of each token, one meaning of each member."""

import base64
import binascii
import json
from typing import NamedTuple

from app.services.access_ports import InvalidToken

LONGEST_TOKEN = 4096


class Compact(NamedTuple):
    """Header, payload and signature decoded, and what was signed. Nothing in it is to be believed yet."""

    header: bytes
    payload: bytes
    signature: bytes
    signed: bytes


def segments(token: str) -> Compact:
    """The three parts. Raises `InvalidToken` (`malformed`)."""
    if len(token) > LONGEST_TOKEN or not token.isascii():
        raise InvalidToken("malformed")
    parts = token.encode("ascii").split(b".")
    if len(parts) != 3:
        raise InvalidToken("malformed")
    header, payload, signature = parts
    return Compact(_decoded(header), _decoded(payload), _decoded(signature), header + b"." + payload)


def json_object(content: bytes, reason: str) -> dict[str, object]:
    """A JSON object in UTF-8, no member twice at any depth (RFC 8725 section 2.4), no NaN or Infinity.

    Raises `InvalidToken` with the reason.
    """
    try:
        value = json.loads(content.decode("utf-8"), object_pairs_hook=_unique, parse_constant=_no_constant)
    except (ValueError, RecursionError):
        raise InvalidToken(reason) from None
    if not isinstance(value, dict):
        raise InvalidToken(reason)
    return value


def _decoded(segment: bytes) -> bytes:
    """Canonical base64url without padding (RFC 7515 section 2): each token has exactly one spelling."""
    try:
        content = base64.urlsafe_b64decode(segment + b"=" * (-len(segment) % 4))
    except (binascii.Error, ValueError):
        raise InvalidToken("malformed") from None
    if base64.urlsafe_b64encode(content).rstrip(b"=") != segment:
        raise InvalidToken("malformed")
    return content


def _unique(pairs: list[tuple[str, object]]) -> dict[str, object]:
    members = dict(pairs)
    if len(members) != len(pairs):
        raise ValueError("a member stands twice")
    return members


def _no_constant(_: str) -> object:
    raise ValueError("not JSON")
