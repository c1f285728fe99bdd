"""Posting lists: which leaves of the log have a word, so that filters are joined without looking at events.

The sealed log is cut into blocks of 4,096 leaves. For each word that one of its events has (`kind=match`,
`client_id=hospital`, `reason=scope_missing` …) a block says at which of its leaves: a bitmap of 512 bytes, or
where there are fewer than 256 places the places themselves, two bytes each. For each client it holds besides
which customers they looked at, as marks of eight bytes, so that they are counted without looking at events.
A block never changes.
"""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from functools import reduce
from hashlib import sha256
from operator import and_
from struct import pack, unpack

from app.core.audit.activity import REFUSALS
from app.core.audit.event import EventFilter, Kind

BLOCK = 4096
"""Leaves in a block."""
_BITMAP_BYTES = BLOCK // 8
_PLACE_BYTES = 2
WORDS = ("kind", "outcome", "client_id", "purpose")
"""The columns that are one word; `domains` and `reasons` are several."""
_LOOKS = frozenset({Kind.MATCH, Kind.ACCESS, Kind.CUSTOMER_READ, Kind.RECORDS_REQUEST, Kind.RECORDS_RESULT})
_MARK_BYTES = 8


@dataclass(frozen=True, slots=True)
class Posted:
    """What is posted of one event: its time, its words, and the client with the customer they looked at."""

    at: datetime
    terms: tuple[str, ...]
    look: tuple[str, str] | None = None


@dataclass(frozen=True, slots=True)
class Block:
    """The posting lists of the leaves from `number` × 4,096 on: term → places, and the `customers_term` of a
    client → marks. Times are inclusive."""

    number: int
    first_at: datetime
    last_at: datetime
    places: Mapping[str, bytes]


def terms_of(
    words: Mapping[str, str | None], domains: Iterable[str], reasons: Iterable[str]
) -> tuple[str, ...]:
    """The terms of an event."""
    single = (f"{name}={words[name]}" for name in WORDS if words[name] is not None)
    several = (*(f"domain={code}" for code in domains), *(f"reason={code}" for code in reasons))
    return (*single, *dict.fromkeys(several))


def look_of(
    client_id: str | None, customer_id: str | None, kind: str, outcome: str
) -> tuple[str, str] | None:
    """Whether an event shows a client something of a customer: both of them, or None."""
    if client_id is None or customer_id is None or kind not in _LOOKS or outcome in REFUSALS:
        return None
    return client_id, customer_id


def customers_term(client_id: str) -> str:
    """The term under which a block keeps whom a client looked at. No filter asks for it."""
    return f"customers_of={client_id}"


def mark_of(customer_id: str) -> int:
    """A number for a customer, by which different ones are told apart and counted."""
    return int.from_bytes(sha256(customer_id.encode()).digest()[:_MARK_BYTES], "big")


def marks_in(content: bytes) -> tuple[int, ...]:
    """The marks that stand under a `customers_term`."""
    return unpack(f">{len(content) // _MARK_BYTES}Q", content)


def terms_asked(which: EventFilter) -> tuple[str, ...]:
    """The terms that an event must all have; what a filter asks beyond them no list knows."""
    names = (*WORDS, "domain", "reason")
    return tuple(f"{name}={value}" for name in names if (value := getattr(which, name)) is not None)


def post(number: int, events: Sequence[Posted]) -> Block:
    """The lists of one whole block. Raises `ValueError` where it is not whole."""
    if len(events) != BLOCK:
        raise ValueError(f"a block has {BLOCK} events")
    found: dict[str, list[int]] = {}
    looked: dict[str, set[int]] = {}
    for place, event in enumerate(events):
        for term in event.terms:
            found.setdefault(term, []).append(place)
        if event.look is not None:
            client_id, customer_id = event.look
            looked.setdefault(customers_term(client_id), set()).add(mark_of(customer_id))
    times = [event.at for event in events]
    places = {term: _packed(places) for term, places in found.items()}
    marks = {term: pack(f">{len(some)}Q", *sorted(some)) for term, some in looked.items()}
    return Block(number, min(times), max(times), places | marks)


def leaves_with(rows: Iterable[tuple[int, Sequence[bytes]]]) -> Iterator[int]:
    """The leaves, the last first, that stand in all lists of a block; `rows`: blocks with their lists, the
    last block first."""
    for number, lists in rows:
        first = number * BLOCK
        yield from (first + place for place in _common(sorted(lists, key=len)))


def as_bits(places: bytes) -> int:
    """A list as a number whose bit is set at each place."""
    if len(places) == _BITMAP_BYTES:
        return int.from_bytes(places, "big")
    return int.from_bytes(_bitmap(_listed(places)), "big")


def places_in(bits: int) -> tuple[int, ...]:
    """The places whose bits are set, the smallest first."""
    return tuple(_set_bits(bits))[::-1]


def _packed(places: Sequence[int]) -> bytes:
    if len(places) * _PLACE_BYTES < _BITMAP_BYTES:
        return pack(f">{len(places)}H", *places)
    return _bitmap(places)


def _bitmap(places: Sequence[int]) -> bytes:
    bits = bytearray(_BITMAP_BYTES)
    for place in places:
        bits[-1 - (place >> 3)] |= 1 << (place & 7)
    return bytes(bits)


def _common(lists: Sequence[bytes]) -> Iterator[int]:
    """The places in all lists, the greatest first. The shortest one says what to look for in the others."""
    if len(lists[0]) == _BITMAP_BYTES:
        yield from _set_bits(reduce(and_, (int.from_bytes(bits, "big") for bits in lists)))
        return
    found = set(_listed(lists[0]))
    for places in lists[1:]:
        if len(places) == _BITMAP_BYTES:
            found = {place for place in found if places[-1 - (place >> 3)] >> (place & 7) & 1}
        else:
            found.intersection_update(_listed(places))
    yield from sorted(found, reverse=True)


def _listed(places: bytes) -> tuple[int, ...]:
    return unpack(f">{len(places) // _PLACE_BYTES}H", places)


def _set_bits(bitmap: int) -> Iterator[int]:
    while bitmap:
        place = bitmap.bit_length() - 1
        yield place
        bitmap ^= 1 << place
