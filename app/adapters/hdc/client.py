"""The Health Data Center over HTTP: time-outs, a size cap, retries only where nothing can have happened."""

from collections.abc import AsyncIterator, Mapping
from contextlib import asynccontextmanager
from dataclasses import dataclass
from urllib.parse import quote

import httpx

from app.services.ports import HealthDataCenterUnavailable, RecordsReply

TIMEOUT = httpx.Timeout(connect=2.0, read=10.0, write=5.0, pool=2.0)
MAX_BYTES = 16 * 1024 * 1024
TRIES = 2
PASSED_ON = frozenset({200, 400, 401, 403, 404, 422})
"""Answers that are the partner's business. Anything else is the HDC's trouble, and becomes ours: 503."""


@dataclass(frozen=True, slots=True)
class HealthDataCenterClient:
    """Satisfies `HealthDataCenter`. `http` is one pooled client a process."""

    http: httpx.AsyncClient
    base_url: str

    @asynccontextmanager
    async def records(
        self, customer_id: str, domain: str, query: Mapping[str, str], token: str, request_id: str | None
    ) -> AsyncIterator[RecordsReply]:
        """The answer's head, with its body still streaming. Raises `HealthDataCenterUnavailable`."""
        headers = {"Authorization": f"Bearer {token}", "X-Request-ID": request_id or ""}
        path = f"/v1/customers/{quote(customer_id, safe='')}/records/{quote(domain, safe='')}"
        request = self.http.build_request("GET", self.base_url + path, params=query, headers=headers)
        response = await self._send(request)
        try:
            _check(response)
            content_type = response.headers.get("content-type", "application/json")
            yield RecordsReply(response.status_code, content_type, _capped(response))
        finally:
            await response.aclose()

    async def _send(self, request: httpx.Request) -> httpx.Response:
        """A look-up changes nothing at the HDC but its log, so a connection that failed before any answer is
        tried once more; a time-out is not: the HDC is busy, and asking again makes it busier."""
        for attempt in range(TRIES):
            try:
                return await self.http.send(request, stream=True)
            except httpx.TimeoutException as slow:
                raise HealthDataCenterUnavailable("timeout") from slow
            except httpx.TransportError as broken:
                if attempt == TRIES - 1:
                    raise HealthDataCenterUnavailable("unreachable") from broken
        raise AssertionError("unreachable")


def _check(response: httpx.Response) -> None:
    if response.status_code not in PASSED_ON:
        raise HealthDataCenterUnavailable("bad_answer")
    length = response.headers.get("content-length", "")
    if length.isdigit() and int(length) > MAX_BYTES:
        raise HealthDataCenterUnavailable("too_large")


async def _capped(response: httpx.Response) -> AsyncIterator[bytes]:
    """The body, cut off hard where it outgrows the cap: a truncated answer must not look complete."""
    seen = 0
    async for chunk in response.aiter_bytes():
        seen += len(chunk)
        if seen > MAX_BYTES:
            raise HealthDataCenterUnavailable("too_large")
        yield chunk
