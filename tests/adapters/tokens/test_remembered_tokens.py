"""What was verified once is not computed again, and is good no longer than if it were."""

from dataclasses import dataclass, replace
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest

from app.adapters.tokens import verifier as verifier_module
from app.adapters.tokens.signer import JwtSigner
from app.adapters.tokens.signing_keys import SigningKey, signing_keys
from app.adapters.tokens.verifier import JwtVerifier
from app.core.access.audience import audiences
from app.core.access.claims import Claims
from app.core.access.scope import Scope
from app.services.access_ports import InvalidToken

KNOWN = audiences("https://cdc.example", "https://hdc.example")
NOW = datetime(2026, 11, 21, 12, 0, tzinfo=UTC)
CLAIMS = Claims(
    token_id="018f0000-token",
    client_id="hospital",
    audience=KNOWN.issuer,
    scopes=frozenset({Scope.CUSTOMER_MATCH}),
    issued_at=NOW,
    expires_at=NOW + timedelta(seconds=900),
)
API = frozenset({KNOWN.issuer})


@dataclass
class Counting:
    """A public key that counts the signatures it checks."""

    key: Any
    checked: int = 0

    def verify(self, signed: bytes, signature: bytes) -> bool:
        self.checked += 1
        good: bool = self.key.verify(signed, signature)
        return good


@pytest.fixture
def public(keys: tuple[SigningKey, ...]) -> Counting:
    return Counting(keys[0].public)


@pytest.fixture
def key(keys: tuple[SigningKey, ...], public: Counting) -> SigningKey:
    public_key: Any = public
    return replace(keys[0], public=public_key, until=NOW + timedelta(seconds=600))


@pytest.fixture
def verifier(key: SigningKey) -> JwtVerifier:
    return JwtVerifier([key], KNOWN)


def _token(key: SigningKey, **changed: Any) -> str:
    return JwtSigner([key], KNOWN.issuer).sign(replace(CLAIMS, **changed))


def _refusal(verifier: JwtVerifier, token: str, now: datetime, taken: frozenset[str] = API) -> str:
    with pytest.raises(InvalidToken) as refused:
        verifier.verify(token, taken, now)
    return refused.value.reason


def test_a_signature_is_checked_once(verifier: JwtVerifier, key: SigningKey, public: Counting) -> None:
    token = _token(key)
    for seconds in (0, 1, 599):
        assert verifier.verify(token, API, NOW + timedelta(seconds=seconds)) == CLAIMS
    assert public.checked == 1


def test_another_signature_under_the_same_claims_is_checked(verifier: JwtVerifier, key: SigningKey) -> None:
    token, other = _token(key), _token(key, token_id="018f0000-other")
    verifier.verify(token, API, NOW)
    signature = other.rpartition(".")[2]
    assert _refusal(verifier, f"{token.rpartition('.')[0]}.{signature}", NOW) == "bad_signature"


def test_what_is_remembered_is_good_nowhere_else(verifier: JwtVerifier, key: SigningKey) -> None:
    token = _token(key)
    verifier.verify(token, KNOWN.every, NOW)
    assert _refusal(verifier, token, NOW, frozenset({KNOWN.records})) == "wrong_audience"


def test_what_is_remembered_expires(verifier: JwtVerifier, key: SigningKey) -> None:
    token = _token(key, expires_at=NOW + timedelta(seconds=60))
    verifier.verify(token, API, NOW + timedelta(seconds=59))
    assert _refusal(verifier, token, NOW + timedelta(seconds=60)) == "expired"


def test_a_clock_that_was_set_back_finds_it_not_yet_valid(verifier: JwtVerifier, key: SigningKey) -> None:
    token = _token(key)
    verifier.verify(token, API, NOW)
    assert _refusal(verifier, token, NOW - timedelta(hours=1)) == "not_yet_valid"


def test_it_ends_with_the_time_of_its_key(verifier: JwtVerifier, key: SigningKey) -> None:
    token = _token(key)
    verifier.verify(token, API, NOW + timedelta(seconds=599))
    assert _refusal(verifier, token, NOW + timedelta(seconds=600)) == "unknown_key"


def test_it_ends_when_its_key_is_withdrawn(
    verifier: JwtVerifier, key: SigningKey, keys: tuple[SigningKey, ...], foreign_entry: dict[str, Any]
) -> None:
    token = _token(key)
    for successors, reason in ((keys[1:], "unknown_key"), (signing_keys([foreign_entry]), "bad_signature")):
        verifier.use([key])
        verifier.verify(token, API, NOW)
        verifier.use(successors)
        assert _refusal(verifier, token, NOW) == reason


def test_a_bounded_number_is_remembered_and_the_least_used_goes_first(
    verifier: JwtVerifier, key: SigningKey, public: Counting, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(verifier_module, "MOST_REMEMBERED", 2)
    first, second, third = (_token(key, token_id=f"018f0000-{n}") for n in range(3))
    for token, checked in ((first, 1), (second, 2), (first, 2), (third, 3), (first, 3), (second, 4)):
        verifier.verify(token, API, NOW)
        assert public.checked == checked
