"""What can be known of a row before anybody is asked who it is: without a database, on any core."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Protocol

from app.core.identity.elements import IdentityElements
from app.core.identity.failure import InvalidElement, InvalidElements
from app.core.matching.blocking import blocking_keys, probe_keys
from app.core.matching.blocking_key import BlindKey, BlockingKey
from app.services.elements_digest import digest_of
from app.services.placing import Prepared, Registration
from app.services.ports import ElementsDigest
from app.services.read_basic_data import ReadBasicData
from app.services.read_row import read_row
from app.services.resolver import Understand
from app.services.source_rows import Row


class Blind(Protocol):
    """Hashes a blocking key as the index does."""

    @property
    def key_ids(self) -> tuple[str, ...]:
        """The keys of the blind index that are hashed under now, the active one first."""
        ...

    def __call__(self, key: BlockingKey) -> BlindKey: ...


@dataclass(frozen=True, slots=True)
class Reject:
    """Why a row was not taken. Holds no value of the row."""

    line: int
    field: str
    code: str
    reason: str


@dataclass(frozen=True, slots=True)
class Sifted:
    """What of some rows can be registered, each with its line, and why the rest cannot."""

    taken: tuple[tuple[int, Prepared], ...]
    rejects: tuple[Reject, ...]


@dataclass(frozen=True, slots=True)
class Prepare:
    """Reads rows, understands their elements and hashes their blocking keys."""

    understand: Understand
    basic_data: ReadBasicData
    blind: Blind
    digest: ElementsDigest

    def __call__(self, row: Registration) -> Prepared:
        """One registration. Raises `InvalidElements`."""
        elements = self.understand(row.given)
        probes, keys = self._hashed(elements)
        return Prepared(row, probes, keys, digest_of(row.given, self.digest))

    def renewed(self, prepared: Sequence[Prepared]) -> list[Prepared]:
        """The same, those that were prepared under other keys of the index anew: they waited for their turn
        while the keys were rotated."""
        now = self.blind.key_ids
        return [
            one if all(key.key_ids == now for key in (*one.probes, *one.keys)) else self(one.row)
            for one in prepared
        ]

    def rows(self, rows: Iterable[Row], default_system: str | None) -> Sifted:
        """Rows of a file."""
        taken: list[tuple[int, Prepared]] = []
        rejects: list[Reject] = []
        for line, row in rows:
            try:
                taken.append((line, self._read(row, default_system)))
            except InvalidElements as wrong:
                rejects.extend(Reject(line, f.field, f.code, f.expected) for f in wrong.failures)
        return Sifted(tuple(taken), tuple(rejects))

    def _read(self, row: Mapping[str, object] | InvalidElement, default_system: str | None) -> Prepared:
        if isinstance(row, InvalidElement):
            raise InvalidElements((row,))
        return self(read_row(row, default_system, self.basic_data))

    def _hashed(self, elements: IdentityElements) -> tuple[tuple[BlindKey, ...], tuple[BlindKey, ...]]:
        """The keys to look under and those to be stored under; most are both, and hashed once."""
        asked, stored = probe_keys(elements), blocking_keys(elements)
        blind = {key: self.blind(key) for key in {*asked, *stored}}
        return _each(asked, blind), _each(stored, blind)


def _each(keys: Sequence[BlockingKey], blind: Mapping[BlockingKey, BlindKey]) -> tuple[BlindKey, ...]:
    return tuple([blind[key] for key in keys])
