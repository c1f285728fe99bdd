"""Statements: written in SQLAlchemy Core, compiled once for each database, executed on the driver itself."""

from collections.abc import Callable, Collection, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Literal

from sqlalchemy import Dialect, Executable, Select, Table, bindparam, column, func, select
from sqlalchemy.dialects.postgresql import ARRAY
from sqlalchemy.dialects.postgresql import insert as postgresql_insert
from sqlalchemy.dialects.postgresql.asyncpg import dialect as postgresql_dialect
from sqlalchemy.dialects.sqlite import insert as sqlite_insert
from sqlalchemy.dialects.sqlite.pysqlite import dialect as sqlite_dialect

from app.adapters.db.types import Processor

Engine = Literal["postgresql", "sqlite"]
Row = Any
"""What the drivers give: values by position, to be unpacked or indexed."""
Parameters = Mapping[str, Any]
OnConflict = Callable[[Any], Any]
"""Adds an ON CONFLICT clause to an insert; the clause has the same form on both databases."""

_DIALECTS: Mapping[Engine, Dialect] = {
    "postgresql": postgresql_dialect(),  # type: ignore[no-untyped-call]
    "sqlite": sqlite_dialect(),
}


class Prepared:
    """A statement as one driver takes it: its text, the order of its parameters, how values convert."""

    __slots__ = ("_binders", "_constants", "_readers", "sql")

    def __init__(self, expression: Executable, dialect: Dialect) -> None:
        compiled: Any = expression.compile(dialect=dialect)  # type: ignore[attr-defined]
        self.sql: str = compiled.string
        binds = [(name, compiled.binds[name]) for name in compiled.positiontup or ()]
        self._binders = [(name, _bind_processor(bind.type, dialect)) for name, bind in binds]
        # What the expression says itself, such as its LIMIT, is a parameter too, whose value is known.
        self._constants: Parameters = {name: bind.value for name, bind in binds if not bind.required}
        columns = expression.selected_columns if isinstance(expression, Select) else ()
        readers = (c.type.dialect_impl(dialect).result_processor(dialect, None) for c in columns)
        self._readers = [(i, reader) for i, reader in enumerate(readers) if reader is not None]

    @property
    def names(self) -> list[str]:
        """The parameters in the statement's order."""
        return [name for name, _ in self._binders]

    def arguments(self, parameters: Parameters) -> list[Any]:
        """The parameters in the statement's order, as the driver takes them."""
        if self._constants:
            parameters = {**parameters, **self._constants}
        return [bind(parameters[n]) if bind else parameters[n] for n, bind in self._binders]

    def arrays(self, rows: Sequence[Parameters]) -> list[list[Any]]:
        """One array for each parameter, for a statement that takes many rows as arrays."""
        return [
            [bind(row[n]) for row in rows] if bind else [row[n] for row in rows] for n, bind in self._binders
        ]

    def read(self, rows: Sequence[Row]) -> Sequence[Row]:
        """The driver's rows with the columns' own types."""
        return [self._read(row) for row in rows] if self._readers else rows

    def _read(self, row: Row) -> Row:
        values = list(row)
        for position, reader in self._readers:
            values[position] = reader(values[position])
        return values


class Statement:
    """A statement with its form for each database, compiled when it is first used."""

    __slots__ = ("_expressions", "_prepared")

    def __init__(self, expression: Executable | None = None, **forms: Executable) -> None:
        """`expression` serves both databases, or `postgresql=` and `sqlite=` give each its own."""
        self._expressions = {engine: forms.get(engine, expression) for engine in _DIALECTS}
        self._prepared: dict[Engine, Prepared] = {}

    def on(self, engine: Engine) -> Prepared:
        """The form for this database."""
        prepared = self._prepared.get(engine)
        if prepared is None:
            expression = self._expressions[engine]
            if expression is None:
                raise LookupError(f"this statement has no form for {engine}")
            prepared = self._prepared[engine] = Prepared(expression, _DIALECTS[engine])
        return prepared


@dataclass(frozen=True, slots=True, eq=False)
class Command:
    """A statement that writes: `one` row at a time, or `many` as one array a parameter (PostgreSQL alone).

    `exact`: every row must take effect; where one does not, somebody else was faster (`Conflict`). `table`:
    an insert without conditions, so that many rows may as well be copied into it.
    """

    one: Statement
    many: Statement | None = None
    exact: bool = False
    table: str | None = None


def insert_into(
    table: Table,
    on_conflict: OnConflict | None = None,
    *,
    exact: bool = False,
    without: Collection[str] = (),
) -> Command:
    """Inserts rows; the columns `without` are left to the database."""
    clause = on_conflict or (lambda statement: statement)
    columns = [column for column in table.columns if column.name not in without]
    values = {c.name: bindparam(c.name, type_=c.type) for c in columns}
    one = Statement(
        postgresql=clause(postgresql_insert(table).values(values).inline()),
        sqlite=clause(sqlite_insert(table).values(values).inline()),
    )
    given = unnested("given", {c.name: c.type for c in columns})
    many = postgresql_insert(table).inline().from_select([c.name for c in columns], select(*given.c))
    return Command(one, Statement(postgresql=clause(many)), exact, None if on_conflict else table.name)


def unnested(name: str, parameters: Mapping[str, Any]) -> Any:
    """PostgreSQL's `unnest` of parallel array parameters, as a table with a column `given_…` for each."""
    arrays = (bindparam(n, type_=ARRAY(kind)) for n, kind in parameters.items())
    columns = (column(f"given_{n}", kind) for n, kind in parameters.items())
    return func.unnest(*arrays).table_valued(*columns).render_derived(name=name)


def _bind_processor(kind: Any, dialect: Dialect) -> Processor | None:
    """For an array the processor of one item: `Prepared.arrays` applies it to each."""
    item = kind.item_type if isinstance(kind, ARRAY) else kind
    processor: Processor | None = item.dialect_impl(dialect).bind_processor(dialect)
    return processor
