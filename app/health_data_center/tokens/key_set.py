"""The CDC's public keys: built once, fetched anew for an unknown one, kept when the CDC is down."""

import asyncio
import logging
from collections.abc import Awaitable, Callable, Mapping
from typing import Any

from jose import jwk
from jose.backends.base import Key
from jose.exceptions import JOSEError

from app.health_data_center.cdc_client import CdcUnavailable

logger = logging.getLogger(__name__)

_FETCH_EVERY = 2.0
"""At most one fetch in so many seconds, however many unknown keys are named."""

_FRESH_FOR = 300.0
"""After so many seconds the set is fetched anew, so that a withdrawn key ends."""


class KeySet:
    """ES256 verification keys by `kid`. `fetch` gives a JWK Set; `monotonic` gives seconds."""

    def __init__(
        self, fetch: Callable[[], Awaitable[Mapping[str, Any]]], monotonic: Callable[[], float]
    ) -> None:
        self._fetch = fetch
        self._monotonic = monotonic
        self._keys: dict[str, Key] = {}
        self._fetched_at: float | None = None
        self._tried_at: float | None = None
        self._failed = False
        self._lock = asyncio.Lock()

    async def get(self, key_id: str) -> Key | None:
        """The key; None where the CDC has no such key. Raises `CdcUnavailable` where that is not known."""
        if key_id not in self._keys or (self._stale() and not self._lock.locked()):
            async with self._lock:
                if self._due() and (self._stale() or key_id not in self._keys):
                    await self._refresh()
        key = self._keys.get(key_id)
        if key is None and self._failed:
            raise CdcUnavailable("keys_unavailable")
        return key

    def _stale(self) -> bool:
        return self._fetched_at is None or self._monotonic() - self._fetched_at > _FRESH_FOR

    def _due(self) -> bool:
        return self._tried_at is None or self._monotonic() - self._tried_at >= _FETCH_EVERY

    async def _refresh(self) -> None:
        self._tried_at = self._monotonic()
        try:
            keys = _build(await self._fetch())
        except CdcUnavailable:
            self._failed = True
            logger.warning("the CDC's keys could not be fetched; %d known keys are kept", len(self._keys))
            return
        self._keys, self._fetched_at, self._failed = keys, self._tried_at, False


def _build(document: Mapping[str, Any]) -> dict[str, Key]:
    """Keys that could have signed an ES256 token; others of the set are none of ours."""
    entries = document.get("keys")
    if not isinstance(entries, list):
        raise CdcUnavailable("bad_answer")
    return {key_id: key for key_id, key in map(_key, entries) if key is not None}


def _key(entry: Any) -> tuple[str, Key | None]:
    if not isinstance(entry, dict) or not isinstance(entry.get("kid"), str) or "d" in entry:
        return "", None
    curve = (entry.get("kty"), entry.get("crv"), entry.get("alg", "ES256"), entry.get("use", "sig"))
    if curve != ("EC", "P-256", "ES256", "sig"):
        return "", None
    try:
        return entry["kid"], jwk.construct(entry, "ES256")
    except (JOSEError, ValueError, TypeError):
        return "", None
