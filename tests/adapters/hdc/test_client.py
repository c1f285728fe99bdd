"""The HDC as it should not be: slow, broken, too large, and speaking something else."""

import asyncio
import gzip
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager

import httpx
import pytest

from app.adapters.hdc.client import MAX_BYTES, HealthDataCenterClient
from app.services.record_ports import HealthDataCenterUnavailable

JSON = b"Content-Type: application/json\r\n"
Read = Callable[..., Awaitable[tuple[int, str, bytes]]]


class Hdc:
    """A server that answers every request with the same bytes, then waits or hangs up."""

    def __init__(self) -> None:
        self.answer = b""
        self.linger = 0.0
        self.trickle: tuple[bytes, float] | None = None
        self.asked = b""
        self.serving: set[asyncio.Task[None]] = set()

    def serve(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        self.serving.add(asyncio.create_task(self._serve(reader, writer)))

    async def _serve(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        self.asked = await reader.readuntil(b"\r\n\r\n")
        writer.write(self.answer)
        try:
            while self.trickle is not None:
                writer.write(self.trickle[0])
                await writer.drain()
                await asyncio.sleep(self.trickle[1])
            await writer.drain()
            await asyncio.sleep(self.linger)
        except ConnectionError:
            pass
        finally:
            writer.close()


@pytest.fixture
def hdc() -> Hdc:
    return Hdc()


@pytest.fixture
async def read(hdc: Hdc) -> AsyncIterator[Read]:
    """A look-up to the end of its body."""
    server = await asyncio.start_server(hdc.serve, "127.0.0.1", 0)
    base = f"http://127.0.0.1:{server.sockets[0].getsockname()[1]}"

    @asynccontextmanager
    async def opened(deadline: float) -> AsyncIterator[HealthDataCenterClient]:
        timeout = httpx.Timeout(0.3)
        async with httpx.AsyncClient(timeout=timeout, trust_env=False) as http:
            yield HealthDataCenterClient(http, base, deadline)

    async def whole(deadline: float = 5.0) -> tuple[int, str, bytes]:
        async with opened(deadline) as client:
            async with client.records("CA", "medical", {}, "token", "r1") as reply:
                content = b"".join([chunk async for chunk in reply.body])
            return reply.status, reply.content_type, content

    yield whole
    server.close()
    for task in hdc.serving:
        task.cancel()
    await asyncio.gather(*hdc.serving, return_exceptions=True)


def answer(body: bytes, headers: bytes = JSON, status: bytes = b"200 OK") -> bytes:
    return b"HTTP/1.1 %s\r\n%sContent-Length: %d\r\n\r\n%s" % (status, headers, len(body), body)


async def failure(read: Read, deadline: float = 5.0) -> str:
    with pytest.raises(HealthDataCenterUnavailable) as failed:
        await read(deadline)
    return failed.value.reason


async def test_an_answer_is_passed_on(hdc: Hdc, read: Read) -> None:
    hdc.answer = answer(b'{"items": []}', b"Content-Type: Application/JSON; charset=utf-8; x=\xe9\r\n")
    assert await read() == (200, "application/json", b'{"items": []}')
    assert b"accept-encoding: identity\r\n" in hdc.asked.lower()


async def test_a_refusal_is_passed_on(hdc: Hdc, read: Read) -> None:
    hdc.answer = answer(b"{}", b"Content-Type: application/problem+json\r\n", b"403 Forbidden")
    assert await read() == (403, "application/problem+json", b"{}")


@pytest.mark.parametrize(
    "headers",
    [
        b"",
        b"Content-Type: text/html\r\n",
        b"Content-Type: text/html; application/json\r\n",
        b"Content-Type: \xe4\xb8\xad\r\n",
        b"Content-Type: application/json\xe4\r\n",
        JSON + b"Content-Encoding: gzip\r\n",
    ],
)
async def test_anything_but_plain_json_is_a_bad_answer(hdc: Hdc, read: Read, headers: bytes) -> None:
    hdc.answer = answer(gzip.compress(b"{}"), headers)
    assert await failure(read) == "bad_answer"


@pytest.mark.parametrize("status", [b"302 Found", b"500 Oops", b"204 No Content"])
async def test_a_status_that_is_none_of_the_partners_is_a_bad_answer(
    hdc: Hdc, read: Read, status: bytes
) -> None:
    hdc.answer = answer(b"", JSON + b"Location: http://elsewhere.test/\r\n", status)
    assert await failure(read) == "bad_answer"


@pytest.mark.parametrize(
    "head",
    [
        b"HTTP/1.1 200 OK\r\n" + JSON + b"Content-Length: 100\r\n\r\n",
        b"HTTP/1.1 200 OK\r\n" + JSON + b"Transfer-Encoding: chunked\r\n\r\n3\r\nabc\r\n",
        b"HTTP/1.1 200 OK\r\n" + JSON + b"Transfer-Encoding: chunked\r\n\r\nnothing of the kind\r\n",
    ],
)
async def test_an_answer_that_breaks_off(hdc: Hdc, read: Read, head: bytes) -> None:
    hdc.answer = head
    assert await failure(read) == "broken_off"


async def test_an_answer_that_stands_still(hdc: Hdc, read: Read) -> None:
    hdc.answer, hdc.linger = answer(b"abc").replace(b"h: 3", b"h: 9"), 2.0
    assert await failure(read) == "timeout"


async def test_an_answer_that_trickles_meets_the_deadline(hdc: Hdc, read: Read) -> None:
    hdc.answer = b"HTTP/1.1 200 OK\r\n" + JSON + b"Content-Length: 100000\r\n\r\n"
    hdc.trickle = (b"x", 0.05)
    assert await failure(read, 0.5) == "timeout"


async def test_a_head_that_trickles_meets_the_deadline(hdc: Hdc, read: Read) -> None:
    hdc.answer = b"HTTP/1.1 200 OK\r\n"
    hdc.trickle = (b"X-Y: z\r\n", 0.05)
    assert await failure(read, 0.5) == "timeout"


async def test_an_answer_announced_too_large(hdc: Hdc, read: Read) -> None:
    hdc.answer = b"HTTP/1.1 200 OK\r\n%sContent-Length: %d\r\n\r\n" % (JSON, MAX_BYTES + 1)
    assert await failure(read) == "too_large"


async def test_an_answer_that_grows_too_large(hdc: Hdc, read: Read) -> None:
    hdc.answer = b"HTTP/1.1 200 OK\r\n" + JSON + b"Transfer-Encoding: chunked\r\n\r\n"
    hdc.trickle = (b"100000\r\n" + b"x" * 0x100000 + b"\r\n", 0)
    assert await failure(read) == "too_large"
