"""Reads OAuth requests as RFC 6749 wants them, and answers with its errors.

FastAPI's form parameters would take repeated parameters, other media types and undecodable text.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from urllib.parse import parse_qsl

import orjson
from fastapi import Request, Response

from app.api.errors import rate_headers
from app.core.access.refusal import OAuthError, OAuthRefusal
from app.services.authenticate_client import ClientAuthentication
from app.services.errors import TooManyRequests

MEDIA_TYPE = "application/x-www-form-urlencoded"
LONGEST_FORM = 16 * 1024
MOST_PARAMETERS = 32
_REPEATABLE = frozenset({"resource", "audience"})
_STATUS = {OAuthError.INVALID_CLIENT: 401, OAuthError.INSUFFICIENT_SCOPE: 403}
_NEVER_STORED = {"Cache-Control": "no-store", "Pragma": "no-cache"}
_CHALLENGE = {"WWW-Authenticate": 'Basic realm="Customer Data Center", charset="UTF-8"'}


@dataclass(frozen=True, slots=True)
class OAuthForm:
    """The parameters of a request. One without a value counts as not sent (RFC 6749 section 3.2)."""

    values: Mapping[str, tuple[str, ...]]
    authorization: str | None

    def one(self, name: str) -> str | None:
        """A parameter that may stand once."""
        found = self.values.get(name)
        return found[0] if found else None

    def required(self, name: str) -> str:
        """A parameter that must be there. Raises `OAuthRefusal` (`invalid_request`)."""
        found = self.one(name)
        if found is None:
            raise _invalid(f"{name} is required.")
        return found

    def every(self, name: str) -> tuple[str, ...]:
        """A parameter that may be repeated."""
        return self.values.get(name, ())

    def client(self) -> ClientAuthentication:
        """How the client authenticates."""
        return ClientAuthentication(
            self.authorization,
            self.one("client_id"),
            self.one("client_secret"),
            self.one("client_assertion"),
            self.one("client_assertion_type"),
        )


async def read_form(request: Request) -> OAuthForm:
    """The request's form. Raises `OAuthRefusal` (`invalid_request`) for anything but a clean one."""
    if request.headers.get("content-type", "").partition(";")[0].strip().lower() != MEDIA_TYPE:
        raise _invalid(f"The body must be {MEDIA_TYPE}.")
    headers = request.headers.getlist("authorization")
    if len(headers) > 1:
        raise _invalid("There must be one Authorization header at most.")
    body = await request.body()
    if len(body) > LONGEST_FORM:
        raise _invalid(f"The form may have at most {LONGEST_FORM} bytes.")
    return OAuthForm(_parameters(body), headers[0] if headers else None)


def answer(content: Mapping[str, object], status: int = 200) -> Response:
    """A JSON answer that no cache may keep."""
    return Response(orjson.dumps(content), status, _NEVER_STORED, "application/json")


def refusal_answer(refusal: OAuthRefusal) -> Response:
    """RFC 6749 section 5.2; a failed client authentication is challenged."""
    content = {"error": refusal.error.value, "error_description": refusal.description}
    response = answer(content, _STATUS.get(refusal.error, 400))
    if refusal.error is OAuthError.INVALID_CLIENT:
        response.headers.update(_CHALLENGE)
    return response


def too_many_answer(error: TooManyRequests) -> Response:
    """In the shape of RFC 6749, whose section 5.2 has no word for it; section 4.1.2.1 has."""
    content = {"error": OAuthError.TEMPORARILY_UNAVAILABLE.value, "error_description": error.detail}
    response = answer(content, 429)
    response.headers.update(rate_headers(error))
    return response


def _parameters(body: bytes) -> dict[str, tuple[str, ...]]:
    values: dict[str, tuple[str, ...]] = {}
    for name, value in _pairs(body):
        if name in values and name not in _REPEATABLE:
            raise _invalid("A parameter stands more than once.")
        values[name] = (*values.get(name, ()), value)
    return {name: given for name, found in values.items() if (given := tuple(filter(None, found)))}


def _pairs(body: bytes) -> list[tuple[str, str]]:
    try:
        text = body.decode("ascii")
        return parse_qsl(text, keep_blank_values=True, errors="strict", max_num_fields=MOST_PARAMETERS)
    except ValueError:
        raise _invalid(f"The body must be {MEDIA_TYPE} in UTF-8.") from None


def _invalid(description: str) -> OAuthRefusal:
    return OAuthRefusal(OAuthError.INVALID_REQUEST, description)
