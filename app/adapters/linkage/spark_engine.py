"""Linkage on Spark, for files that one machine is too small for. Needs Java 17 or newer.

The comparison functions travel to the workers, so these need the product (with its `spark` extra) installed.
"""

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path
from typing import Any

from pyspark import Broadcast
from pyspark.sql import SparkSession
from pyspark.sql.types import StringType
from splink.backends.spark import SparkAPI

from app.adapters.linkage.columns import Text
from app.adapters.linkage.functions import Function, level_functions, verdict_functions
from app.core.identity.tables import ReferenceTables

MakeFunctions = Callable[[ReferenceTables], Mapping[str, Function]]


class SparkEngine:
    """Implements `Engine`. The master is Spark's own setting (`SPARK_REMOTE`, `spark-defaults.conf`, local)."""

    def __init__(self, tables: ReferenceTables, scratch: Path, memory: str) -> None:
        self._session = (
            SparkSession.builder.appName("cdc link")
            .config("spark.driver.memory", memory.lower().removesuffix("b"))
            .config("spark.local.dir", str(scratch / "spill"))
            .config("spark.sql.warehouse.dir", str(scratch / "warehouse"))
            .config("spark.sql.shuffle.partitions", "16")
            .config("spark.ui.enabled", "false")
            .config("spark.ui.showConsoleProgress", "false")
            .getOrCreate()
        )
        self._session.sparkContext.setLogLevel("ERROR")
        self._session.sparkContext.setCheckpointDir(str(scratch / "checkpoints"))
        shared = self._session.sparkContext.broadcast(tables)
        for make, knows_missing in ((level_functions, False), (verdict_functions, True)):
            for name in make(tables):
                self._session.udf.register(name, _Remote(name, make, knows_missing, shared), StringType())
        self._api = SparkAPI(
            spark_session=self._session,
            break_lineage_method="persist",
            num_partitions_on_repartition=16,
            register_udfs_automatically=False,
        )

    @property
    def api(self) -> SparkAPI:
        """Splink's database API over this session."""
        return self._api

    def load(self, name: str, file: Path) -> None:
        """Makes a Parquet file readable as a table."""
        self._session.read.parquet(str(file)).createOrReplaceTempView(name)

    def make(self, name: str, sql: str) -> None:
        """Works a query out once and keeps the result as a table."""
        kept = self._session.sql(sql).persist()
        kept.count()
        kept.createOrReplaceTempView(name)

    def rows(self, sql: str) -> Iterator[dict[str, Any]]:
        """A query's rows, one partition at a time."""
        for row in self._session.sql(sql).toLocalIterator():
            yield row.asDict()

    def close(self) -> None:
        """Ends the session."""
        self._session.stop()


@dataclass(frozen=True)
class _Remote:
    """A function as it travels to a worker, which makes it once a process and keeps what it remembers.

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
