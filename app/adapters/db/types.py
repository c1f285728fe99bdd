"""Column types that mean the same on PostgreSQL and SQLite."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any, ClassVar
from uuid import UUID

import orjson
from sqlalchemy import BigInteger, DateTime, Dialect, Float, Integer, LargeBinary, Text
from sqlalchemy import Uuid as SqlUuid
from sqlalchemy.types import TypeDecorator, TypeEngine

Processor = Callable[[Any], Any]

RowNumber = BigInteger().with_variant(Integer, "sqlite")
"""A number that the database gives each new row, in the order of insertion."""


@dataclass(frozen=True, slots=True)
class _Conversion:
    """How a value is written and read; `sqlite_only` where PostgreSQL's driver does so itself."""

    write: Processor | None = None
    read: Processor | None = None
    sqlite_only: bool = False

    def on(self, dialect: Dialect) -> "_Conversion":
        """The conversion for this database."""
        return _AS_IT_IS if self.sqlite_only and dialect.name == "postgresql" else self


_AS_IT_IS = _Conversion()


class _Stored(TypeDecorator[Any]):
    """A type whose conversion is all ours: statements run on the drivers themselves."""

    cache_ok = True
    conversion: ClassVar[_Conversion]

    def bind_processor(self, dialect: Dialect) -> Processor | None:
        """From a Python value to what the driver takes."""
        return _or_none(self.conversion.on(dialect).write)

    def result_processor(self, dialect: Dialect, coltype: object) -> Processor | None:  # noqa: ARG002
        """From what the driver gives to a Python value."""
        return _or_none(self.conversion.on(dialect).read)


def _or_none(processor: Processor | None) -> Processor | None:
    """NULL stays NULL."""
    if processor is None:
        return None
    return lambda value: None if value is None else processor(value)


def _instant_to_text(value: datetime) -> str:
    if value.tzinfo is None:
        raise ValueError("an instant needs a time zone")
    return value.astimezone(UTC).isoformat(timespec="microseconds")


class Instant(_Stored):
    """An aware instant: `timestamptz` on PostgreSQL; on SQLite ISO 8601 text in UTC, always with
    microseconds, so that text order is time order."""

    impl = DateTime(timezone=True)
    cache_ok = True
    conversion = _Conversion(_instant_to_text, datetime.fromisoformat, sqlite_only=True)

    def load_dialect_impl(self, dialect: Dialect) -> TypeEngine[Any]:
        """The column's type in this database."""
        native = dialect.name == "postgresql"
        return dialect.type_descriptor(DateTime(timezone=True) if native else Text())


class Identifier(_Stored):
    """A UUID: `uuid` on PostgreSQL, 16 bytes on SQLite, where byte order is time order for UUIDv7."""

    impl = SqlUuid(as_uuid=True)
    cache_ok = True
    conversion = _Conversion(lambda value: value.bytes, lambda value: UUID(bytes=value), sqlite_only=True)

    def load_dialect_impl(self, dialect: Dialect) -> TypeEngine[Any]:
        """The column's type in this database."""
        native = dialect.name == "postgresql"
        return dialect.type_descriptor(SqlUuid(as_uuid=True) if native else LargeBinary(16))


class Bytes(_Stored):
    """Bytes as they are: `bytea` or BLOB, which both drivers take and give as `bytes`."""

    impl = LargeBinary
    cache_ok = True
    conversion = _AS_IT_IS


class Real(_Stored):
    """A number as both drivers take and give it."""

    impl = Float
    cache_ok = True
    conversion = _AS_IT_IS


class Json(_Stored):
    """A JSON value, kept as the text that was written, so that what was stored can be proved byte by byte."""

    impl = Text
    cache_ok = True
    conversion = _Conversion(lambda value: orjson.dumps(value).decode(), orjson.loads)


class Words(_Stored):
    """A short sequence of codes as a JSON array in text; read as a tuple."""

    impl = Text
    cache_ok = True
    conversion = _Conversion(
        lambda value: orjson.dumps(list(value)).decode(), lambda text: tuple(orjson.loads(text))
    )
