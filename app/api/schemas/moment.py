"""Points in time on the wire: RFC 3339 with an offset, and nothing that only looks like it."""

import re
from datetime import datetime
from typing import Annotated

from pydantic import AfterValidator, AwareDatetime, BeforeValidator, WithJsonSchema
from pydantic_core import PydanticCustomError

EXPECTED = "an RFC 3339 date and time with offset between 1900 and 2199, such as 2026-11-21T08:30:00+08:00"
_SHAPE = re.compile(r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(\.\d{1,6})?(Z|[+-]\d\d:\d\d)", re.ASCII)


def _shaped(value: object) -> object:
    """Pydantic alone would take seconds since 1970, and dates without a time."""
    if not isinstance(value, str) or not _SHAPE.fullmatch(value):
        raise PydanticCustomError("moment", EXPECTED)
    return value


def _storable(moment: datetime) -> datetime:
    """Far from the ends of the calendar, where another zone's time would not exist."""
    if not 1900 <= moment.year <= 2199:
        raise PydanticCustomError("moment", EXPECTED)
    return moment


Moment = Annotated[
    AwareDatetime,
    BeforeValidator(_shaped),
    AfterValidator(_storable),
    WithJsonSchema({"type": "string", "format": "date-time", "examples": ["2026-11-21T08:30:00+08:00"]}),
]
