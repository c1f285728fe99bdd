"""What stewards decided to be two people, as far as it concerns a batch."""

from collections import defaultdict
from collections.abc import Callable, Iterable, Sequence
from uuid import UUID

from app.core.identity.elements import GivenElements
from app.core.index.customer import DistinctPair, SourceRecord


class DecidedPairs:
    """A pair stays decided for as long as the elements on both sides are what the steward saw."""

    def __init__(
        self, pairs: Iterable[DistinctPair] = (), digest: Callable[[GivenElements], str] = repr
    ) -> None:
        self._digest = digest
        self._pairs: dict[UUID, dict[UUID, tuple[str, str]]] = defaultdict(dict)
        for pair in pairs:
            self._pairs[pair.record_id][pair.other_record_id] = (pair.digest, pair.other_digest)

    def distinct(self, record_id: UUID, given: GivenElements, others: Sequence[SourceRecord]) -> bool:
        """Whether this content of the record was found to be somebody else's than every one of `others`."""
        known = self._pairs.get(record_id)
        if not known or not others:
            return False
        digest = self._digest(given)
        return all(known.get(r.record_id) == (digest, self._digest(r.given)) for r in others)
