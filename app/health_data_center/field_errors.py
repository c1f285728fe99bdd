"""Which field is at fault and what would be right; never what was given."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from pydantic import ValidationError

_QUOTES_INPUT = frozenset({"union_tag_invalid", "value_error", "assertion_error", "extra_forbidden"})
"""Kinds of pydantic errors whose message or place repeats what was given."""


@dataclass(frozen=True, slots=True)
class FieldError:
    """`field` is a path such as `items[3].loinc`; `code` is stable; `expected` is for people."""

    field: str
    code: str
    expected: str


def from_pydantic(error: Mapping[str, Any], skip: int = 0, prefix: str = "") -> FieldError:
    """One of `ValidationError.errors()`; `skip` leaves out leading parts of the place (a union's tag)."""
    kind = str(error["type"])
    parts: Sequence[str | int] = tuple(error["loc"])[skip:]
    if kind == "extra_forbidden":
        return FieldError(_path(prefix, parts[:-1]) or "body", kind, "only the fields that are documented")
    if kind == "union_tag_invalid":
        return FieldError(_path(prefix, (*parts, "kind")), kind, f"one of {error['ctx']['expected_tags']}")
    if kind == "union_tag_not_found":
        return FieldError(_path(prefix, (*parts, "kind")), "missing", "a kind of record")
    expected = "a usable value" if kind in _QUOTES_INPUT else str(error["msg"])
    return FieldError(_path(prefix, parts) or "body", kind, expected)


def all_from_pydantic(error: ValidationError, skip: int = 0, prefix: str = "") -> list[FieldError]:
    """Every fault that a validation found."""
    return [from_pydantic(e, skip, prefix) for e in error.errors(include_url=False, include_input=False)]


def _path(prefix: str, parts: Sequence[str | int]) -> str:
    path = prefix
    for part in parts:
        if isinstance(part, int):
            path += f"[{part}]"
        else:
            path += f".{part}" if path else part
    return path
