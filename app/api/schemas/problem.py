"""RFC 9457 problem details, as every refusal of ours is shaped."""

from typing import Any

from pydantic import BaseModel


class FieldError(BaseModel):
    """A field at fault, and what would be right. The value is never repeated."""

    field: str
    code: str
    expected: str


class ProblemOut(BaseModel):
    """`application/problem+json` with a stable `code`."""

    type: str
    title: str
    status: int
    code: str
    detail: str | None = None
    errors: list[FieldError] | None = None


_DESCRIPTIONS = {
    400: "The body is no JSON, or too large",
    401: "No token, or one that must not be taken",
    403: "The token does not open this",
    404: "Nothing under this address",
    409: "Conflict",
    422: "A field cannot be used",
    503: "Temporarily unavailable; try again after Retry-After",
}


def problems(*statuses: int) -> dict[int | str, dict[str, Any]]:
    """The `responses` of a route that may answer with these problems."""
    content = {"application/problem+json": {"schema": ProblemOut.model_json_schema()}}
    return {status: {"description": _DESCRIPTIONS[status], "content": content} for status in statuses}
