"""What linkage asks of an engine. DuckDB on one machine, Spark on many: the same SQL and the same model."""

from collections.abc import Iterator
from pathlib import Path
from typing import Any, Protocol

from app.core.identity.tables import ReferenceTables


class Engine(Protocol):
    """A database that Splink can work in, with the core's comparison functions registered."""

    @property
    def api(self) -> Any:
        """Splink's database API over this engine."""
        ...

    def load(self, name: str, file: Path) -> None:
        """Makes a Parquet file readable as a table."""
        ...

    def make(self, name: str, sql: str) -> None:
        """Works a query out once and keeps the result as a table."""
        ...

    def rows(self, sql: str) -> Iterator[dict[str, Any]]:
        """A query's rows, streamed."""
        ...

    def close(self) -> None:
        """Gives everything back."""
        ...


class EngineMaker(Protocol):
    """Opens an engine. `scratch` is a folder of its own for what does not fit into memory."""

    def __call__(self, tables: ReferenceTables, scratch: Path, memory: str) -> Engine: ...
