"""The customers near a batch of records: what the look-up found, and what the batch itself adds.

Rows of one batch may be the same new person, so each row must see the customers that earlier rows made.
"""

from collections import defaultdict
from collections.abc import Sequence
from uuid import UUID

from app.core.index.customer import SourceRecord
from app.core.matching.answer import Candidates, KnownCustomer, KnownRecord
from app.core.matching.blocking_key import BlockingKey
from app.services.ports import Hits
from app.services.resolver import Resolver


class Neighbourhood:
    """Customers by blocking key, in memory, for the life of one unit of work."""

    def __init__(self, hits: Hits, resolver: Resolver) -> None:
        self._members: dict[str, dict[UUID, tuple[SourceRecord, KnownRecord]]] = defaultdict(dict)
        self._owners: dict[BlockingKey, set[str]] = defaultdict(set)
        self._cut = hits.cut
        self._resolver = resolver
        for record in hits.records:
            self.add(record, resolver.known_record(record.given), hits.keys.get(record.record_id, ()))

    def add(self, record: SourceRecord, known: KnownRecord, keys: Sequence[BlockingKey]) -> None:
        """A record that is (now) its customer's, to be found under `keys`."""
        self._members[record.customer_id][record.record_id] = (record, known)
        for key in keys:
            self._owners[key].add(record.customer_id)

    def complete(self, records: Sequence[SourceRecord]) -> None:
        """Records of customers that must be known whole, whether the look-up found them or not."""
        for record in records:
            if record.record_id not in self._members[record.customer_id]:
                self.add(record, self._resolver.known_record(record.given), ())

    def remove(self, record: SourceRecord) -> None:
        """A record whose content is about to be replaced: its old content is no evidence any more."""
        self._members[record.customer_id].pop(record.record_id, None)

    def candidates(self, keys: Sequence[BlockingKey]) -> Candidates:
        """Who shares one of `keys`."""
        owners = {owner for key in keys for owner in self._owners.get(key, ())}
        found = (self.customer(owner) for owner in sorted(owners))
        cut = sorted({key.rule for key in keys if key in self._cut})
        return Candidates(tuple(c for c in found if c.records), tuple(cut))

    def customer(self, customer_id: str) -> KnownCustomer:
        """A customer with every record of theirs that is known here."""
        return KnownCustomer(customer_id, tuple(k for _, k in self._members[customer_id].values()))

    def records(self, customer_id: str) -> list[SourceRecord]:
        """A customer's records, as far as they are known here."""
        return [record for record, _ in self._members[customer_id].values()]

    def home_of(self, customer_id: str, recognised_by: KnownRecord) -> str:
        """The home of the customer's record that somebody was recognised by: who is linked goes with it."""
        members = self._members[customer_id].values()
        return next(record.home for record, known in members if known is recognised_by)
