"""What reads rows and understands people. A process that only prepares rows imports nothing beyond this."""

from collections.abc import Callable, Sequence
from functools import lru_cache, partial

from app.adapters.crypto.blind_index import BlindIndex
from app.adapters.crypto.digest import KeyedDigest
from app.adapters.crypto.keys import SymmetricKey
from app.adapters.db.blind_keys import BlindKeys
from app.adapters.reference.load import load_reference_tables
from app.core.identity.elements import GivenElements, IdentityElements
from app.core.identity.understand import understand
from app.services.ports import Clock
from app.services.prepare import Prepare
from app.services.read_basic_data import ReadBasicData

REMEMBERED_PEOPLE = 2048
"""How many people's elements stay understood in memory: who is looked up is compared with a record that says
the same, and a batch of an import meets the same ones again at once."""

Understand = Callable[[GivenElements], IdentityElements]


def understanding(clock: Clock) -> Understand:
    """Understands the five elements, as of today."""
    remembered = lru_cache(REMEMBERED_PEOPLE)(partial(understand, tables=load_reference_tables()))

    def understood(given: GivenElements) -> IdentityElements:
        return remembered(given, today=clock.today())

    return understood


def preparing(
    understood: Understand, clock: Clock, index: BlindIndex, digest: Sequence[SymmetricKey]
) -> Prepare:
    """Prepares rows, under the keys that the blind index has by then and those of the digest."""
    return Prepare(understood, ReadBasicData(clock), BlindKeys(index), KeyedDigest(digest))
