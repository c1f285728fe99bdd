"""Posting lists find exactly the leaves that a look at each event would find."""

from datetime import UTC, datetime, timedelta
from itertools import chain

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from app.core.audit.event import EventFilter
from app.core.audit.postings import BLOCK, Posted, leaves_with, post, terms_asked, terms_of

NOW = datetime(2026, 11, 21, tzinfo=UTC)
TERMS = ("a", "b", "c")


def block(number: int, chosen: dict[str, set[int]]) -> list[Posted]:
    """A block's events: each term at the places that are chosen for it."""
    return [
        Posted(NOW + timedelta(seconds=place), tuple(term for term in TERMS if place in chosen[term]))
        for place in range(BLOCK)
    ]


def some_places(step: int) -> st.SearchStrategy[set[int]]:
    """Few, or a regular many: both forms of a list."""
    few = st.sets(st.integers(0, BLOCK - 1), max_size=20)
    return few | few.map(lambda places: places | set(range(0, BLOCK, step)))


@settings(max_examples=25, deadline=None)
@given(
    st.lists(
        st.fixed_dictionaries({term: some_places(n) for n, term in enumerate(TERMS, 2)}),
        min_size=1,
        max_size=2,
    ),
    st.sets(st.sampled_from(TERMS), min_size=1),
)
def test_lists_find_what_a_scan_finds(blocks: list[dict[str, set[int]]], asked: set[str]) -> None:
    events = [block(number, chosen) for number, chosen in enumerate(blocks)]
    made = [post(number, one) for number, one in enumerate(events)]
    rows = [
        (one.number, [one.places[term] for term in sorted(asked)])
        for one in reversed(made)
        if asked <= one.places.keys()
    ]
    every = list(chain.from_iterable(events))
    wanted = [place for place, event in enumerate(every) if asked <= set(event.terms)]
    assert list(leaves_with(rows)) == wanted[::-1]


def test_a_list_is_never_larger_than_a_bitmap() -> None:
    for count in (1, 255, 256, BLOCK):
        made = post(0, block(0, {"a": set(range(count)), "b": set(), "c": set()}))
        assert made.places.keys() == {"a"}
        assert len(made.places["a"]) == min(2 * count, 512)


def test_a_block_says_its_time_and_must_be_whole() -> None:
    events = block(3, {term: set() for term in TERMS})
    made = post(3, events[::-1])
    assert (made.first_at, made.last_at) == (NOW, NOW + timedelta(seconds=BLOCK - 1))
    with pytest.raises(ValueError, match="4096"):
        post(0, events[1:])


def test_an_event_has_the_terms_that_a_filter_asks() -> None:
    words = {"kind": "access", "outcome": "deny", "client_id": "hospital", "purpose": None}
    terms = terms_of(words, ("medical", "elder_care"), ("a", "b", "a"))
    assert terms == (
        "kind=access",
        "outcome=deny",
        "client_id=hospital",
        "domain=medical",
        "domain=elder_care",
        "reason=a",
        "reason=b",
    )
    asked = EventFilter(kind="access", outcome="deny", client_id="hospital", domain="medical", reason="b")
    assert set(terms_asked(asked)) <= set(terms)
    assert terms_asked(EventFilter(customer_id="C1", since=NOW, until=NOW)) == ()
