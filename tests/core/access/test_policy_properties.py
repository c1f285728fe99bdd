"""What holds of every decision, whoever asks, for whom, and whatever was said about consent."""

from dataclasses import replace
from uuid import UUID

from hypothesis import given, settings
from hypothesis import strategies as st

from app.adapters.reference.policy import load_policy
from app.core.access.consent import Directive, GivenBy, Stance
from app.core.access.person import AgeGroup
from app.core.access.policy import AccessRequest, Deny, Facts, Obstacle, Permit, PolicySet, decide
from app.core.access.scope import RECORDS_SCOPES, Purpose
from app.core.matching.answer import Grade
from tests.core.access.conftest import NOW, directives, everyones_facts, good_facts, requests

DEFAULT, STRICT = (load_policy(name).policy for name in ("default", "strict"))
policies = st.sampled_from([DEFAULT, STRICT])


def opens_no_more(one: Permit | Deny, other: Permit | Deny) -> bool:
    """Whether whatever `one` opens, `other` opens too."""
    if isinstance(one, Deny):
        return True
    return isinstance(other, Permit) and one.sensitive <= other.sensitive and one.withheld >= other.withheld


@given(requests, everyones_facts, policies)
def test_whatever_is_permitted_is_certain_scoped_active_and_ruled(
    request: AccessRequest, facts: Facts, policy: PolicySet
) -> None:
    decision = decide(request, facts, policy)
    assert decision.reasons
    assert decision.policy == policy.version
    if isinstance(decision, Deny):
        assert set(decision.reasons) <= set(Obstacle)
        return
    assert set(decision.reasons) <= {rule.code for rule in policy.rules}
    assert facts.matched
    assert facts.grade is Grade.CERTAIN
    assert facts.client.active
    assert facts.client.domain is not None
    assert {RECORDS_SCOPES[domain] for domain in request.domains} <= facts.scopes
    assert decision.emergency is (request.purpose is Purpose.ETREAT)


@given(requests, everyones_facts, policies)
def test_all_domains_or_none(request: AccessRequest, facts: Facts, policy: PolicySet) -> None:
    """A permit for several domains is a permit for each of them alone, and the other way round."""
    together = isinstance(decide(request, facts, policy), Permit)
    alone = [
        isinstance(decide(replace(request, domains=(domain,)), facts, policy), Permit)
        for domain in request.domains
    ]
    assert together is (bool(alone) and all(alone))


@settings(max_examples=200)
@given(requests, good_facts)
def test_the_strict_set_opens_nothing_that_the_default_keeps_closed(
    request: AccessRequest, facts: Facts
) -> None:
    assert opens_no_more(decide(request, facts, STRICT), decide(request, facts, DEFAULT))


@settings(max_examples=200)
@given(requests, good_facts, directives, policies)
def test_another_denial_never_opens(
    request: AccessRequest, facts: Facts, more: Directive, policy: PolicySet
) -> None:
    after = replace(facts, directives=(*facts.directives, replace(more, stance=Stance.DENY)))
    assert opens_no_more(decide(request, after, policy), decide(request, facts, policy))


@settings(max_examples=200)
@given(requests, good_facts, directives, policies)
def test_withdrawing_a_permission_never_opens(
    request: AccessRequest, facts: Facts, more: Directive, policy: PolicySet
) -> None:
    permission = replace(more, stance=Stance.PERMIT, withdrawn_at=None)
    before = replace(facts, directives=(*facts.directives, permission))
    after = replace(facts, directives=(*facts.directives, replace(permission, withdrawn_at=NOW)))
    assert opens_no_more(decide(request, after, policy), decide(request, before, policy))
    assert opens_no_more(decide(request, after, policy), decide(request, facts, policy))


@given(requests, good_facts, policies)
def test_a_denial_of_everything_overrides_every_permission(
    request: AccessRequest, facts: Facts, policy: PolicySet
) -> None:
    """Whatever consent has a say in: one's own domain and an emergency have none to ask."""
    denial = Directive(UUID(int=2), "CM1", Stance.DENY, GivenBy.CUSTOMER, NOW, NOW)
    denied = decide(request, replace(facts, directives=(*facts.directives, denial)), policy)
    if isinstance(denied, Permit):
        assert set(denied.reasons) <= {"own_domain", "deceased_affairs", "emergency_access"}
        assert denied.emergency or not denied.sensitive


@given(requests, good_facts, policies)
def test_what_is_not_known_opens_nothing(request: AccessRequest, facts: Facts, policy: PolicySet) -> None:
    unsure = replace(facts, grade=Grade.PROBABLE)
    assert isinstance(decide(request, unsure, policy), Deny)
    ageless = replace(facts, person=replace(facts.person, age=AgeGroup.UNKNOWN))
    child = replace(facts, person=replace(facts.person, age=AgeGroup.MINOR))
    assert decide(request, ageless, policy) == decide(request, child, policy)
    doubted = replace(facts, person=replace(facts.person, called_dead=True, dead=False))
    for sure in (
        replace(facts, person=replace(facts.person, called_dead=False, dead=False)),
        replace(facts, person=replace(facts.person, called_dead=True, dead=True)),
    ):
        assert opens_no_more(decide(request, doubted, policy), decide(request, sure, policy))
