"""Decisions of sets that are not in force any more."""

from uuid import UUID

import pytest

from app.adapters.reference.policy import load_policy, parse_policy
from app.bootstrap.policy import _read_kept
from app.core.audit.event import Event, Kind
from app.services.explain_decision import ExplainDecision
from app.services.ports import Clock, Ids, Units
from app.services.scribe import Scribe

IN_FORCE = load_policy("default").policy
OWN = (
    load_policy("strict")
    .text.replace('name = "strict"', 'name = "ours"')
    .replace('title = "', 'title = "Ours. ')
)
DECIDED = parse_policy(OWN.encode()).policy


@pytest.fixture
def explain(units: Units, clock: Clock, ids: Ids) -> ExplainDecision:
    return ExplainDecision(units, Scribe(clock, ids), [IN_FORCE], _read_kept)


@pytest.fixture
async def decision(units: Units, clock: Clock, ids: Ids) -> UUID:
    event = Event(
        event_id=ids.uuid(),
        at=clock.now(),
        kind=Kind.ACCESS,
        outcome="permit",
        policy=DECIDED.version,
        reasons=("own_domain",),
        detail={"rules": "medical:own_domain"},
    )
    async with units() as unit:
        unit.events.append(event)
        await unit.commit()
    return event.event_id


async def kept(units: Units, clock: Clock, text: str) -> None:
    async with units() as unit:
        unit.policies.keep(DECIDED.version, text, clock.now())
        await unit.commit()


async def test_the_words_are_those_of_the_set_that_decided(
    units: Units, clock: Clock, explain: ExplainDecision, decision: UUID
) -> None:
    assert DECIDED.version.startswith("ours-")
    await kept(units, clock, OWN)
    found = await explain(decision, None)
    assert found.policy == DECIDED
    assert found.reasons[0].says == DECIDED.rules[0].says
    ((domain, rule),) = found.rules
    assert (domain, rule and rule.law) == ("medical", DECIDED.rules[0].law)


@pytest.mark.parametrize(
    "text",
    [None, OWN.replace("Ours. ", "Never said. "), "[[rules]]\ncode = 1\n"],
    ids=["not kept", "another text", "no set"],
)
async def test_what_is_not_that_set_is_not_believed(
    units: Units, clock: Clock, explain: ExplainDecision, decision: UUID, text: str | None
) -> None:
    if text is not None:
        await kept(units, clock, text)
    found = await explain(decision, None)
    assert found.policy is None
    assert found.event.policy == DECIDED.version
    assert [(reason.code, reason.says) for reason in found.reasons] == [("own_domain", None)]
