from datetime import UTC, datetime
from itertools import product

import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.core.access.client import Client
from app.core.access.policy import (
    POLICY_VERSION,
    AccessRequest,
    Consent,
    Deny,
    Facts,
    Permit,
    ReasonCode,
    decide,
)
from app.core.access.scope import RECORDS_SCOPES, Domain, Purpose, Scope
from app.core.matching.answer import Grade

MEDICAL, ELDER_CARE, FUNERAL = Domain.MEDICAL, Domain.ELDER_CARE, Domain.FUNERAL
ALL_SCOPES = frozenset(Scope)
PERMITS = {
    ReasonCode.CARE_BETWEEN_DOMAINS,
    ReasonCode.OWN_DOMAIN,
    ReasonCode.DECEASED_AFFAIRS,
    ReasonCode.EMERGENCY_ACCESS,
}


def _client(domain: Domain | None, active: bool = True) -> Client:
    created = datetime(2026, 1, 1, tzinfo=UTC)
    return Client("partner", ALL_SCOPES, domain, None, None, active, created)


def _facts(
    domain: Domain | None = MEDICAL,
    *,
    active: bool = True,
    scopes: frozenset[Scope] = ALL_SCOPES,
    grade: Grade = Grade.CERTAIN,
    matched: bool = True,
    deceased: bool = False,
    consent: Consent = Consent.NOT_RECORDED,
) -> Facts:
    return Facts(_client(domain, active), scopes, grade, matched, deceased, consent)


def _asks(*domains: Domain, purpose: Purpose = Purpose.TREAT, reason: str | None = None) -> AccessRequest:
    return AccessRequest(domains, purpose, reason)


OWN = {Purpose.TREAT, Purpose.CAREMGT, Purpose.HPAYMT, Purpose.HOPERAT, Purpose.PATRQT}
CARE = {Purpose.TREAT, Purpose.CAREMGT}


def _expected(client: Domain, record: Domain, purpose: Purpose, deceased: bool) -> bool:
    """The policy in other words than the table's, so that a slip in one shows."""
    if purpose is Purpose.ETREAT:
        return client is not FUNERAL
    if client is FUNERAL:
        return record is FUNERAL and deceased and purpose is Purpose.DECEASED_AFFAIRS
    if client is record:
        return purpose in OWN
    return record is not FUNERAL and purpose in CARE


@pytest.mark.parametrize("combination", list(product(Domain, Domain, Purpose, (True, False))))
def test_every_combination_of_client_record_purpose_and_life(
    combination: tuple[Domain, Domain, Purpose, bool],
) -> None:
    client, record, purpose, deceased = combination
    decision = decide(
        _asks(record, purpose=purpose, reason="cardiac arrest"), _facts(client, deceased=deceased)
    )
    assert isinstance(decision, Permit) is _expected(*combination)


@pytest.mark.parametrize(
    ("request_", "facts", "reasons"),
    [
        (_asks(ELDER_CARE), _facts(matched=False), {ReasonCode.MATCH_NOT_CERTAIN}),
        (_asks(ELDER_CARE), _facts(grade=Grade.PROBABLE), {ReasonCode.MATCH_NOT_CERTAIN}),
        (_asks(ELDER_CARE), _facts(active=False), {ReasonCode.CLIENT_SUSPENDED}),
        (_asks(ELDER_CARE), _facts(None), {ReasonCode.CLIENT_WITHOUT_DOMAIN}),
        (_asks(), _facts(), {ReasonCode.NO_DOMAIN_ASKED}),
        (_asks(ELDER_CARE), _facts(scopes=frozenset({Scope.RECORDS_MEDICAL})), {ReasonCode.SCOPE_MISSING}),
        (_asks(FUNERAL), _facts(), {ReasonCode.PURPOSE_NOT_PERMITTED}),
        (_asks(MEDICAL, ELDER_CARE, FUNERAL), _facts(), {ReasonCode.PURPOSE_NOT_PERMITTED}),
        (
            _asks(FUNERAL, purpose=Purpose.DECEASED_AFFAIRS),
            _facts(FUNERAL),
            {ReasonCode.CUSTOMER_NOT_DECEASED},
        ),
        (_asks(ELDER_CARE), _facts(consent=Consent.WITHDRAWN), {ReasonCode.CONSENT_WITHDRAWN}),
        (
            _asks(FUNERAL),
            _facts(None, active=False, scopes=frozenset(), matched=False),
            {
                ReasonCode.MATCH_NOT_CERTAIN,
                ReasonCode.CLIENT_SUSPENDED,
                ReasonCode.CLIENT_WITHOUT_DOMAIN,
                ReasonCode.SCOPE_MISSING,
            },
        ),
    ],
)
def test_denials_name_every_obstacle_once(
    request_: AccessRequest, facts: Facts, reasons: set[ReasonCode]
) -> None:
    decision = decide(request_, facts)
    assert isinstance(decision, Deny)
    assert len(decision.reasons) == len(set(decision.reasons))
    assert set(decision.reasons) == reasons


@pytest.mark.parametrize("reason", [None, "", "   ", "\n\t", "...", "——"])
def test_an_emergency_needs_words(reason: str | None) -> None:
    decision = decide(_asks(ELDER_CARE, purpose=Purpose.ETREAT, reason=reason), _facts())
    assert decision == Deny((ReasonCode.EMERGENCY_REASON_MISSING,))


@pytest.mark.parametrize("reason", ["unconscious, allergies unknown", "抢救"])
def test_an_emergency_opens_every_domain_the_client_may_ask_for_and_is_flagged(reason: str) -> None:
    decision = decide(_asks(*Domain, purpose=Purpose.ETREAT, reason=reason), _facts())
    assert decision == Permit((ReasonCode.EMERGENCY_ACCESS,), emergency=True)


def test_an_emergency_opens_no_domain_without_its_scope() -> None:
    scopes = frozenset({Scope.RECORDS_MEDICAL})
    decision = decide(_asks(ELDER_CARE, purpose=Purpose.ETREAT, reason="unconscious"), _facts(scopes=scopes))
    assert decision == Deny((ReasonCode.SCOPE_MISSING,))


def test_a_withdrawal_binds_other_domains_but_neither_ones_own_nor_an_emergency() -> None:
    withdrawn = _facts(consent=Consent.WITHDRAWN)
    assert isinstance(decide(_asks(MEDICAL), withdrawn), Permit)
    assert isinstance(decide(_asks(ELDER_CARE), withdrawn), Deny)
    emergency = _asks(ELDER_CARE, purpose=Purpose.ETREAT, reason="unconscious")
    assert isinstance(decide(emergency, withdrawn), Permit)


def test_a_permit_names_the_rule_of_each_domain_and_the_policy() -> None:
    decision = decide(_asks(MEDICAL, ELDER_CARE), _facts())
    assert decision == Permit((ReasonCode.OWN_DOMAIN, ReasonCode.CARE_BETWEEN_DOMAINS), policy=POLICY_VERSION)


clients = st.builds(_client, st.none() | st.sampled_from(Domain), st.booleans())
facts_ = st.builds(
    Facts,
    clients,
    st.frozensets(st.sampled_from(Scope)),
    st.sampled_from(Grade),
    st.booleans(),
    st.booleans(),
    st.sampled_from(Consent),
)
requests = st.builds(
    AccessRequest,
    st.lists(st.sampled_from(Domain)).map(tuple),
    st.sampled_from(Purpose),
    st.none() | st.text(max_size=5),
)


@given(requests, facts_)
def test_whatever_is_permitted_is_certain_scoped_active_and_known(
    request_: AccessRequest, facts: Facts
) -> None:
    decision = decide(request_, facts)
    assert decision.reasons
    if isinstance(decision, Deny):
        assert not PERMITS & set(decision.reasons)
        return
    assert set(decision.reasons) <= PERMITS
    assert facts.matched
    assert facts.grade is Grade.CERTAIN
    assert facts.client.active
    assert facts.client.domain is not None
    assert {RECORDS_SCOPES[domain] for domain in request_.domains} <= facts.scopes
    assert decision.emergency is (request_.purpose is Purpose.ETREAT)


@given(requests, facts_)
def test_all_domains_or_none(request_: AccessRequest, facts: Facts) -> None:
    """A permit for several domains is a permit for each of them alone, and the other way round."""
    together = isinstance(decide(request_, facts), Permit)
    alone = [
        isinstance(decide(AccessRequest((d,), request_.purpose, request_.reason), facts), Permit)
        for d in request_.domains
    ]
    assert together is (bool(alone) and all(alone))
