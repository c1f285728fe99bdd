"""The CDC's keys: rotation is seen, floods of unknown names are not passed on, an outage is survived."""

import asyncio
from collections.abc import Mapping
from typing import Any

import pytest

from app.health_data_center.cdc_client import CdcUnavailable
from app.health_data_center.tokens.key_set import KeySet


class Source:
    """A JWKS document, a clock, and whether the network is there."""

    def __init__(self, *keys: dict[str, Any]) -> None:
        self.keys = list(keys)
        self.time = 1000.0
        self.down = False
        self.fetches = 0

    async def fetch(self) -> Mapping[str, Any]:
        self.fetches += 1
        await asyncio.sleep(0)
        if self.down:
            raise CdcUnavailable("unreachable")
        return {"keys": self.keys}

    def key_set(self) -> KeySet:
        return KeySet(self.fetch, lambda: self.time)


async def test_one_fetch_serves_all_who_wait(signing_key: Any) -> None:
    source = Source(signing_key("k1").jwk())
    keys = source.key_set()
    found = await asyncio.gather(*(keys.get("k1") for _ in range(20)))
    assert all(key is not None for key in found)
    assert source.fetches == 1


async def test_a_rotated_key_is_fetched_once_the_pause_is_over(signing_key: Any) -> None:
    source = Source(signing_key("k1").jwk())
    keys = source.key_set()
    await keys.get("k1")
    source.keys.append(signing_key("k2").jwk())
    for _ in range(50):
        assert await keys.get("unknown") is None
    assert source.fetches == 1
    source.time += 2
    assert await keys.get("k2") is not None
    assert source.fetches == 2


async def test_known_keys_outlive_an_outage(signing_key: Any) -> None:
    source = Source(signing_key("k1").jwk())
    keys = source.key_set()
    await keys.get("k1")
    source.down, source.time = True, source.time + 10_000
    assert await keys.get("k1") is not None
    with pytest.raises(CdcUnavailable):
        await keys.get("k2")


async def test_a_withdrawn_key_ends(signing_key: Any) -> None:
    source = Source(signing_key("k1").jwk(), signing_key("k2").jwk())
    keys = source.key_set()
    await keys.get("k1")
    source.keys.pop(0)
    source.time += 301
    assert await keys.get("k1") is None


async def test_no_key_was_ever_seen() -> None:
    source = Source()
    source.down = True
    with pytest.raises(CdcUnavailable):
        await source.key_set().get("k1")


@pytest.mark.parametrize(
    "change",
    [
        {"kty": "oct", "k": "c2VjcmV0"},
        {"kty": "RSA"},
        {"crv": "P-384"},
        {"alg": "HS256"},
        {"use": "enc"},
        {"d": "AAAA"},
        {"kid": 1},
        {"x": "AAAA"},
        {"x": None},
        {"x": "!"},
        {"y": ...},
    ],
)
async def test_keys_that_are_none_of_ours(signing_key: Any, change: dict[str, Any]) -> None:
    odd = {k: v for k, v in (signing_key("k1").jwk() | change).items() if v is not ...}
    keys = Source(odd, "noise", signing_key("k2").jwk()).key_set()  # type: ignore[arg-type]
    assert await keys.get("k1") is None
    assert await keys.get("k2") is not None


async def test_a_document_that_is_no_key_set() -> None:
    async def fetch() -> Mapping[str, Any]:
        return {"keys": "none"}

    with pytest.raises(CdcUnavailable):
        await KeySet(fetch, lambda: 0.0).get("k1")
