from collections.abc import Callable
from itertools import product
from typing import Any

import pytest

from app.core.access.consent import GivenBy, Stance
from app.core.access.person import AgeGroup, Person
from app.core.access.policy import AccessRequest, Deny, Facts, Obstacle, Permit, PolicySet, decide
from app.core.access.record_kinds import KINDS, RecordKind, Sensitivity
from app.core.access.scope import Domain, Purpose, Scope
from app.core.matching.answer import Grade

MEDICAL, ELDER_CARE, FUNERAL = Domain.MEDICAL, Domain.ELDER_CARE, Domain.FUNERAL
OWN = {Purpose.TREAT, Purpose.CAREMGT, Purpose.HPAYMT, Purpose.HOPERAT, Purpose.PATRQT}
CARE = {Purpose.TREAT, Purpose.CAREMGT}
DEAD = Person(called_dead=True, dead=True)
CALLED_DEAD = Person(called_dead=True)
CHILD = Person(AgeGroup.MINOR)
Make = Callable[..., Any]


def asks(*domains: Domain, purpose: Purpose = Purpose.TREAT, reason: str | None = None) -> AccessRequest:
    return AccessRequest(domains, purpose, reason)


def expected_of_the_living(client: Domain, record: Domain, purpose: Purpose) -> bool:
    """The default set in other words than its own, so that a slip in one shows."""
    if purpose is Purpose.ETREAT:
        return client is not FUNERAL
    if client is FUNERAL:
        return False
    if client is record:
        return purpose in OWN
    return record is not FUNERAL and purpose in CARE


@pytest.mark.parametrize(("client", "record", "purpose"), list(product(Domain, Domain, Purpose)))
def test_every_combination_of_client_record_and_purpose_for_a_living_adult(
    client: Domain, record: Domain, purpose: Purpose, default: PolicySet, strict: PolicySet, facts: Make
) -> None:
    request = asks(record, purpose=purpose, reason="cardiac arrest")
    opens = expected_of_the_living(client, record, purpose)
    assert isinstance(decide(request, facts(client), default), Permit) is opens
    without_consent = opens and (client is record or purpose is Purpose.ETREAT)
    assert isinstance(decide(request, facts(client), strict), Permit) is without_consent


@pytest.mark.parametrize(
    ("request_", "how", "reasons"),
    [
        (asks(ELDER_CARE), {"matched": False}, {Obstacle.MATCH_NOT_CERTAIN}),
        (asks(ELDER_CARE), {"grade": Grade.PROBABLE}, {Obstacle.MATCH_NOT_CERTAIN}),
        (asks(ELDER_CARE), {"active": False}, {Obstacle.CLIENT_SUSPENDED}),
        (asks(ELDER_CARE), {"domain": None}, {Obstacle.CLIENT_WITHOUT_DOMAIN}),
        (asks(), {}, {Obstacle.NO_DOMAIN_ASKED}),
        (asks(ELDER_CARE), {"scopes": frozenset({Scope.RECORDS_MEDICAL})}, {Obstacle.SCOPE_MISSING}),
        (asks(FUNERAL), {}, {Obstacle.PURPOSE_NOT_PERMITTED}),
        (asks(MEDICAL, ELDER_CARE, FUNERAL), {}, {Obstacle.PURPOSE_NOT_PERMITTED}),
        (
            asks(FUNERAL),
            {"domain": None, "active": False, "scopes": frozenset(), "matched": False},
            {
                Obstacle.MATCH_NOT_CERTAIN,
                Obstacle.CLIENT_SUSPENDED,
                Obstacle.CLIENT_WITHOUT_DOMAIN,
                Obstacle.SCOPE_MISSING,
            },
        ),
        (
            asks(FUNERAL, MEDICAL),
            {"matched": False, "person": DEAD},
            {Obstacle.MATCH_NOT_CERTAIN, Obstacle.PURPOSE_NOT_PERMITTED},
        ),
    ],
)
def test_denials_name_every_obstacle_once(
    request_: AccessRequest, how: dict[str, Any], reasons: set[Obstacle], default: PolicySet, facts: Make
) -> None:
    decision = decide(request_, facts(**how), default)
    assert isinstance(decision, Deny)
    assert len(decision.reasons) == len(set(decision.reasons))
    assert set(decision.reasons) == reasons
    assert decision.policy == default.version


def affairs(facts: Facts, policy: PolicySet) -> Permit | Deny:
    return decide(asks(FUNERAL, purpose=Purpose.DECEASED_AFFAIRS), facts, policy)


def test_a_cemetery_sees_funeral_records_of_the_dead_alone(default: PolicySet, facts: Make) -> None:
    assert isinstance(affairs(facts(FUNERAL, person=DEAD), default), Permit)
    for person in (Person(), CHILD, Person(AgeGroup.UNKNOWN)):
        denied = affairs(facts(FUNERAL, person=person), default)
        assert denied == Deny((Obstacle.CUSTOMER_NOT_DECEASED,), default.version)
    assert isinstance(decide(asks(MEDICAL), facts(FUNERAL, person=DEAD), default), Deny)


def test_a_death_that_is_only_said_opens_nothing_and_closes_care(
    default: PolicySet, facts: Make, directive: Make
) -> None:
    denied = affairs(facts(FUNERAL, person=CALLED_DEAD), default)
    assert denied.reasons == (Obstacle.CUSTOMER_NOT_DECEASED,)
    for person in (CALLED_DEAD, DEAD):
        closed = decide(asks(ELDER_CARE), facts(person=person), default)
        assert closed.reasons == (Obstacle.NEXT_OF_KIN_CONSENT_MISSING,)
        assert isinstance(decide(asks(MEDICAL), facts(person=person), default), Permit)
    kin = directive(given_by=GivenBy.NEXT_OF_KIN)
    assert isinstance(decide(asks(ELDER_CARE), facts(person=DEAD, directives=(kin,)), default), Permit)
    assert isinstance(decide(asks(ELDER_CARE), facts(person=CALLED_DEAD, directives=(kin,)), default), Deny)


@pytest.mark.parametrize("age", [AgeGroup.MINOR, AgeGroup.UNKNOWN])
def test_children_are_treated_but_otherwise_guarded(
    age: AgeGroup, default: PolicySet, facts: Make, directive: Make
) -> None:
    child = Person(age)
    assert isinstance(decide(asks(ELDER_CARE), facts(person=child), default), Permit)
    managed = asks(ELDER_CARE, purpose=Purpose.CAREMGT)
    for given in ((), (directive(),), (directive(given_by=GivenBy.REPRESENTATIVE),)):
        denied = decide(managed, facts(person=child, directives=given), default)
        assert denied.reasons == (Obstacle.GUARDIAN_CONSENT_MISSING,)
    guarded = facts(person=child, directives=(directive(given_by=GivenBy.GUARDIAN),))
    assert isinstance(decide(managed, guarded, default), Permit)


def test_the_strict_set_opens_other_domains_with_a_recorded_consent_alone(
    strict: PolicySet, facts: Make, directive: Make
) -> None:
    assert decide(asks(ELDER_CARE), facts(), strict).reasons == (Obstacle.CONSENT_MISSING,)
    assert isinstance(decide(asks(MEDICAL), facts(), strict), Permit)
    assert isinstance(decide(asks(ELDER_CARE), facts(directives=(directive(),)), strict), Permit)
    narrow = directive(kinds=frozenset({RecordKind.CARE_PLAN}))
    permitted = decide(asks(ELDER_CARE), facts(directives=(narrow,)), strict)
    assert isinstance(permitted, Permit)
    assert permitted.withheld == set(KINDS[ELDER_CARE]) - {RecordKind.CARE_PLAN}


@pytest.mark.parametrize("stance", Stance)
def test_a_denial_or_withdrawal_binds_other_domains_but_neither_ones_own_nor_an_emergency(
    stance: Stance, default: PolicySet, facts: Make, directive: Make
) -> None:
    ended = {"withdrawn_at": directive().recorded_at} if stance is Stance.PERMIT else {}
    known = facts(directives=(directive(stance, **ended),))
    closed = decide(asks(ELDER_CARE), known, default)
    because = Obstacle.CONSENT_WITHDRAWN if stance is Stance.PERMIT else Obstacle.CONSENT_DENIED
    assert closed == Deny((because,), default.version)
    assert isinstance(decide(asks(MEDICAL), known, default), Permit)
    emergency = asks(ELDER_CARE, purpose=Purpose.ETREAT, reason="unconscious")
    assert isinstance(decide(emergency, known, default), Permit)


def test_sensitive_records_open_by_name_in_every_domain_asked_for(
    default: PolicySet, facts: Make, directive: Make
) -> None:
    ordinary = decide(asks(MEDICAL, ELDER_CARE), facts(), default)
    assert isinstance(ordinary, Permit)
    assert not ordinary.sensitive
    named = frozenset({Sensitivity.PSYCHIATRIC})
    consents = (directive(sensitive=named, domains=frozenset({MEDICAL})),)
    alone = decide(asks(MEDICAL), facts(directives=consents), default)
    both = decide(asks(MEDICAL, ELDER_CARE), facts(directives=consents), default)
    assert isinstance(alone, Permit)
    assert isinstance(both, Permit)
    assert (alone.sensitive, both.sensitive) == (named, frozenset())
    denied = (*consents, directive(Stance.DENY, sensitive=named))
    closed = decide(asks(MEDICAL), facts(directives=denied), default)
    assert isinstance(closed, Permit)
    assert not closed.sensitive


def test_a_denial_of_some_kinds_withholds_them(default: PolicySet, facts: Make, directive: Make) -> None:
    kinds = frozenset({RecordKind.CARE_PLAN})
    known = facts(directives=(directive(Stance.DENY, kinds=kinds),))
    decision = decide(asks(MEDICAL, ELDER_CARE), known, default)
    assert isinstance(decision, Permit)
    assert decision.withheld == kinds


@pytest.mark.parametrize("reason", [None, "", "   ", "\n\t", "...", "——"])
def test_an_emergency_needs_words(reason: str | None, default: PolicySet, facts: Make) -> None:
    decision = decide(asks(ELDER_CARE, purpose=Purpose.ETREAT, reason=reason), facts(), default)
    assert decision == Deny((Obstacle.EMERGENCY_REASON_MISSING,), default.version)


@pytest.mark.parametrize("reason", ["unconscious, allergies unknown", "抢救"])
def test_an_emergency_opens_everything_that_the_client_may_ask_for_and_is_flagged(
    reason: str, default: PolicySet, facts: Make
) -> None:
    decision = decide(asks(*Domain, purpose=Purpose.ETREAT, reason=reason), facts(), default)
    assert decision == Permit(("emergency_access",), default.version, frozenset(Sensitivity), emergency=True)


def test_an_emergency_opens_no_domain_without_its_scope(default: PolicySet, facts: Make) -> None:
    scopes = frozenset({Scope.RECORDS_MEDICAL})
    asked = asks(ELDER_CARE, purpose=Purpose.ETREAT, reason="unconscious")
    assert decide(asked, facts(scopes=scopes), default).reasons == (Obstacle.SCOPE_MISSING,)


def test_a_permit_names_the_rule_of_each_domain_and_the_policy(default: PolicySet, facts: Make) -> None:
    decision = decide(asks(MEDICAL, ELDER_CARE), facts(), default)
    assert decision == Permit(("own_domain", "care_between_domains"), default.version)
