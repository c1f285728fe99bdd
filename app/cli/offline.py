"""Matching without a server, keys or database: the shipped tables, a model, and today."""

from collections.abc import Callable
from dataclasses import dataclass
from functools import lru_cache, partial
from pathlib import Path
from zoneinfo import ZoneInfo

from app.adapters.clock import SystemClock
from app.adapters.reference.load import load_reference_tables
from app.adapters.reference.model import load_model, load_shipped_model
from app.core.identity.elements import GivenElements, IdentityElements
from app.core.identity.tables import ReferenceTables
from app.core.identity.understand import understand
from app.core.matching.model import Model
from app.core.matching.resolve import resolve
from app.services.read_basic_data import ReadBasicData
from app.services.resolver import Resolver

REMEMBERED_PEOPLE = 8192


@dataclass(frozen=True, slots=True)
class Offline:
    """What matching needs."""

    tables: ReferenceTables
    model: Model
    understand: Callable[[GivenElements], IdentityElements]
    resolver: Resolver
    basic_data: ReadBasicData


def offline(model_file: Path | None, timezone: ZoneInfo) -> Offline:
    """Matching by a model file, or by the shipped one. Raises `InvalidModel`."""
    tables = load_reference_tables()
    model = load_model(model_file) if model_file else load_shipped_model()
    clock = SystemClock(timezone)
    understood = lru_cache(REMEMBERED_PEOPLE)(partial(understand, tables=tables, today=clock.today()))
    resolver = Resolver(understood, partial(resolve, model=model, tables=tables))
    return Offline(tables, model, understood, resolver, ReadBasicData(clock))
