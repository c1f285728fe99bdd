"""The optional extras: imported only by the commands that need them."""

from collections.abc import Iterator
from contextlib import contextmanager

from app.cli.failures import fail

_MODULES = {
    "splink": "linkage",
    "duckdb": "linkage",
    "pyarrow": "linkage",
    "numpy": "linkage",
    "pyspark": "spark",
}


@contextmanager
def installed_extra() -> Iterator[None]:
    """Turns a missing extra into the command that installs it."""
    try:
        yield
    except ModuleNotFoundError as missing:
        extra = _MODULES.get((missing.name or "").split(".")[0])
        if extra is None:
            raise
        raise fail(f"this command needs an extra: pip install 'customer-data-center[{extra}]'") from None
