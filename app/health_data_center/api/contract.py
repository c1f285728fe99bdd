"""What routes say of themselves in the OpenAPI document, where FastAPI cannot read it off their code."""

from collections.abc import Mapping
from typing import Any

PROBLEM = "application/problem+json"


def problems(*statuses: int) -> dict[int | str, dict[str, Any]]:
    """The `responses` of a route that may answer with these problems, as references."""
    return {status: {"$ref": f"#/components/responses/{RESPONSES[status][0]}"} for status in statuses}


def client_token(scope: str, body: str | None = None) -> dict[str, Any]:
    """A route that takes a partner's token with `scope`, and reads its `body` itself, after the token."""
    return {"security": [{"client_token": []}], "x-required-scopes": [scope], **(_body(body) if body else {})}


def customer_token() -> dict[str, Any]:
    """A route that takes a customer-bound token."""
    return {"security": [{"customer_token": []}]}


def _body(model: str) -> dict[str, Any]:
    schema = {"$ref": f"#/components/schemas/{model}"}
    return {"requestBody": {"required": True, "content": {"application/json": {"schema": schema}}}}


def _response(
    status: int,
    description: str,
    headers: Mapping[str, Any] | None = None,
    **examples: Mapping[str, object],
) -> dict[str, Any]:
    shown = {
        code: {"value": {"type": "about:blank", "status": status, "code": code, **example}}
        for code, example in examples.items()
    }
    content = {PROBLEM: {"schema": {"$ref": "#/components/schemas/ProblemOut"}, "examples": shown}}
    return {"description": description, **({"headers": headers} if headers else {}), "content": content}


def _header(name: str, description: str) -> dict[str, Any]:
    return {name: {"description": description, "schema": {"type": "string"}}}


RESPONSES: Mapping[int, tuple[str, dict[str, Any]]] = {
    400: ("BadRequest", _response(400, "The body is no JSON.", invalid_json={"title": "Invalid JSON"})),
    401: (
        "NotAuthenticated",
        _response(
            401,
            "No token, or one that must not be taken.",
            _header("WWW-Authenticate", "RFC 6750 section 3."),
            invalid_token={"title": "Not authenticated"},
        ),
    ),
    403: (
        "Forbidden",
        _response(
            403,
            "The token is good, but not for this; or there is nothing that this partner may see.",
            insufficient_scope={
                "title": "Insufficient scope",
                "detail": "This takes the scope customer:match.",
            },
            not_granted={"title": "Not granted", "detail": "The token does not grant these records."},
            not_available={"title": "Not available", "reasons": ["not_available"]},
        ),
    ),
    404: ("NotFound", _response(404, "Nothing under this address.", not_found={"title": "Not found"})),
    409: (
        "Conflict",
        _response(
            409,
            "A record is there already as somebody else's or as another kind; nothing was stored.",
            conflict={
                "title": "Conflict",
                "detail": "Nothing was stored.",
                "errors": [
                    {"field": "items[0].customer_id", "code": "other_customer", "expected": "the same"}
                ],
            },
        ),
    ),
    413: ("BodyTooLarge", _response(413, "Too large a body.", body_too_large={"title": "Body too large"})),
    415: (
        "UnsupportedMediaType",
        _response(
            415,
            "The body is not application/json.",
            unsupported_media_type={
                "title": "Unsupported media type",
                "detail": "Send application/json.",
            },
        ),
    ),
    422: (
        "InvalidInput",
        _response(
            422,
            "A field cannot be used; `errors` names each one and what would be right, never the value.",
            invalid_input={
                "title": "Invalid input",
                "detail": "One or more fields cannot be used.",
                "errors": [{"field": "purpose", "code": "missing", "expected": "Field required"}],
            },
        ),
    ),
    429: (
        "TooManyRequests",
        _response(
            429,
            "The Customer Data Center asks this partner to slow down; try again after Retry-After.",
            _header("Retry-After", "Seconds to wait."),
            too_many_requests={"title": "Too many requests"},
        ),
    ),
    503: (
        "Unavailable",
        _response(
            503,
            "Temporarily unavailable; nothing was given. Try again after Retry-After.",
            _header("Retry-After", "Seconds to wait."),
            storage_unavailable={"title": "Temporarily unavailable"},
            customer_data_center_unavailable={"title": "Temporarily unavailable"},
        ),
    ),
}
"""The refusals that operations share: status → name and OpenAPI response object."""
