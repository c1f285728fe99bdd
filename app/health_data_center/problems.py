"""What is refused, as RFC 9457 problem+json with a stable code."""

import logging
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

import orjson
from fastapi import FastAPI, Request, Response
from fastapi.exceptions import RequestValidationError
from starlette.exceptions import HTTPException

from app.health_data_center.cdc_client import CdcUnavailable
from app.health_data_center.cipher import Unreadable
from app.health_data_center.database import StorageUnavailable
from app.health_data_center.field_errors import FieldError, from_pydantic

logger = logging.getLogger(__name__)

PROBLEM = "application/problem+json"


@dataclass(eq=False)
class Problem(Exception):  # noqa: N818 - RFC 9457's own word
    """One refusal. `errors` name the fields at fault; `reasons` are stable codes for the caller.

    Not frozen: the interpreter hangs tracebacks on exceptions.
    """

    status: int
    code: str
    title: str
    detail: str | None = None
    errors: Sequence[FieldError] = ()
    reasons: Sequence[str] = ()
    headers: Mapping[str, str] = field(default_factory=dict)

    def response(self) -> Response:
        """The answer on the wire. Nothing in it may be kept by a cache."""
        body: dict[str, object] = {
            "type": "about:blank",
            "title": self.title,
            "status": self.status,
            "code": self.code,
        }
        if self.detail:
            body["detail"] = self.detail
        if self.errors:
            body["errors"] = [{"field": e.field, "code": e.code, "expected": e.expected} for e in self.errors]
        if self.reasons:
            body["reasons"] = list(self.reasons)
        headers = {**self.headers, "Cache-Control": "no-store"}
        return Response(orjson.dumps(body), self.status, headers, PROBLEM)


def not_authenticated(audience: str, *, token_given: bool) -> Problem:
    """RFC 6750 §3.1: no error code where no token was given. `audience` is what a token must be for."""
    challenge = 'Bearer error="invalid_token"' if token_given else "Bearer"
    detail = f"Send a living access token with the audience {audience} as 'Authorization: Bearer …'."
    return Problem(401, "invalid_token", "Not authenticated", detail, headers={"WWW-Authenticate": challenge})


def insufficient_scope(scope: str) -> Problem:
    """The token is good, but not for this; `scope` is what it would take."""
    return Problem(
        403,
        "insufficient_scope",
        "Insufficient scope",
        f"This takes the scope {scope}.",
        headers={"WWW-Authenticate": f'Bearer error="insufficient_scope", scope="{scope}"'},
    )


def not_granted() -> Problem:
    """The customer-bound token is for another customer or for other domains."""
    return Problem(
        403,
        "not_granted",
        "Not granted",
        "The token does not grant these records.",
        headers={"WWW-Authenticate": 'Bearer error="insufficient_scope"'},
    )


def not_available(reasons: Sequence[str]) -> Problem:
    """The one refusal of a lookup: whether the person is unknown, uncertain or closed is not told."""
    return Problem(403, "not_available", "Not available", reasons=reasons)


def invalid_input(errors: Sequence[FieldError]) -> Problem:
    """Fields that cannot be used."""
    return Problem(422, "invalid_input", "Invalid input", "One or more fields cannot be used.", errors)


def conflict(errors: Sequence[FieldError]) -> Problem:
    """Records that exist already as somebody else's, or as another kind."""
    return Problem(409, "conflict", "Conflict", "Nothing was stored.", errors)


def unavailable(code: str, detail: str, retry_after: int = 2) -> Problem:
    """Something the center cannot do without is not there; nothing was given."""
    return Problem(503, code, "Temporarily unavailable", detail, headers={"Retry-After": str(retry_after)})


_HTTP_CODES = {404: "not_found", 405: "method_not_allowed"}


def _refused(_: Request, error: Exception) -> Response:
    assert isinstance(error, Problem)
    return error.response()


def _http(_: Request, error: Exception) -> Response:
    assert isinstance(error, HTTPException)
    code = _HTTP_CODES.get(error.status_code, "refused")
    return Problem(error.status_code, code, str(error.detail), headers=error.headers or {}).response()


def _invalid(_: Request, error: Exception) -> Response:
    assert isinstance(error, RequestValidationError)
    return invalid_input([from_pydantic(e, skip=1) for e in error.errors()]).response()


def _storage(_: Request, error: Exception) -> Response:
    logger.error("storage unavailable: %s", error)
    return unavailable("storage_unavailable", "Nothing was done. Try again shortly.").response()


def _cdc(_: Request, error: Exception) -> Response:
    logger.error("Customer Data Center unavailable: %s", error)
    detail = "The Customer Data Center gave no usable answer. Try again shortly."
    return unavailable("customer_data_center_unavailable", detail, retry_after=5).response()


def _unreadable(_: Request, error: Exception) -> Response:
    logger.error("a stored record cannot be opened: %s", error)
    return unavailable("record_unreadable", "A stored record cannot be opened.", retry_after=60).response()


def install(app: FastAPI) -> None:
    """Registers the answers with the application."""
    app.add_exception_handler(Problem, _refused)
    app.add_exception_handler(HTTPException, _http)
    app.add_exception_handler(RequestValidationError, _invalid)
    app.add_exception_handler(StorageUnavailable, _storage)
    app.add_exception_handler(CdcUnavailable, _cdc)
    app.add_exception_handler(Unreadable, _unreadable)
