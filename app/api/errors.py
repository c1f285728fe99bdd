"""One table: what is refused → RFC 9457 problem+json with a stable code."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import orjson
from fastapi import FastAPI, Request, Response
from fastapi.exceptions import RequestValidationError
from fastapi.routing import iter_route_contexts
from starlette.exceptions import HTTPException
from starlette.routing import Match

from app.api.outage import OutageLog
from app.core.identity.failure import InvalidElements
from app.services import errors
from app.services.ports import Conflict, StorageUnavailable
from app.services.record_ports import HealthDataCenterUnavailable

PROBLEM = "application/problem+json"
MAX_BODY = 64 * 1024
"""Bytes of a body; `MAX_BODIES` names the routes that take more."""
MAX_BODIES: Mapping[str, int] = {"/v1/match/batch": 1024 * 1024, "/v1/imports": 2 * 1024**3}


class BodyTooLarge(HTTPException):
    """More bytes came than a request may have. FastAPI lets an HTTPException through unwrapped."""

    def __init__(self, most: int) -> None:
        super().__init__(400)
        self.most = most


@dataclass(frozen=True, slots=True)
class Problem:
    """How one kind of refusal is answered."""

    status: int
    code: str
    title: str
    detail: str | None = None
    headers: Mapping[str, str] | None = None


TABLE: Mapping[type[Exception], Problem] = {
    errors.NotAuthenticated: Problem(
        401,
        "invalid_token",
        "Not authenticated",
        headers={"WWW-Authenticate": 'Bearer error="invalid_token"'},
    ),
    errors.InsufficientScope: Problem(403, "insufficient_scope", "Insufficient scope"),
    errors.SourceSystemNotAllowed: Problem(403, "source_system_not_allowed", "Source system not allowed"),
    errors.CustomerNotGranted: Problem(403, "not_granted", "Not granted"),
    errors.NotFound: Problem(404, "not_found", "Not found"),
    errors.CustomerErased: Problem(410, "customer_erased", "Customer erased"),
    errors.ResultsGone: Problem(410, "results_gone", "Results gone"),
    errors.TooManyImports: Problem(409, "too_many_imports", "Too many imports"),
    errors.SecondClientNeeded: Problem(403, "second_client_needed", "Second client needed"),
    errors.OwnAccess: Problem(403, "own_access", "Own access"),
    errors.OperatorOnly: Problem(403, "operator_only", "For the operator alone"),
    errors.AlreadyExists: Problem(409, "already_exists", "Already exists"),
    errors.NotPossible: Problem(409, "not_possible", "Not possible"),
    errors.VersionMismatch: Problem(412, "version_mismatch", "Version mismatch"),
    errors.TooManyRequests: Problem(429, "too_many_requests", "Too many requests"),
    errors.InvalidRequest: Problem(422, "invalid_input", "Invalid input"),
    InvalidElements: Problem(422, "invalid_input", "Invalid input", "One or more fields cannot be used."),
    Conflict: Problem(
        409, "conflict", "Conflict", "Somebody else changed this at the same time; read it again, then retry."
    ),
    StorageUnavailable: Problem(
        503,
        "storage_unavailable",
        "Temporarily unavailable",
        "Nothing was done. Try again shortly.",
        {"Retry-After": "2"},
    ),
    HealthDataCenterUnavailable: Problem(
        503,
        "health_data_center_unavailable",
        "Health Data Center unavailable",
        "The Health Data Center gave no usable answer. Try again shortly.",
        {"Retry-After": "5"},
    ),
}


def problem(
    status: int,
    code: str,
    title: str,
    detail: str | None = None,
    headers: Mapping[str, str] | None = None,
    fields: Sequence[Mapping[str, str]] = (),
) -> Response:
    """A problem+json answer; `fields` names each field at fault and what would be right."""
    body: dict[str, object] = {"type": "about:blank", "title": title, "status": status, "code": code}
    if detail:
        body["detail"] = detail
    if fields:
        body["errors"] = list(fields)
    return Response(orjson.dumps(body), status, {**(headers or {}), "Cache-Control": "no-store"}, PROBLEM)


_outages = OutageLog()


def _refused(_: Request, error: Exception) -> Response:
    known = next(TABLE[kind] for kind in type(error).__mro__ if kind in TABLE)
    detail = error.detail if isinstance(error, errors.Refusal) else known.detail
    headers = dict(known.headers or {})
    if isinstance(error, StorageUnavailable | HealthDataCenterUnavailable):
        _outages.note(known.code, str(error))
    if isinstance(error, errors.InsufficientScope):
        headers["WWW-Authenticate"] = f'Bearer error="insufficient_scope", scope="{error.scope}"'
    if isinstance(error, errors.TooManyRequests):
        headers |= rate_headers(error)
    return problem(known.status, known.code, known.title, detail, headers, field_errors(error))


def rate_headers(error: errors.TooManyRequests) -> dict[str, str]:
    """RFC 6585 section 4, and the fields of draft-ietf-httpapi-ratelimit-headers, which say what fits."""
    return {
        "Retry-After": str(error.retry_after),
        "RateLimit-Policy": f'"client";q={error.limit};w={error.window}',
        "RateLimit": f'"client";r=0;t={error.retry_after}',
    }


def field_errors(error: Exception) -> list[dict[str, str]]:
    """The fields at fault, as a problem lists them."""
    if isinstance(error, InvalidElements):
        return [{"field": f.field, "code": f.code, "expected": f.expected} for f in error.failures]
    if isinstance(error, errors.InvalidRequest):
        return [{"field": error.field, "code": "invalid", "expected": error.expected}]
    return []


def _invalid(_: Request, error: Exception) -> Response:
    assert isinstance(error, RequestValidationError)
    fields = [input_error(e) for e in error.errors()]
    if any(f["code"] == "json_invalid" for f in fields):
        return problem(400, "invalid_json", "Invalid JSON", "The body must be one JSON object in UTF-8.")
    return problem(422, "invalid_input", "Invalid input", "One or more fields cannot be used.", fields=fields)


def input_error(error: Mapping[str, object]) -> dict[str, str]:
    """A validation error without its value. A field name that we do not know is the caller's text too."""
    location = error["loc"]
    assert isinstance(location, tuple)
    path = [str(p) for p in location if p not in ("body", "query", "path", "header")]
    if error["type"] == "extra_forbidden":
        return {
            "field": ".".join(path[:-1]) or "body",
            "code": "unknown_field",
            "expected": "known fields alone",
        }
    expected = "a UUID" if error["type"] == "uuid_parsing" else str(error["msg"])  # its text quotes the input
    return {"field": ".".join(path) or "body", "code": str(error["type"]), "expected": expected}


def _http(request: Request, error: Exception) -> Response:
    assert isinstance(error, HTTPException)
    code = {404: "not_found", 405: "method_not_allowed"}.get(error.status_code, "refused")
    headers = {"Allow": _allowed(request)} if error.status_code == 405 else error.headers
    return problem(error.status_code, code, str(error.detail), headers=headers)


def _allowed(request: Request) -> str:
    """RFC 9110 section 10.2.1: the methods of every route here; the framework names one route's alone."""
    here = (
        context.original_route
        for context in iter_route_contexts(request.app.routes)
        if context.original_route.matches(request.scope)[0] is not Match.NONE
    )
    return ", ".join(sorted({method for route in here for method in getattr(route, "methods", None) or ()}))


def body_too_large(most: int) -> Response:
    """The answer to a body over the route's bound; the rest of it is not read."""
    detail = f"The body may have at most {most} bytes."
    return problem(400, "body_too_large", "Body too large", detail, {"Connection": "close"})


def _too_large(_: Request, error: Exception) -> Response:
    assert isinstance(error, BodyTooLarge)
    return body_too_large(error.most)


def _moved(_: Request, error: Exception) -> Response:
    assert isinstance(error, errors.CustomerMoved)
    headers = {"Location": f"/v1/customers/{error.survivor_id}", "Cache-Control": "no-store"}
    return Response(None, 307, headers)


def install(app: FastAPI) -> None:
    """Registers the table with the application."""
    app.add_exception_handler(errors.CustomerMoved, _moved)
    for kind in TABLE:
        app.add_exception_handler(kind, _refused)
    app.add_exception_handler(RequestValidationError, _invalid)
    app.add_exception_handler(BodyTooLarge, _too_large)
    app.add_exception_handler(HTTPException, _http)
