from datetime import UTC, datetime, timedelta
from typing import Any

import pytest

from app.adapters.tokens.signing_keys import InvalidSigningKey, SigningKey, jwks, signing_keys

NOW = datetime(2026, 11, 22, 4, 0, tzinfo=UTC)


def test_the_jwks_shows_every_public_key_and_nothing_private(
    keys: tuple[SigningKey, ...], entries: list[dict[str, Any]]
) -> None:
    published = jwks(keys, NOW)["keys"]
    assert [key["kid"] for key in published] == ["new", "old"]
    for key, entry in zip(published, entries, strict=True):
        assert set(key) == {"kty", "crv", "x", "y", "kid", "use", "alg"}
        assert entry["jwk"]["d"] not in key.values()


def test_a_key_that_was_rotated_out_goes_when_its_time_is_over(entries: list[dict[str, Any]]) -> None:
    keys = signing_keys([entries[0], {**entries[1], "until": "2026-11-22T04:00:00+00:00"}])
    for seconds, kids in ((-1, ["new", "old"]), (0, ["new"])):
        now = NOW + timedelta(seconds=seconds)
        assert [key["kid"] for key in jwks(keys, now)["keys"]] == kids
        assert keys[1].good(now) is (len(kids) == 2)


def test_a_key_is_not_shown(keys: tuple[SigningKey, ...], entries: list[dict[str, Any]]) -> None:
    assert entries[0]["jwk"]["d"] not in repr(keys)


def _without_d(entry: dict[str, Any]) -> dict[str, Any]:
    return {**entry, "jwk": {name: value for name, value in entry["jwk"].items() if name != "d"}}


@pytest.mark.parametrize(
    "broken",
    [
        lambda entry: {**entry, "kid": ""},
        lambda entry: {**entry, "kid": None},
        lambda entry: {**entry, "alg": "HS256"},
        lambda entry: {**entry, "jwk": None},
        lambda entry: {**entry, "until": None},
        lambda entry: {**entry, "until": "tomorrow"},
        lambda entry: {**entry, "until": "2026-11-22T04:00:00"},
        lambda entry: {**entry, "jwk": {**entry["jwk"], "crv": "P-384"}},
        lambda entry: {**entry, "jwk": {**entry["jwk"], "kty": "oct"}},
        lambda entry: {**entry, "jwk": {**entry["jwk"], "x": entry["jwk"]["y"]}},
        _without_d,
    ],
)
def test_a_broken_entry_is_named_by_its_place_alone(broken: Any, entries: list[dict[str, Any]]) -> None:
    with pytest.raises(InvalidSigningKey, match="signing key 0") as refused:
        signing_keys([broken(entries[0])])
    assert entries[0]["jwk"]["d"] not in str(refused.value)


def test_there_must_be_one_key_and_no_name_twice(entries: list[dict[str, Any]]) -> None:
    with pytest.raises(InvalidSigningKey):
        signing_keys([])
    with pytest.raises(InvalidSigningKey, match="same kid"):
        signing_keys([entries[0], entries[0]])
