"""Keys that clients publish under a URL, fetched with care and kept for a while."""

import asyncio
import json
import socket
from collections import OrderedDict
from collections.abc import Callable
from dataclasses import dataclass, field
from ipaddress import ip_address

import httpx

from app.core.access.client_keys import (
    ClientKey,
    ClientKeys,
    UnusableKeys,
    is_loopback,
    may_be_asked,
    published_keys,
)

DEADLINE = 5.0
"""Seconds for a whole answer, name and connection included."""
LARGEST = 64 * 1024
FRESH_FOR = 300.0
"""Seconds after which a set is fetched anew, so that a key its client took back ends."""
FETCH_EVERY = 10.0
"""At most one fetch of a URL in so many seconds, however many unknown keys are named."""
MOST_SETS = 1024


class _NotFetched(Exception):  # noqa: N818
    """No usable set came."""


@dataclass(slots=True)
class _Set:
    keys: tuple[ClientKey, ...] = ()
    fetched_at: float | None = None
    tried_at: float | None = None
    lock: asyncio.Lock = field(default_factory=asyncio.Lock)

    def answers(self, kid: str | None, now: float) -> bool:
        """Whether what is known is fresh, and has the key."""
        fresh = self.fetched_at is not None and now - self.fetched_at < FRESH_FOR
        return fresh and (kid is None or any(key.kid == kid for key in self.keys))

    def may_fetch(self, now: float) -> bool:
        """Whether the last attempt, good or not, is long enough ago (seconds)."""
        return self.tried_at is None or now - self.tried_at >= FETCH_EVERY


class RemoteKeySets:
    """Implements the port `ClientKeySource`. `monotonic` gives seconds.

    The set is asked for by this server on a client's word, so what is asked is bound: the URL is one that an
    administrator registered, https outside this machine, no redirect is followed, and time and size
    are limited. Where a set cannot be fetched, its known keys are good until they are old.
    """

    def __init__(self, http: httpx.AsyncClient, monotonic: Callable[[], float]) -> None:
        self._http = http
        self._monotonic = monotonic
        self._sets: OrderedDict[str, _Set] = OrderedDict()

    async def keys(self, keys: ClientKeys, kid: str | None) -> tuple[ClientKey, ...]:
        """The client's keys as they are known now; `kid` is the one that is looked for."""
        if keys.uri is None:
            return keys.inline
        known = self._sets.setdefault(keys.uri, _Set())
        self._sets.move_to_end(keys.uri)
        if len(self._sets) > MOST_SETS:
            self._sets.popitem(last=False)
        if not known.answers(kid, self._monotonic()):
            async with known.lock:
                now = self._monotonic()
                if not known.answers(kid, now) and known.may_fetch(now):
                    await self._refresh(keys.uri, known, now)
        stale = known.fetched_at is None or self._monotonic() - known.fetched_at >= 2 * FRESH_FOR
        return () if stale else known.keys

    async def _refresh(self, uri: str, known: _Set, now: float) -> None:
        known.tried_at = now
        try:
            async with asyncio.timeout(DEADLINE):
                known.keys = await self._fetch(uri)
        except (_NotFetched, TimeoutError):
            return
        known.fetched_at = now

    async def _fetch(self, uri: str) -> tuple[ClientKey, ...]:
        url = httpx.URL(uri)
        await _check_address(url.host, url.port or 443)
        try:
            async with self._http.stream(
                "GET", url, follow_redirects=False, headers={"Accept-Encoding": "identity"}
            ) as response:
                content = await _content(response)
            return published_keys(json.loads(content))
        except (httpx.HTTPError, httpx.InvalidURL, UnusableKeys, ValueError, RecursionError):
            raise _NotFetched from None


async def _check_address(host: str, port: int) -> None:
    """A name that leads to this machine or to a link-local service is not asked. Should it lead elsewhere a
    moment later, TLS still wants a certificate for the name."""
    if is_loopback(host):
        return
    try:
        found = await asyncio.get_running_loop().getaddrinfo(host, port, type=socket.SOCK_STREAM)
    except OSError:
        raise _NotFetched from None
    addresses = [ip_address(str(entry[4][0]).partition("%")[0]) for entry in found]
    if not addresses or any(a.is_loopback or not may_be_asked(a) for a in addresses):
        raise _NotFetched


async def _content(response: httpx.Response) -> bytes:
    # What comes packed although it was not asked for could unpack without end.
    if response.status_code != 200 or response.headers.get("content-encoding", "identity") != "identity":
        raise _NotFetched
    content = bytearray()
    async for chunk in response.aiter_bytes():
        content += chunk
        if len(content) > LARGEST:
            raise _NotFetched
    return bytes(content)
