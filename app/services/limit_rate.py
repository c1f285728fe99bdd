"""How much a client may ask, and how often a source may fail."""

from collections.abc import Sequence
from dataclasses import dataclass
from ipaddress import IPv6Address, ip_address, ip_network

from app.core.access.client import Client
from app.core.audit.alert import Pace
from app.core.audit.event import Kind
from app.services.context import Origin
from app.services.errors import TooManyRequests
from app.services.failure_tally import FailureTally
from app.services.watch_ports import RateLimiter, Tallies

QUESTIONS_WINDOW = 60
"""Seconds in which a client may ask about as many people as its rate allows requests."""
FAILURES_WINDOW = 60
FLOOD = 10
"""How many times more failures an address may have with all clients than with one."""


@dataclass(frozen=True, slots=True)
class LimitRate:
    """Counts requests of clients, questions about people, and failed authentications of network addresses.

    `source_failures`: of one address and client in a minute; 0 is no limit. A client without a rate is
    neither counted nor slowed. What is refused is on record, folded: one event for each client and address in
    a minute.
    """

    limiter: RateLimiter
    tallies: Tallies
    tally: FailureTally
    paces: Sequence[Pace]
    source_failures: int

    async def request(self, client: Client, origin: Origin) -> None:
        """Counts one request. Raises `TooManyRequests`."""
        if client.rate is None:
            return
        most, seconds, reason = client.rate, 1, "rate_exceeded"
        level = min(self.tallies.read(slow_key(client)), len(self.paces))
        if level:
            pace = self.paces[level - 1]
            reason = "slowed_for_probing"
            # A slow client is not made faster.
            if pace.requests < client.rate * pace.seconds:
                most, seconds = pace.requests, pace.seconds
        await self._take(client, origin, f"client/{client.client_id}", most, seconds, 1, reason)

    async def questions(self, client: Client, origin: Origin, number: int) -> None:
        """Counts questions about people, of which one request may bring many. Raises `TooManyRequests`."""
        if client.rate is not None and number:
            most = client.rate * QUESTIONS_WINDOW
            key = f"questions/{client.client_id}"
            await self._take(client, origin, key, most, QUESTIONS_WINDOW, number, "questions_exceeded")

    async def source(self, origin: Origin, client_id: str) -> None:
        """Refuses an address that fails again and again to authenticate as this client, or as many.

        Raises `TooManyRequests`. Clients behind one address (a proxy that is not named in the settings) do
        not lock each other out, short of a flood.
        """
        for key, most in self._source_limits(origin, client_id):
            wait = await self.limiter.wait(key, most, FAILURES_WINDOW)
            if wait:
                self.tally.count("failures_exceeded", origin, kind=Kind.RATE_LIMIT)
                raise TooManyRequests(wait, most, FAILURES_WINDOW)

    async def failed(self, origin: Origin, client_id: str) -> None:
        """Counts a failed authentication."""
        for key, most in self._source_limits(origin, client_id):
            await self.limiter.take(key, most, FAILURES_WINDOW)

    def _source_limits(self, origin: Origin, client_id: str) -> tuple[tuple[str, int], ...]:
        if not self.source_failures or origin.address is None:
            return ()
        key = _source_key(origin.address)
        return (f"{key}/{client_id}", self.source_failures), (key, self.source_failures * FLOOD)

    async def _take(
        self, client: Client, origin: Origin, key: str, most: int, seconds: int, cost: int, reason: str
    ) -> None:
        wait = await self.limiter.take(key, most, seconds, cost)
        if wait:
            self.tally.count(reason, origin, client.client_id, Kind.RATE_LIMIT)
            raise TooManyRequests(wait, most, seconds)


def slow_key(client: Client) -> str:
    """Where it is kept how far a client is slowed."""
    return f"slow/{client.client_id}"


def _source_key(address: str) -> str:
    """An IPv4 address; of IPv6 the /64 network, whose addresses one host can take in turn."""
    read = ip_address(address)
    if isinstance(read, IPv6Address):
        return f"source/{ip_network((read, 64), strict=False).network_address}"
    return f"source/{address}"
