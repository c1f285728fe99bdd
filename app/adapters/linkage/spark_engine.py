"""Linkage on Spark, for files that one machine is too small for. Needs Java 17 or newer.

The comparison functions travel to the workers, so these need the product (with its `spark` extra) installed.
"""

import os
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from pyspark.sql import SparkSession
from pyspark.sql.types import StringType
from splink.backends.spark import SparkAPI

from app.adapters.linkage.functions import level_functions, verdict_functions
from app.adapters.linkage.remote import Remote
from app.core.identity.tables import ReferenceTables

_PARTITIONS = 8


class SparkEngine:
    """Implements `Engine`. The master is Spark's own setting (`spark-defaults.conf`), or this machine."""

    def __init__(self, tables: ReferenceTables, scratch: Path, memory: str) -> None:
        self._scratch, self._made = scratch, 0
        os.environ.setdefault("PYSPARK_PYTHON", sys.executable)  # a worker on this machine is of this install
        self._session = (
            SparkSession.builder.appName("cdc link")
            .config("spark.driver.memory", memory.lower().removesuffix("b"))
            .config("spark.local.dir", str(scratch / "spill"))
            .config("spark.sql.warehouse.dir", str(scratch / "warehouse"))
            .config("spark.sql.shuffle.partitions", str(_PARTITIONS))
            # A model's levels make one expression that is too long for Java's compiler.
            .config("spark.sql.codegen.wholeStage", "false")
            .config("spark.ui.enabled", "false")
            .config("spark.ui.showConsoleProgress", "false")
            .getOrCreate()
        )
        self._session.sparkContext.setLogLevel("ERROR")
        self._session.sparkContext.setCheckpointDir(str(scratch / "checkpoints"))
        shared = self._session.sparkContext.broadcast(tables)
        for make, knows_missing in ((level_functions, False), (verdict_functions, True)):
            for name in make(tables):
                self._session.udf.register(name, Remote(name, make, knows_missing, shared), StringType())
        self._api = SparkAPI(  # type: ignore[no-untyped-call]
            spark_session=self._session,
            break_lineage_method="parquet",
            num_partitions_on_repartition=_PARTITIONS,
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
        """Works a query out once and keeps the result as a table.

        It is written out: a table that is only cached carries the plan of all it came from along.
        """
        self._made += 1
        folder = str(self._scratch / "tables" / f"{self._made:03d}-{name}")
        self._session.sql(sql).write.parquet(folder)
        self._session.read.parquet(folder).createOrReplaceTempView(name)

    def rows(self, sql: str) -> Iterator[dict[str, Any]]:
        """A query's rows, one partition at a time."""
        for row in self._session.sql(sql).toLocalIterator():
            yield row.asDict()

    def close(self) -> None:
        """Ends the session."""
        self._session.stop()
