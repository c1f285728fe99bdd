"""What a client did is the same figures, whether counted by posting lists or event by event."""

from datetime import UTC, datetime, timedelta
from zoneinfo import ZoneInfo

from hypothesis import given, settings
from hypothesis import strategies as st

from app.core.audit.client_activity import ClientActivity, Deed, ListedBlock, Tally
from app.core.audit.postings import BLOCK, Posted, customers_term, look_of, post, terms_of

SHANGHAI = ZoneInfo("Asia/Shanghai")
NOON = datetime(2026, 11, 21, 4, tzinfo=UTC)
MINE, OTHER = "hospital", "funeral"


def deed(number: int, **facts: object) -> Deed:
    plain: dict[str, object] = {
        "at": NOON + timedelta(seconds=number),
        "kind": "access",
        "outcome": "permit",
        "client_id": MINE,
        "customer_id": "C1",
        "domains": ("medical",),
        "purpose": "TREAT",
        "reasons": ("care_between_domains",),
    }
    return Deed(**{**plain, **facts})  # type: ignore[arg-type]


def by_events(deeds: list[Deed]) -> ClientActivity:
    tally = Tally(SHANGHAI)
    for one in deeds:
        if one.client_id == MINE:
            tally.add_event(one)
    return tally.result()


def by_lists(deeds: list[Deed]) -> ClientActivity:
    """The same deeds as one block, filled up with another client's."""
    every = deeds + [deed(n, client_id=OTHER) for n in range(len(deeds), BLOCK)]
    made = post(0, [posted(one) for one in every])
    lists = {term: some for term, some in made.places.items() if "=" in term and term >= "domain"}
    tally = Tally(SHANGHAI)
    if f"client_id={MINE}" in made.places:
        times = {place: one.at for place, one in enumerate(every) if one.client_id == MINE}
        marks = made.places.get(customers_term(MINE), b"")
        mine = made.places[f"client_id={MINE}"]
        tally.add_block(ListedBlock(made.first_at, mine, lists, marks, times))
    return tally.result()


def posted(one: Deed) -> Posted:
    words = {name: getattr(one, name) for name in ("kind", "outcome", "client_id", "purpose")}
    look = look_of(one.client_id, one.customer_id, one.kind, one.outcome)
    return Posted(one.at, terms_of(words, one.domains, one.reasons), look)


DEEDS = st.lists(
    st.builds(
        deed,
        st.integers(0, 200_000),
        kind=st.sampled_from(["access", "match", "token"]),
        outcome=st.sampled_from(["permit", "deny", "refused"]),
        client_id=st.sampled_from([MINE, OTHER]),
        customer_id=st.sampled_from(["C1", "C2", "C3", None]),
        domains=st.sampled_from([(), ("medical",), ("medical", "funeral"), ("medical", "medical")]),
        purpose=st.sampled_from(["TREAT", "ETREAT", None]),
        reasons=st.sampled_from([(), ("a",), ("a", "b"), ("b", "b")]),
    ),
    max_size=60,
)


@settings(max_examples=40, deadline=None)
@given(DEEDS)
def test_lists_count_what_a_look_at_each_event_counts(deeds: list[Deed]) -> None:
    assert by_lists(deeds) == by_events(deeds)


def test_a_block_of_one_day_needs_no_times() -> None:
    deeds = [deed(n, outcome="deny" if n % 3 else "permit") for n in range(BLOCK)]
    made = post(0, [posted(one) for one in deeds])
    lists = {term: some for term, some in made.places.items() if term >= "domain"}
    tally = Tally(SHANGHAI)
    tally.add_block(ListedBlock(made.first_at, made.places[f"client_id={MINE}"], lists, b"", {}))
    (day,) = tally.result().days
    assert (day.day, day.events, day.denials) == (NOON.date(), BLOCK, sum(n % 3 > 0 for n in range(BLOCK)))


def test_days_are_the_zones_and_refusals_show_nobody() -> None:
    deeds = [
        deed(0, at=datetime(2026, 11, 21, 15, 59, tzinfo=UTC)),
        deed(1, at=datetime(2026, 11, 21, 16, 0, tzinfo=UTC), customer_id="C2", purpose="ETREAT"),
        deed(
            2, at=datetime(2026, 11, 22, 1, 0, tzinfo=UTC), customer_id="C3", outcome="deny", reasons=("x",)
        ),
        deed(3, at=datetime(2026, 11, 22, 2, 0, tzinfo=UTC), kind="register", customer_id="C4", outcome="ok"),
    ]
    for done in (by_events(deeds), by_lists(deeds)):
        assert [(one.day.isoformat(), one.events, one.denials) for one in done.days] == [
            ("2026-11-21", 1, 0),
            ("2026-11-22", 3, 1),
        ]
        assert (done.customers, done.emergencies, done.denials) == (2, 1, 1)
        assert done.denial_reasons == {"x": 1}
        assert (done.first_at, done.last_at) == (deeds[0].at, deeds[3].at)


def test_nothing_done_is_nothing() -> None:
    done = by_events([])
    assert (done.events, done.customers, done.first_at, done.last_at, done.days) == (0, 0, None, None, ())
