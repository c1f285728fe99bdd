"""A JWS in compact form (RFC 7515), read strictly: one algorithm, one type, one spelling."""

import base64
import json
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

_LONGEST = 8192
_HEADER_MEMBERS = frozenset({"alg", "typ", "kid"})


class InvalidToken(Exception):  # noqa: N818 - the word of RFC 6750
    """A token that must not be taken; `reason` is a stable code for the log, never for the caller."""

    def __init__(self, reason: str) -> None:
        super().__init__(reason)
        self.reason = reason


@dataclass(frozen=True, slots=True)
class CompactToken:
    """Nothing in it is to be believed before `signature` is found good over `signed` with `key_id`."""

    key_id: str
    payload: Mapping[str, Any]
    signed: bytes
    signature: bytes


def parse(token: str) -> CompactToken:
    """Raises `InvalidToken` for whatever an ES256 access token of RFC 9068 cannot look like."""
    parts = token.split(".")
    if len(parts) != 3 or len(token) > _LONGEST or not token.isascii():
        raise InvalidToken("malformed")
    header = _object(_decode(parts[0]))
    if header.get("alg") != "ES256":
        raise InvalidToken("wrong_algorithm")
    if header.get("typ") != "at+jwt":
        raise InvalidToken("wrong_type")
    # `crit`, `jwk`, `jku`, `x5u` and the like would change what the signature means or whose key counts.
    if not isinstance(header.get("kid"), str) or not header.keys() <= _HEADER_MEMBERS:
        raise InvalidToken("wrong_header")
    signature = _decode(parts[2])
    if len(signature) != 64:
        raise InvalidToken("malformed")
    return CompactToken(
        header["kid"], _object(_decode(parts[1])), f"{parts[0]}.{parts[1]}".encode(), signature
    )


def _decode(part: str) -> bytes:
    try:
        content = base64.b64decode(part + "=" * (-len(part) % 4), altchars=b"-_", validate=True)
    except ValueError:
        raise InvalidToken("malformed") from None
    # One content has one spelling; python's decoder also takes set bits after the end, "+" and "/".
    if base64.urlsafe_b64encode(content).rstrip(b"=").decode() != part:
        raise InvalidToken("malformed")
    return content


def _object(content: bytes) -> Mapping[str, Any]:
    try:
        found = json.loads(content.decode("utf-8"), object_pairs_hook=_unique, parse_constant=_no_constant)
    except (ValueError, RecursionError):
        raise InvalidToken("malformed") from None
    if not isinstance(found, dict):
        raise InvalidToken("malformed")
    return found


def _unique(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    found = dict(pairs)
    if len(found) != len(pairs):
        raise ValueError("duplicate member")
    return found


def _no_constant(_: str) -> Any:
    raise ValueError("not JSON")
