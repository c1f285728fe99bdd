"""Lists of IDs as one parameter, on both databases."""

from collections.abc import Sequence
from typing import Any
from uuid import UUID

from sqlalchemy import BigInteger, ColumnElement, Integer, LargeBinary, Text, bindparam, func, select
from sqlalchemy.dialects.postgresql import ARRAY

from app.adapters.db.statement import Parameters
from app.adapters.db.types import Bytes, Identifier, Json


def among_texts(column: Any, parameter: str) -> dict[str, ColumnElement[bool]]:
    """For each database: whether the column's text is in the list `parameter`."""
    each = func.json_each(bindparam(parameter, type_=Json)).table_valued(
        "key", "value", name=f"in_{parameter}"
    )
    return {
        "postgresql": column == func.any(bindparam(parameter, type_=ARRAY(Text()))),
        "sqlite": column.in_(select(each.c.value)),
    }


def among_numbers(column: Any, parameter: str) -> dict[str, ColumnElement[bool]]:
    """For each database: whether the column's number is in the list `parameter`."""
    each = func.json_each(bindparam(parameter, type_=Json)).table_valued(
        "key", "value", name=f"in_{parameter}"
    )
    return {
        "postgresql": column == func.any(bindparam(parameter, type_=ARRAY(BigInteger()))),
        "sqlite": column.in_(select(each.c.value)),
    }


def among_records(column: Any) -> dict[str, ColumnElement[bool]]:
    """For each database: whether the column's UUID is in the list that `records_asked` gives.

    JSON, SQLite's only list, has no bytes: there the IDs stand side by side in one BLOB.
    """
    each = func.json_each(bindparam("starts", type_=Json)).table_valued("key", "value", name="in_records")
    piece = func.substr(bindparam("packed", type_=Bytes), each.c.value.cast(Integer), 16, type_=LargeBinary)
    return {
        "postgresql": column == func.any(bindparam("record_ids", type_=ARRAY(Identifier()))),
        "sqlite": column.in_(select(piece)),
    }


def records_asked(record_ids: Sequence[UUID]) -> Parameters:
    """The parameters of `among_records`."""
    return {
        "record_ids": list(record_ids),
        "packed": b"".join(record_id.bytes for record_id in record_ids),
        "starts": [16 * position + 1 for position in range(len(record_ids))],
    }
