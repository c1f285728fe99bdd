"""Field types of the wire models. Every refusal says what would be right and never what was given."""

import re
from datetime import UTC, date, datetime
from decimal import Decimal
from typing import Annotated, Literal

from pydantic import (
    AfterValidator,
    BeforeValidator,
    Field,
    PlainSerializer,
    StrictInt,
    StringConstraints,
    WithJsonSchema,
)
from pydantic_core import PydanticCustomError

MOMENT_EXPECTED = (
    "an RFC 3339 date and time with offset between 1900 and 2199, such as 2026-11-21T08:30:00+08:00"
)
CUSTOMER_ID_PATTERN = r"^[A-Za-z0-9_-]{1,64}$"
_MOMENT = re.compile(r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(\.\d{1,6})?(Z|[+-]\d\d:\d\d)", re.ASCII)
_DAY = re.compile(r"\d{4}-\d\d-\d\d", re.ASCII)
_CONTROL = re.compile(r"[\x00-\x1f\x7f-\x9f]")
_CONTROL_BUT_LINES = re.compile(r"[\x00-\x08\x0b-\x1f\x7f-\x9f]")
_LOINC = re.compile(r"\d{1,7}-\d", re.ASCII)


def parse_moment(value: object) -> datetime:
    """An RFC 3339 date-time as UTC; the years 1900 to 2199. Raises `ValueError` for anything else."""
    if not isinstance(value, str) or not _MOMENT.fullmatch(value):
        raise ValueError(MOMENT_EXPECTED)
    try:
        moment = datetime.fromisoformat(value)
    except ValueError:
        raise ValueError(MOMENT_EXPECTED) from None
    if not 1900 <= moment.year <= 2199:
        raise ValueError(MOMENT_EXPECTED)
    return moment.astimezone(UTC)


def format_moment(moment: datetime) -> str:
    """RFC 3339 in UTC with a `Z`; fractions only where there are any."""
    return moment.astimezone(UTC).isoformat().replace("+00:00", "Z")


def _moment(value: object) -> datetime:
    try:
        return parse_moment(value)
    except ValueError:
        raise PydanticCustomError("moment", MOMENT_EXPECTED) from None


def _day(value: object) -> date:
    if isinstance(value, str) and _DAY.fullmatch(value):
        try:
            return date.fromisoformat(value)
        except ValueError:
            pass
    raise PydanticCustomError("day", "a calendar date such as 2026-11-21")


def _no_control(value: str) -> str:
    if _CONTROL.search(value):
        raise PydanticCustomError("control_character", "text without control characters")
    return value


def _no_control_but_lines(value: str) -> str:
    if _CONTROL_BUT_LINES.search(value):
        raise PydanticCustomError(
            "control_character", "text whose only control characters are tabs and line breaks"
        )
    return value


def _number(value: object) -> object:
    if isinstance(value, bool) or not isinstance(value, int | float | Decimal):
        raise PydanticCustomError("number", "a number")
    return value


def _loinc(value: str) -> str:
    """A LOINC code ends in a Luhn (MOD 10) check digit."""
    if not _LOINC.fullmatch(value) or _luhn(value[:-2]) != int(value[-1]):
        raise PydanticCustomError("loinc", "a LOINC code with a right check digit, such as 4548-4")
    return value


def _luhn(digits: str) -> int:
    doubled = [int(digit) * (2 - index % 2) for index, digit in enumerate(reversed(digits))]
    return -sum(value - 9 if value > 9 else value for value in doubled) % 10


Text = Annotated[
    str, StringConstraints(strip_whitespace=True, min_length=1, max_length=200), AfterValidator(_no_control)
]
LongText = Annotated[
    str,
    StringConstraints(strip_whitespace=True, min_length=1, max_length=4000),
    AfterValidator(_no_control_but_lines),
]
Moment = Annotated[
    datetime,
    BeforeValidator(_moment),
    PlainSerializer(format_moment, return_type=str, when_used="json"),
    WithJsonSchema({"type": "string", "format": "date-time"}),
]
Day = Annotated[date, BeforeValidator(_day)]
Count = Annotated[StrictInt, Field(ge=0, le=1_000_000)]
Quantity = Annotated[
    float,
    BeforeValidator(_number),
    Field(allow_inf_nan=False, ge=-1e12, le=1e12),
    WithJsonSchema({"type": "number"}),
]
Yuan = Annotated[
    Decimal,
    BeforeValidator(_number),
    Field(ge=0, max_digits=12, decimal_places=2),
    PlainSerializer(float, return_type=float, when_used="json"),
    WithJsonSchema({"type": "number", "minimum": 0, "multipleOf": 0.01}),
]
Sensitivity = Annotated[
    Literal["psychiatric", "reproductive", "infectious_disease"],
    Field(description="Given only to who was let in to it by name, and to the system that wrote it."),
]
CustomerId = Annotated[str, StringConstraints(pattern=CUSTOMER_ID_PATTERN)]
SourceSystem = Annotated[str, StringConstraints(pattern=r"^[a-z0-9][a-z0-9_.-]{0,63}$")]
SourceId = Annotated[
    str, StringConstraints(strip_whitespace=True, min_length=1, max_length=128), AfterValidator(_no_control)
]
Icd10 = Annotated[
    str,
    StringConstraints(pattern=r"^[A-Z][0-9]{2}(\.[0-9A-Zx]{1,4}([0-9]{3})?)?[+*]?$"),
    Field(description="ICD-10, with the extensions of the Chinese national clinical edition (I10.x00x002)"),
]
Loinc = Annotated[str, StringConstraints(max_length=9), AfterValidator(_loinc), Field(description="LOINC")]
Atc = Annotated[
    str,
    StringConstraints(pattern=r"^[A-Z][0-9]{2}[A-Z]{2}[0-9]{2}$"),
    Field(description="WHO Anatomical Therapeutic Chemical code, fifth level"),
]
Ucum = Annotated[
    str,
    StringConstraints(pattern=r"^[!-~]{1,40}$"),
    Field(description="unit of measure, UCUM, such as mmol/L"),
]
