from itertools import combinations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.core.access.roles import APART, OPERATOR_GRANTED, SCOPES_OF, Role, held_together
from app.core.access.scope import Scope


@pytest.mark.parametrize("role", Role)
def test_no_role_holds_separate_duties(role: Role) -> None:
    assert held_together(SCOPES_OF[role]) is None


@pytest.mark.parametrize("other", [Scope.AUDIT_READ, Scope.POLICY_ADMIN, Scope.DATA_ERASE])
def test_who_grants_neither_reviews_nor_rules_nor_erases(other: Scope) -> None:
    assert held_together([other, Scope.CUSTOMER_READ, Scope.CLIENT_ADMIN]) == (Scope.CLIENT_ADMIN, other)


@given(st.frozensets(st.sampled_from(Scope)))
def test_a_pair_is_told_exactly_where_both_are_held(scopes: frozenset[Scope]) -> None:
    held = [pair for pair in combinations(Scope, 2) if scopes.issuperset(pair)]
    kept_apart = {frozenset(pair) for pair in APART}
    assert (held_together(scopes) is not None) is any(frozenset(pair) in kept_apart for pair in held)


def test_what_is_kept_apart_is_the_operators_to_grant() -> None:
    assert {scope for pair in APART for scope in pair} <= OPERATOR_GRANTED
