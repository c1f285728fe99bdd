"""The direct way answers as the framework's does."""

from typing import Annotated, Any

import pytest
from fastapi import APIRouter, Depends, Request
from pydantic import BaseModel

from app.api.deps import caller_with
from app.api.direct_route import DirectRoute
from app.core.access.scope import Scope
from app.services.context import Caller

ROUNDABOUT = "/v1/match?explain=false"
BODIES = {
    "empty": b"",
    "no JSON": b"{",
    "a list": b"[]",
    "a text": b'"Wang"',
    "null": b"null",
    "missing elements": b'{"name": "Wang"}',
    "an unknown element": b'{"nickname": "Wang"}',
}


@pytest.mark.parametrize("body", BODIES.values(), ids=BODIES.keys())
async def test_a_wrong_body_gets_the_same_answer_either_way(center: Any, body: bytes) -> None:
    headers = {**await center.bearer("partner", Scope.CUSTOMER_MATCH), "Content-Type": "application/json"}
    direct = await center.http.post("/v1/match", content=body, headers=headers)
    roundabout = await center.http.post(ROUNDABOUT, content=body, headers=headers)
    assert (direct.status_code, direct.json()) == (roundabout.status_code, roundabout.json())
    assert direct.status_code in (400, 422)


async def test_a_good_body_gets_the_same_answer_either_way(center: Any, person: Any) -> None:
    headers = await center.bearer("partner", Scope.CUSTOMER_MATCH)
    direct = (await center.http.post("/v1/match", json=person, headers=headers)).json()
    roundabout = (await center.http.post(ROUNDABOUT, json=person, headers=headers)).json()
    assert direct.pop("match_id") != roundabout.pop("match_id")
    assert direct == roundabout


async def test_another_media_type_is_not_read(center: Any) -> None:
    headers = {**await center.bearer("partner", Scope.CUSTOMER_MATCH), "Content-Type": "text/plain"}
    assert (await center.http.post("/v1/match", content=b"{}", headers=headers)).status_code == 422


async def test_who_calls_is_asked_first(center: Any) -> None:
    headers = {"Content-Type": "application/json"}
    assert (await center.http.post("/v1/match", content=b"{", headers=headers)).status_code == 401


class _Body(BaseModel):
    number: int


def test_a_declaration_that_asks_for_more_is_refused() -> None:
    router = APIRouter(route_class=DirectRoute)
    with pytest.raises(ValueError, match="is no direct route"):

        @router.post("/v1/direct")
        async def without_a_request(
            body: _Body, caller: Annotated[Caller, Depends(caller_with(Scope.CUSTOMER_MATCH))]
        ) -> _Body:
            return body


def test_a_route_without_a_guard_is_refused() -> None:
    router = APIRouter(route_class=DirectRoute)
    with pytest.raises(ValueError):  # noqa: PT011 - unpacking says it

        @router.post("/v1/direct")
        async def unguarded(body: _Body, request: Request) -> _Body:
            return body


async def test_an_endpoint_that_takes_the_request_alone_still_has_one_method(center: Any) -> None:
    answer = await center.http.get("/oauth2/token")
    assert (answer.status_code, answer.headers["allow"]) == (405, "POST")
