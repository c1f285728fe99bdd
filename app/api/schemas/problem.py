"""RFC 9457 problem details, as every refusal of ours is shaped."""

from collections.abc import Mapping
from typing import Any

from pydantic import BaseModel, Field

MEDIA_TYPE = "application/problem+json"


class FieldError(BaseModel):
    """A field at fault, and what would be right. The value is never repeated."""

    field: str
    code: str
    expected: str


class ProblemOut(BaseModel):
    """`application/problem+json` with a stable `code`."""

    type: str
    title: str
    status: int = Field(ge=400, le=599)
    code: str
    detail: str | None = None
    errors: list[FieldError] | None = None


_RETRY = {"Retry-After": {"description": "Seconds to wait.", "schema": {"type": "string"}}}
RATE_HEADERS: dict[str, Any] = {
    **_RETRY,
    "RateLimit-Policy": {
        "description": "How many requests (`q`) fit in how many seconds (`w`).",
        "schema": {"type": "string"},
    },
    "RateLimit": {
        "description": "What is left (`r`), and in how many seconds (`t`) there is more.",
        "schema": {"type": "string"},
    },
}
_CHALLENGE = {"WWW-Authenticate": {"description": "RFC 6750 section 3.", "schema": {"type": "string"}}}


def _response(
    description: str, headers: Mapping[str, Any] | None = None, **examples: Mapping[str, object]
) -> dict[str, Any]:
    shown = {name: {"value": {"type": "about:blank", **example}} for name, example in examples.items()}
    content = {MEDIA_TYPE: {"schema": {"$ref": "#/components/schemas/ProblemOut"}, "examples": shown}}
    return {"description": description, **({"headers": headers} if headers else {}), "content": content}


RESPONSES: Mapping[int, tuple[str, dict[str, Any]]] = {
    400: (
        "BadRequest",
        _response(
            "The body is no JSON, or too large.",
            invalid_json={
                "title": "Invalid JSON",
                "status": 400,
                "code": "invalid_json",
                "detail": "The body must be one JSON object in UTF-8.",
            },
            body_too_large={"title": "Body too large", "status": 400, "code": "body_too_large"},
        ),
    ),
    401: (
        "NotAuthenticated",
        _response(
            "No token, or one that must not be taken.",
            _CHALLENGE,
            invalid_token={"title": "Not authenticated", "status": 401, "code": "invalid_token"},
        ),
    ),
    403: (
        "Forbidden",
        _response(
            "The token is good, but not for this.",
            insufficient_scope={
                "title": "Insufficient scope",
                "status": 403,
                "code": "insufficient_scope",
                "detail": "This call needs the scope customer:match.",
            },
            not_granted={"title": "Not granted", "status": 403, "code": "not_granted"},
            source_system_not_allowed={
                "title": "Source system not allowed",
                "status": 403,
                "code": "source_system_not_allowed",
            },
            second_client_needed={
                "title": "Second client needed",
                "status": 403,
                "code": "second_client_needed",
            },
            own_access={"title": "Own access", "status": 403, "code": "own_access"},
            operator_only={"title": "For the operator alone", "status": 403, "code": "operator_only"},
        ),
    ),
    404: (
        "NotFound",
        _response(
            "Nothing under this address.",
            not_found={"title": "Not found", "status": 404, "code": "not_found"},
        ),
    ),
    409: (
        "Conflict",
        _response(
            "The name is taken, things stand otherwise, or somebody else changed this at the same time.",
            already_exists={"title": "Already exists", "status": 409, "code": "already_exists"},
            conflict={"title": "Conflict", "status": 409, "code": "conflict"},
            not_possible={
                "title": "Not possible",
                "status": 409,
                "code": "not_possible",
                "detail": "This merge does not hold any more.",
            },
            too_many_imports={"title": "Too many imports", "status": 409, "code": "too_many_imports"},
        ),
    ),
    410: (
        "Gone",
        _response(
            "The customer was erased, or what was kept for a time is kept no longer.",
            customer_erased={"title": "Customer erased", "status": 410, "code": "customer_erased"},
            results_gone={"title": "Results gone", "status": 410, "code": "results_gone"},
        ),
    ),
    412: (
        "VersionMismatch",
        _response(
            "The record has another version than If-Match says.",
            version_mismatch={"title": "Version mismatch", "status": 412, "code": "version_mismatch"},
        ),
    ),
    422: (
        "InvalidInput",
        _response(
            "A field cannot be used; `errors` names each one and what would be right, never the value.",
            invalid_input={
                "title": "Invalid input",
                "status": 422,
                "code": "invalid_input",
                "detail": "One or more fields cannot be used.",
                "errors": [
                    {
                        "field": "birth_date",
                        "code": "birth_date_format",
                        "expected": "a date: YYYY-MM-DD, YYYYMMDD or YYYY/M/D",
                    }
                ],
            },
        ),
    ),
    429: (
        "TooManyRequests",
        _response(
            "More than the client may ask. Go on after Retry-After, and more slowly.",
            RATE_HEADERS,
            too_many_requests={
                "title": "Too many requests",
                "status": 429,
                "code": "too_many_requests",
                "detail": "Too many requests; go on after Retry-After, and more slowly.",
            },
        ),
    ),
    503: (
        "Unavailable",
        _response(
            "Temporarily unavailable; nothing was done. Try again after Retry-After.",
            _RETRY,
            storage_unavailable={
                "title": "Temporarily unavailable",
                "status": 503,
                "code": "storage_unavailable",
            },
            health_data_center_unavailable={
                "title": "Health Data Center unavailable",
                "status": 503,
                "code": "health_data_center_unavailable",
            },
        ),
    ),
}
"""The refusals that operations share: status → name and OpenAPI response object."""


MOVED: dict[str, Any] = {
    "description": "The customer was merged: `Location` is who they are known as. Not to be cached.",
    "headers": {
        "Location": {"schema": {"type": "string"}},
        "Cache-Control": {"schema": {"type": "string"}},
    },
}


def problems(*statuses: int) -> dict[int | str, dict[str, Any]]:
    """The `responses` of a route that may answer with these problems, as references."""
    return {status: {"$ref": f"#/components/responses/{RESPONSES[status][0]}"} for status in statuses}
