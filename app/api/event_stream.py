"""The access log as a file: NDJSON, or CSV for a spreadsheet."""

import csv
import io
from collections.abc import AsyncIterator
from enum import StrEnum

import orjson

from app.api.schemas.audit import EventOut
from app.core.audit.event import Event

_COLUMNS = tuple(EventOut.model_fields)
_FORMULA = ("=", "+", "-", "@", "\t", "\r")


class ExportFormat(StrEnum):
    """How events are written."""

    NDJSON = "ndjson"
    CSV = "csv"


MEDIA_TYPES = {ExportFormat.NDJSON: "application/x-ndjson", ExportFormat.CSV: "text/csv; charset=utf-8"}


async def written(events: AsyncIterator[Event], form: ExportFormat) -> AsyncIterator[bytes]:
    """One line an event; CSV begins with the names of the columns."""
    if form is ExportFormat.CSV:
        yield _line(_COLUMNS)
    async for event in events:
        out = EventOut.of(event)
        if form is ExportFormat.CSV:
            yield _line([_cell(value) for value in out.model_dump(mode="json").values()])
        else:
            yield out.model_dump_json().encode() + b"\n"


def _line(values: tuple[str, ...] | list[str]) -> bytes:
    text = io.StringIO()
    csv.writer(text).writerow(values)
    return text.getvalue().encode()


def _cell(value: object) -> str:
    """Lists are joined by spaces, objects are JSON. What a spreadsheet would take for a formula is quoted."""
    match value:
        case None:
            return ""
        case list():
            return " ".join(map(str, value))
        case dict():
            return orjson.dumps(value).decode() if value else ""
        case str() if value.startswith(_FORMULA):
            return f"'{value}"
    return str(value)
