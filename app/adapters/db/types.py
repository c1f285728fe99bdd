"""Column types that mean the same on PostgreSQL and SQLite."""

from collections.abc import Callable, Sequence
from datetime import UTC, datetime
from typing import Any
from uuid import UUID

import orjson
from sqlalchemy import DateTime, Dialect, LargeBinary, Text
from sqlalchemy import Uuid as SqlUuid
from sqlalchemy.types import TypeDecorator, TypeEngine

Processor = Callable[[Any], Any]


class Instant(TypeDecorator[datetime]):
    """An aware instant: `timestamptz` on PostgreSQL; on SQLite ISO 8601 text in UTC, always with microseconds,
    so that text order is time order."""

    impl = DateTime(timezone=True)
    cache_ok = True

    def load_dialect_impl(self, dialect: Dialect) -> TypeEngine[Any]:
        native = dialect.name == "postgresql"
        return dialect.type_descriptor(DateTime(timezone=True) if native else Text())

    def bind_processor(self, dialect: Dialect) -> Processor | None:
        return None if dialect.name == "postgresql" else _instant_to_text

    def result_processor(self, dialect: Dialect, coltype: object) -> Processor | None:
        return None if dialect.name == "postgresql" else _text_to_instant


class Identifier(TypeDecorator[UUID]):
    """A UUID: `uuid` on PostgreSQL, 16 bytes on SQLite, where byte order is time order for UUIDv7."""

    impl = SqlUuid(as_uuid=True)
    cache_ok = True

    def load_dialect_impl(self, dialect: Dialect) -> TypeEngine[Any]:
        native = dialect.name == "postgresql"
        return dialect.type_descriptor(SqlUuid(as_uuid=True) if native else LargeBinary(16))

    def bind_processor(self, dialect: Dialect) -> Processor | None:
        return None if dialect.name == "postgresql" else _uuid_to_bytes

    def result_processor(self, dialect: Dialect, coltype: object) -> Processor | None:
        return None if dialect.name == "postgresql" else _bytes_to_uuid


class Bytes(TypeDecorator[bytes]):
    """Bytes as they are: `bytea` or BLOB, which both drivers take and give as `bytes`."""

    impl = LargeBinary
    cache_ok = True

    def bind_processor(self, dialect: Dialect) -> Processor | None:
        return None

    def result_processor(self, dialect: Dialect, coltype: object) -> Processor | None:
        return None


class Json(TypeDecorator[Any]):
    """A JSON value kept as the text that was written, so that what was stored can be proved byte by byte."""

    impl = Text
    cache_ok = True

    def bind_processor(self, dialect: Dialect) -> Processor | None:
        return _to_json

    def result_processor(self, dialect: Dialect, coltype: object) -> Processor | None:
        return _from_json


class Words(TypeDecorator[Sequence[str]]):
    """A short tuple of codes, as a JSON array in text."""

    impl = Text
    cache_ok = True

    def bind_processor(self, dialect: Dialect) -> Processor | None:
        return _words_to_text

    def result_processor(self, dialect: Dialect, coltype: object) -> Processor | None:
        return _text_to_words


def _instant_to_text(value: datetime | None) -> str | None:
    if value is None:
        return None
    if value.tzinfo is None:
        raise ValueError("an instant needs a time zone")
    return value.astimezone(UTC).isoformat(timespec="microseconds")


def _text_to_instant(value: str | None) -> datetime | None:
    return None if value is None else datetime.fromisoformat(value)


def _uuid_to_bytes(value: UUID | None) -> bytes | None:
    return None if value is None else value.bytes


def _bytes_to_uuid(value: bytes | None) -> UUID | None:
    return None if value is None else UUID(bytes=value)


def _to_json(value: Any) -> str | None:
    return None if value is None else orjson.dumps(value).decode()


def _from_json(value: str | None) -> Any:
    return None if value is None else orjson.loads(value)


def _words_to_text(value: Sequence[str] | None) -> str | None:
    if value is None:
        return None
    return orjson.dumps(list(value)).decode() if value else "[]"


def _text_to_words(value: str | None) -> tuple[str, ...] | None:
    if value is None:
        return None
    return () if value == "[]" else tuple(orjson.loads(value))
