import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.core.access.scope import RECORDS_SCOPES, Domain, Scope, UnknownScope, format_scopes, parse_scopes


@given(st.frozensets(st.sampled_from(Scope), min_size=1))
def test_what_is_formatted_is_parsed_again(scopes: frozenset[Scope]) -> None:
    assert parse_scopes(format_scopes(scopes)) == scopes


def test_order_and_repeats_do_not_matter() -> None:
    assert parse_scopes("audit:read customer:match audit:read") == {Scope.AUDIT_READ, Scope.CUSTOMER_MATCH}


@pytest.mark.parametrize(
    "text",
    [
        "",
        " ",
        "customer:match ",
        " customer:match",
        "customer:match  audit:read",
        "CUSTOMER:MATCH",
        "admin",
        "customer:match\taudit:read",
        "customer:match,audit:read",
        "customer:match\x00",
        "customer",
    ],
)
def test_anything_else_is_refused_and_not_repeated(text: str) -> None:
    with pytest.raises(UnknownScope) as refused:
        parse_scopes(text)
    assert not text.strip() or text not in str(refused.value)


def test_every_domain_has_its_scope() -> None:
    for domain in Domain:
        assert RECORDS_SCOPES[domain] == f"records:{domain}"
