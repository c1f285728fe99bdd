"""`/docs` works where there is no way out: every file is ours, and the browser is told to ask nobody else."""

import gzip
import re
from collections.abc import AsyncIterator, Callable
from hashlib import sha256
from typing import Any

import httpx
import pytest
from fastapi import FastAPI

from app.api.app import build_app
from app.api.reference_page import FILES
from app.health_data_center.asgi import build_app as build_hdc


async def _never(_: FastAPI) -> AsyncIterator[None]:
    yield


@pytest.fixture(params=[build_app, build_hdc], ids=["cdc", "hdc"])
async def http(request: pytest.FixtureRequest) -> AsyncIterator[httpx.AsyncClient]:
    build: Callable[[Any], FastAPI] = request.param
    transport = httpx.ASGITransport(build(_never))
    async with httpx.AsyncClient(transport=transport, base_url="http://testserver") as client:
        yield client


async def test_the_page_asks_no_other_host(http: httpx.AsyncClient) -> None:
    page = await http.get("/docs")
    assert page.status_code == 200
    assert "//" not in page.text
    policy = page.headers["content-security-policy"]
    assert "default-src 'none'" in policy
    assert "script-src 'self';" in policy
    assert "http" not in policy


async def test_every_file_of_the_page_is_there(http: httpx.AsyncClient) -> None:
    names = re.findall(r'(?:src|href)="([^"]+)"', (await http.get("/docs")).text)
    assert len(names) == 3
    for name in names:
        answer = await http.get(f"/{name}")
        assert answer.status_code == 200
        assert answer.headers["content-type"].startswith(("text/css", "text/javascript"))
        assert len(answer.text) > 100
    assert (await http.get("/openapi.json")).status_code == 200


async def test_nothing_else_lies_there(http: httpx.AsyncClient) -> None:
    for name in ("LICENSE", "..%2f..%2fsettings.py", "swagger-ui.css.gz"):
        assert (await http.get(f"/docs/{name}")).status_code == 404


def test_the_files_are_those_that_the_page_about_them_names() -> None:
    text = (FILES / "README.md").read_text(encoding="utf-8")
    named = dict(re.findall(r"\| `([\w.-]+)` \| `([0-9a-f]{64})` \|", text))
    assert named == {
        name: sha256(gzip.decompress((FILES / f"{name}.gz").read_bytes())).hexdigest()
        for name in ("swagger-ui-bundle.js", "swagger-ui.css")
    }
