"""Linkage on DuckDB: one process, spilling to disk beyond its memory limit."""

from collections.abc import Callable, Iterator
from inspect import Parameter, Signature
from pathlib import Path
from typing import Any

import duckdb
import pyarrow as pa
from duckdb.func import FunctionNullHandling, PythonUDFType
from splink.backends.duckdb import DuckDBAPI

from app.adapters.linkage.functions import Function, level_functions, verdict_functions
from app.core.identity.tables import ReferenceTables

_FETCHED = 5_000
_VERDICT_ARGUMENTS = 8


class DuckDBEngine:
    """Implements `Engine`."""

    def __init__(self, tables: ReferenceTables, scratch: Path, memory: str) -> None:
        self._connection = duckdb.connect(
            str(scratch / "linkage.duckdb"),
            config={"memory_limit": memory, "temp_directory": str(scratch / "spill")},
        )
        for name, function in level_functions(tables).items():
            self._register(name, function, 2, FunctionNullHandling.DEFAULT)
        for name, function in verdict_functions(tables).items():
            self._register(name, function, _VERDICT_ARGUMENTS, FunctionNullHandling.SPECIAL)
        self._api = DuckDBAPI(self._connection)

    @property
    def api(self) -> DuckDBAPI:
        """Splink's database API over this connection."""
        return self._api

    def load(self, name: str, file: Path) -> None:
        """Makes a Parquet file readable as a table."""
        self._connection.from_parquet(str(file)).create_view(name)

    def make(self, name: str, sql: str) -> None:
        """Works a query out once and keeps the result as a table."""
        self._connection.execute(f"CREATE OR REPLACE TABLE {name} AS {sql}")

    def rows(self, sql: str) -> Iterator[dict[str, Any]]:
        """A query's rows, fetched a few thousand at a time."""
        cursor = self._connection.cursor().execute(sql)
        names = [column[0] for column in cursor.description or ()]
        while batch := cursor.fetchmany(_FETCHED):
            for row in batch:
                yield dict(zip(names, row, strict=True))

    def close(self) -> None:
        """Closes the connection; the files in `scratch` are its owner's to remove."""
        self._connection.close()

    def _register(self, name: str, function: Function, arguments: int, nulls: FunctionNullHandling) -> None:
        self._connection.create_function(
            name,
            _by_column(function, arguments),
            ["varchar"] * arguments,
            "varchar",
            type=PythonUDFType.ARROW,
            null_handling=nulls,
        )


def _by_column(function: Function, arguments: int) -> Callable[..., pa.Array]:
    """The function for whole columns at once: DuckDB then crosses into Python once in 2,048 rows.

    DuckDB counts the parameters of the signature, so it must name each of them.
    """

    def apply(*columns: pa.ChunkedArray) -> pa.Array:
        return pa.array(map(function, *(column.to_pylist() for column in columns)), pa.string())

    named = [Parameter(f"column_{i}", Parameter.POSITIONAL_ONLY) for i in range(arguments)]
    apply.__signature__ = Signature(named)  # type: ignore[attr-defined]
    return apply
