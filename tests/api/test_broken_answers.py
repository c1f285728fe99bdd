"""An answer that breaks off on its way: the connection ends before it, and one line says where."""

import asyncio
import logging
from collections.abc import AsyncIterator, Callable
from typing import Any

import pytest
from fastapi import FastAPI
from fastapi.responses import StreamingResponse

from app.api.app import build_app
from app.health_data_center.asgi import build_app as build_hdc
from app.services.record_ports import HealthDataCenterUnavailable


async def _half() -> AsyncIterator[bytes]:
    yield b'{"items": ['
    raise HealthDataCenterUnavailable("broken_off")


@pytest.mark.parametrize("build", [build_app, build_hdc], ids=["cdc", "hdc"])
async def test_it_ends_unfinished_and_without_a_traceback(
    build: Callable[[], FastAPI], caplog: pytest.LogCaptureFixture
) -> None:
    app = build()

    @app.get("/half")
    async def half() -> StreamingResponse:
        return StreamingResponse(_half())

    sent: list[dict[str, Any]] = []

    async def send(message: Any) -> None:
        sent.append(message)

    async def receive() -> Any:
        await asyncio.Event().wait()  # the caller stays

    scope = {
        "type": "http",
        "method": "GET",
        "path": "/half",
        "raw_path": b"/half",
        "query_string": b"",
        "headers": [],
        "client": ("192.0.2.7", 1),
        "server": ("testserver", 80),
        "scheme": "http",
        "http_version": "1.1",
    }
    with caplog.at_level(logging.ERROR):
        await app(scope, receive, send)  # raises nothing: a server would print where, frame by frame
    assert [message.get("more_body") for message in sent if message["type"] == "http.response.body"] == [True]
    assert len(caplog.records) == 1
