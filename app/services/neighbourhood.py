"""The customers near a batch of records: what the look-up found, and what the batch itself adds.

Rows of one batch may be the same new person, so each row must see the customers that earlier rows made.
"""

from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass
from uuid import UUID

from app.core.index.customer import SourceRecord
from app.core.matching.answer import Candidates, KnownCustomer, KnownRecord
from app.core.matching.blocking_key import Key
from app.services.index_ports import Hits
from app.services.resolver import Resolver


@dataclass(slots=True)
class _Member:
    """A record with what it says, understood only when somebody is compared with it."""

    record: SourceRecord
    known: KnownRecord | None = None


class Neighbourhood:
    """Customers by blocking key, in memory, for the life of one unit of work. A bucket holds as many records
    as a look-up reads of it, those of the batch included."""

    def __init__(self, hits: Hits, resolver: Resolver) -> None:
        self._members: dict[str, dict[UUID, _Member]] = defaultdict(dict)
        self._owners: dict[Key, dict[UUID, str]] = defaultdict(dict)
        self._most = hits.limit + 1
        self._cut = set(hits.cut)
        self._resolver = resolver
        for record in hits.records:
            self.add(record, hits.keys.get(record.record_id, ()))

    def add(self, record: SourceRecord, keys: Sequence[Key]) -> None:
        """A record that is (now) its customer's, to be found under `keys`."""
        self._members[record.customer_id][record.record_id] = _Member(record)
        for key in keys:
            bucket = self._owners[key]
            if len(bucket) < self._most or record.record_id in bucket:
                bucket[record.record_id] = record.customer_id
            if len(bucket) == self._most:
                self._cut.add(key)

    def complete(self, records: Sequence[SourceRecord]) -> None:
        """Records of customers that must be known whole, whether the look-up found them or not."""
        for record in records:
            if record.record_id not in self._members[record.customer_id]:
                self.add(record, ())

    def remove(self, record: SourceRecord) -> None:
        """A record whose content is about to be replaced: its old content is no evidence any more."""
        self._members[record.customer_id].pop(record.record_id, None)

    def candidates(self, keys: Sequence[Key]) -> Candidates:
        """Who shares one of `keys`."""
        owners = {owner for key in keys if key in self._owners for owner in self._owners[key].values()}
        found = (self.customer(owner) for owner in sorted(owners))
        cut = {key.rule for key in keys if key in self._cut} if self._cut else ()
        return Candidates(tuple(c for c in found if c.records), tuple(sorted(cut)))

    def customer(self, customer_id: str) -> KnownCustomer:
        """A customer with every record of theirs that is known here."""
        members = self._members.get(customer_id, {}).values()
        return KnownCustomer(customer_id, tuple([self._known(member) for member in members]))

    def records(self, customer_id: str) -> list[SourceRecord]:
        """A customer's records, as far as they are known here."""
        return [member.record for member in self._members.get(customer_id, {}).values()]

    def home_of(self, customer_id: str, recognised_by: KnownRecord) -> str:
        """The home of the customer's record that somebody was recognised by: who is linked goes with it."""
        members = self._members[customer_id].values()
        return next(member.record.home for member in members if member.known is recognised_by)

    def _known(self, member: _Member) -> KnownRecord:
        if member.known is None:
            member.known = self._resolver.known_record(member.record.given)
        return member.known
