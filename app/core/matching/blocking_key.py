"""The value two records must share to be compared at all.

Both kinds of key are named tuples: a batch hashes and compares tens of thousands of them.
"""

from typing import NamedTuple


class BlockingKey(NamedTuple):
    """`rule` names the blocking rule, `value` what must be equal; adapters keep a keyed hash of both."""

    rule: str
    value: str


class BlindKey(NamedTuple):
    """A blocking key that tells nothing: `hashes` of its rule and value under each key of the blind index,
    that which is stored first, and the IDs of those keys. `slot` is the lock that whoever works on the key
    holds."""

    rule: str
    hashes: tuple[int, ...]
    slot: int
    key_ids: tuple[str, ...]


Key = BlockingKey | BlindKey
"""What the index is asked by. Within one unit of work all are of one kind."""
