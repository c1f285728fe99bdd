"""Records: taken from source systems, given to bearers of customer-bound tokens."""

import re
from collections.abc import Sequence
from datetime import datetime
from typing import Annotated, Any

import orjson
from fastapi import APIRouter, Path, Query, Request, Response
from pydantic import ValidationError
from pydantic.config import JsonDict

from app.health_data_center.access_log import Kind
from app.health_data_center.api.body import read_json
from app.health_data_center.api.contract import client_token, customer_token, problems
from app.health_data_center.api.deps import CenterDep, OriginDep, TokenDep
from app.health_data_center.api.pages import page_out, position
from app.health_data_center.api.schemas import (
    LARGEST_BATCH,
    LARGEST_PAGE,
    RecordPage,
    WrittenPage,
)
from app.health_data_center.domains import Domain
from app.health_data_center.field_errors import FieldError, all_from_pydantic
from app.health_data_center.problems import Problem, invalid_input
from app.health_data_center.record_store import Outcome, RecordQuery, Written
from app.health_data_center.records.fields import CUSTOMER_ID_PATTERN, MOMENT_EXPECTED, parse_moment
from app.health_data_center.records.record import KINDS, RECORD, Record

router = APIRouter(tags=["records"])

_LARGEST_BODY = 1024 * 1024
_CUSTOMER_ID = re.compile(CUSTOMER_ID_PATTERN)
_DOMAINS: JsonDict = {"enum": [domain.value for domain in Domain]}
_KINDS: JsonDict = {"enum": [kind for kinds in KINDS.values() for kind in kinds]}


@router.post(
    "/v1/records",
    operation_id="write_records",
    summary="Store one record, or up to 1,000 under `items`",
    status_code=201,
    responses={
        200: {"model": WrittenPage, "description": "All were there already."},
        201: {"model": WrittenPage, "description": "At least one is new."},
        **problems(400, 401, 403, 409, 413, 415, 422, 503),
    },
    openapi_extra=client_token("records:write", body="RecordsIn"),
)
async def write_records(request: Request, center: CenterDep, origin: OriginDep, token: TokenDep) -> Response:
    """All or none. The same record posted again is `unchanged`; a corrected one is `updated`."""
    caller = await center.gate.partner(token, origin, Kind.RECORDS_WRITE, "records:write")
    given = _records(await read_json(request, _LARGEST_BODY))
    written = await center.write_records(caller, given)
    created = any(w.outcome is Outcome.CREATED for w in written)
    body = orjson.dumps({"items": [_written_out(w) for w in written]})
    return Response(body, 201 if created else 200, media_type="application/json")


@router.get(
    "/v1/customers/{customer_id}/records/{domain}",
    operation_id="read_records",
    summary="A customer's records of one domain, newest first",
    responses={200: {"model": RecordPage}, **problems(401, 403, 404, 422, 503)},
    openapi_extra=customer_token(),
)
async def read_records(
    customer_id: Annotated[str, Path(description="A master customer ID.")],
    domain: Annotated[str, Path(description="The domain of the records.", json_schema_extra=_DOMAINS)],
    center: CenterDep,
    origin: OriginDep,
    token: TokenDep,
    kind: Annotated[
        str | None, Query(description="Only records of this kind.", json_schema_extra=_KINDS)
    ] = None,
    since: Annotated[
        str | None,
        Query(alias="from", description="RFC 3339, inclusive.", json_schema_extra={"format": "date-time"}),
    ] = None,
    until: Annotated[
        str | None,
        Query(alias="to", description="RFC 3339, exclusive.", json_schema_extra={"format": "date-time"}),
    ] = None,
    limit: Annotated[int, Query(ge=1, le=LARGEST_PAGE, description="Records a page.")] = 50,
    cursor: Annotated[str | None, Query(description="The `next` of an earlier answer.")] = None,
) -> Response:
    """The token must be bound to this customer and domain; the CDC issues it with a permitted match."""
    caller = await center.gate.bearer(token, origin)
    if not _CUSTOMER_ID.fullmatch(customer_id):
        raise Problem(404, "not_found", "Not found")
    which = _domain(domain)
    query = RecordQuery(
        kind=_kind(kind, which),
        since=_moment(since, "from"),
        until=_moment(until, "to"),
        limit=limit,
        after=position(cursor, "cursor"),
    )
    page = await center.read_records(caller, customer_id, which, query)
    headers = {"Cache-Control": "no-store"}
    return Response(orjson.dumps(page_out(page)), headers=headers, media_type="application/json")


def _records(body: Any) -> Sequence[Record]:
    """One record, or those under `items`. Raises `Problem` naming every field at fault."""
    batch = isinstance(body, dict) and "items" in body
    items = body["items"] if batch else [body]
    if not isinstance(items, list) or not 1 <= len(items) <= LARGEST_BATCH:
        raise invalid_input([FieldError("items", "length", f"a list of 1 to {LARGEST_BATCH} records")])
    found: list[Record] = []
    faults: list[FieldError] = []
    for index, item in enumerate(items):
        try:
            found.append(RECORD.validate_python(item))
        except ValidationError as error:
            faults += all_from_pydantic(error, skip=1, prefix=f"items[{index}]" if batch else "")
    faults += _repeated(found) if not faults else []
    if faults:
        raise invalid_input(faults)
    return found


def _repeated(found: Sequence[Record]) -> list[FieldError]:
    seen: set[tuple[str, str]] = set()
    faults: list[FieldError] = []
    for index, record in enumerate(found):
        key = (record.source_system, record.source_id)
        if key in seen:
            faults.append(
                FieldError(f"items[{index}].source_id", "repeated", "each record once in a request")
            )
        seen.add(key)
    return faults


def _domain(text: str) -> Domain:
    try:
        return Domain(text)
    except ValueError:
        raise Problem(404, "not_found", "Not found") from None


def _kind(text: str | None, domain: Domain) -> str | None:
    if text is not None and text not in KINDS[domain]:
        raise invalid_input([FieldError("kind", "kind", f"one of {', '.join(KINDS[domain])}")])
    return text


def _moment(text: str | None, field: str) -> datetime | None:
    if text is None:
        return None
    try:
        return parse_moment(text)
    except ValueError:
        raise invalid_input([FieldError(field, "moment", MOMENT_EXPECTED)]) from None


def _written_out(written: Written) -> dict[str, str]:
    return {
        "record_id": written.record_id,
        "source_system": written.record.source_system,
        "source_id": written.record.source_id,
        "outcome": written.outcome.value,
    }
