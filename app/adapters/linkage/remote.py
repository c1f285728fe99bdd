"""A comparison function as it travels to a Spark worker; knows neither Spark's driver nor Splink."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from functools import lru_cache

from pyspark import Broadcast

from app.adapters.linkage.columns import Text
from app.adapters.linkage.functions import Function
from app.core.identity.tables import ReferenceTables

MakeFunctions = Callable[[ReferenceTables], Mapping[str, Function]]


@dataclass(frozen=True)
class Remote:
    """A function that a worker makes once a process, and that keeps what it remembers.

    Spark works a function out before the conditions around it, so one that does not know missing values is
    asked only where there is none.
    """

    name: str
    make: MakeFunctions
    knows_missing: bool
    tables: Broadcast[ReferenceTables]

    def __call__(self, *texts: Text) -> str | None:
        if not self.knows_missing and None in texts:
            return None
        return _made(self.make, self.tables.value)[self.name](*texts)


@lru_cache(maxsize=8)
def _made(make: MakeFunctions, tables: ReferenceTables) -> Mapping[str, Function]:
    return make(tables)
