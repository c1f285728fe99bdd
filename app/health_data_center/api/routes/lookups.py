"""`POST /v1/lookups`: from five elements to records, in one call."""

from typing import Any

import orjson
from fastapi import APIRouter, Request, Response
from pydantic import ValidationError

from app.health_data_center.access_log import Kind
from app.health_data_center.api.body import read_json
from app.health_data_center.api.contract import client_token, problems
from app.health_data_center.api.deps import CenterDep, OriginDep, TokenDep
from app.health_data_center.api.pages import page_out, position
from app.health_data_center.api.schemas import LookupIn, LookupOut
from app.health_data_center.field_errors import all_from_pydantic
from app.health_data_center.problems import invalid_input
from app.health_data_center.record_store import RecordQuery
from app.health_data_center.services.look_up import ELEMENTS, Question

router = APIRouter(tags=["lookups"])

_LARGEST_BODY = 64 * 1024


@router.post(
    "/v1/lookups",
    operation_id="look_up",
    summary="The records of the person whom the five elements name",
    responses={200: {"model": LookupOut}, **problems(400, 401, 403, 413, 415, 422, 429, 503)},
    openapi_extra=client_token("customer:match", body="LookupIn"),
)
async def look_up(request: Request, center: CenterDep, origin: OriginDep, token: TokenDep) -> Response:
    """Takes a token fetched with `resource` = this center. 403 `not_available` for unknown, uncertain and
    closed alike."""
    caller = await center.gate.partner(token, origin, Kind.LOOKUP, "customer:match")
    question = _question(await read_json(request, _LARGEST_BODY))
    found = await center.look_up(caller, question)
    records = {domain.value: page_out(page) for domain, page in found.pages.items()}
    body = orjson.dumps({"customer_id": found.customer_id, "records": records})
    return Response(body, headers={"Cache-Control": "no-store"}, media_type="application/json")


def _question(body: Any) -> Question:
    """Raises `Problem` naming every field at fault."""
    try:
        given = LookupIn.model_validate(body)
    except ValidationError as error:
        raise invalid_input(all_from_pydantic(error)) from None
    domains = tuple(dict.fromkeys(given.domains))
    queries = {
        domain: RecordQuery(
            limit=given.limit, after=position(getattr(given.cursors, domain.value), f"cursors.{domain.value}")
        )
        for domain in domains
    }
    elements = {name: getattr(given, name) for name in ELEMENTS}
    return Question(elements, domains, given.purpose, given.reason, queries)
