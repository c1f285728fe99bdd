"""The Health Data Center over HTTP: time-outs, a size cap, retries only where nothing can have happened."""

import asyncio
from collections.abc import AsyncIterator, Mapping
from contextlib import asynccontextmanager
from dataclasses import dataclass
from urllib.parse import quote

import httpx

from app.services.record_ports import HealthDataCenterUnavailable, RecordsReply

TIMEOUT = httpx.Timeout(connect=2.0, read=10.0, write=5.0, pool=2.0)
DEADLINE = 30.0
"""Seconds for the whole answer: one that trickles would pass every time-out above."""
MAX_BYTES = 16 * 1024 * 1024
TRIES = 2
PASSED_ON = frozenset({200, 400, 401, 403, 404, 422})
"""Answers that are the partner's business. Anything else is the HDC's trouble, and becomes ours: 503."""
CONTENT_TYPES = frozenset({"application/json", "application/problem+json"})
"""Anything else, a web page above all, would reach the partner under our origin."""


@dataclass(frozen=True, slots=True)
class HealthDataCenterClient:
    """Satisfies `HealthDataCenter`. `http` is one pooled client a process; `deadline` is in seconds."""

    http: httpx.AsyncClient
    base_url: str
    deadline: float = DEADLINE

    @asynccontextmanager
    async def records(
        self, customer_id: str, domain: str, query: Mapping[str, str], token: str, request_id: str | None
    ) -> AsyncIterator[RecordsReply]:
        """The answer's head, with its body still streaming; `content_type` is one of `CONTENT_TYPES`.

        Raises `HealthDataCenterUnavailable`, and so does the body: `broken_off`, `timeout`, `too_large`.
        """
        until = asyncio.get_running_loop().time() + self.deadline
        headers = {
            "Authorization": f"Bearer {token}",
            "X-Request-ID": request_id or "",
            # What is packed would outgrow the cap in one step while it is unpacked.
            "Accept-Encoding": "identity",
        }
        path = f"/v1/customers/{quote(customer_id, safe='')}/records/{quote(domain, safe='')}"
        request = self.http.build_request("GET", self.base_url + path, params=query, headers=headers)
        response = await self._send(request, until)
        try:
            content_type = _check(response)
            yield RecordsReply(response.status_code, content_type, _bounded(response, until))
        finally:
            await response.aclose()

    async def _send(self, request: httpx.Request, until: float) -> httpx.Response:
        """A look-up changes nothing at the HDC but its log, so a connection that failed before any answer is
        tried once more; a time-out is not: the HDC is busy, and asking again makes it busier."""
        for attempt in range(TRIES):
            try:
                async with asyncio.timeout_at(until):
                    return await self.http.send(request, stream=True, follow_redirects=False)
            except (httpx.TimeoutException, TimeoutError) as slow:
                raise HealthDataCenterUnavailable("timeout") from slow
            except httpx.TransportError as broken:
                if attempt == TRIES - 1:
                    raise HealthDataCenterUnavailable("unreachable") from broken
        raise AssertionError("unreachable")


def _check(response: httpx.Response) -> str:
    """The content type, without what the HDC wrote beside it."""
    content_type: str = response.headers.get("content-type", "").partition(";")[0].strip().lower()
    encoding = response.headers.get("content-encoding", "identity").strip().lower()
    if (
        response.status_code not in PASSED_ON
        or content_type not in CONTENT_TYPES
        or encoding not in ("", "identity")
    ):
        raise HealthDataCenterUnavailable("bad_answer")
    length = response.headers.get("content-length", "")
    if length.isdigit() and int(length) > MAX_BYTES:
        raise HealthDataCenterUnavailable("too_large")
    return content_type


async def _bounded(response: httpx.Response, until: float) -> AsyncIterator[bytes]:
    """The body, cut off hard where it outgrows the cap: a truncated answer must not look complete."""
    seen = 0
    chunks = response.aiter_raw()
    while (chunk := await _next(chunks, until)) is not None:
        seen += len(chunk)
        if seen > MAX_BYTES:
            raise HealthDataCenterUnavailable("too_large")
        yield chunk


async def _next(chunks: AsyncIterator[bytes], until: float) -> bytes | None:
    """One chunk at a time is bounded, not the loop: whoever reads the body may be another task."""
    try:
        async with asyncio.timeout_at(until):
            return await anext(chunks, None)
    except (httpx.TimeoutException, TimeoutError) as slow:
        raise HealthDataCenterUnavailable("timeout") from slow
    except httpx.HTTPError as broken:
        raise HealthDataCenterUnavailable("broken_off") from broken
