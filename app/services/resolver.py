"""From what was given to an answer: understand, look up by blocking keys, resolve."""

from collections import defaultdict
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from typing import Protocol

from app.core.identity.elements import GivenElements, IdentityElements
from app.core.index.customer import SourceRecord
from app.core.matching.answer import Answer, Candidates, KnownCustomer, KnownRecord
from app.core.matching.blocking import probe_keys
from app.services.index_ports import Hits, IndexStore

Understand = Callable[[GivenElements], IdentityElements]
"""Reads the five elements; raises `InvalidElements`."""


class Resolve(Protocol):
    """Compares with candidates and decides, by the model in force. A `brief` answer does not show who is
    plainly somebody else."""

    def __call__(self, given: IdentityElements, candidates: Candidates, *, brief: bool = False) -> Answer: ...


@dataclass(frozen=True, slots=True)
class Found:
    """An answer, and the records of the customer it names, as far as it names one."""

    answer: Answer
    records: tuple[SourceRecord, ...]


@dataclass(frozen=True, slots=True)
class Resolver:
    """Matching as the services use it: the pure core with its tables and model, and one look-up."""

    understand: Understand
    resolve: Resolve

    async def find(self, elements: IdentityElements, index: IndexStore, *, brief: bool = False) -> Found:
        """Who these elements may be, in one query."""
        hits = await index.find(probe_keys(elements))
        candidates = Candidates(self.known(hits.records), cut_rules(hits))
        answer = self.resolve(elements, candidates, brief=brief)
        theirs = tuple(r for r in hits.records if r.customer_id == answer.customer_id)
        return Found(answer, theirs)

    def ask(self, given: GivenElements, customers: tuple[KnownCustomer, ...]) -> Answer:
        """Whether stored elements are one of these customers'."""
        return self.resolve(self.understand(given), Candidates(customers))

    def known(self, records: Iterable[SourceRecord]) -> tuple[KnownCustomer, ...]:
        """Records gathered by customer, understood, in the order of the customers' IDs."""
        by_customer: dict[str, list[KnownRecord]] = defaultdict(list)
        for record in records:
            by_customer[record.customer_id].append(self.known_record(record.given))
        return tuple(KnownCustomer(c, tuple(by_customer[c])) for c in sorted(by_customer))

    def known_record(self, given: GivenElements) -> KnownRecord:
        """A stored record as the core compares it."""
        return KnownRecord(given, self.understand(given))


def cut_rules(hits: Hits) -> tuple[str, ...]:
    """The rules of the keys whose bucket was too large to be read whole."""
    return tuple(sorted({key.rule for key in hits.cut}))
