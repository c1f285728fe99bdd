"""Source systems register their people and read whom they belong to."""

import re
from typing import Annotated

from fastapi import APIRouter, Depends, Header, Path, Query, Response

from app.api.deps import GuardedRoute, ServicesDep, caller_with
from app.api.golden_record import customer_out, reference_out
from app.api.schemas.index import CrossReferenceOut, CustomerOut, RegisterIn, RegisterOut, SourceMergeIn
from app.api.schemas.moment import Moment
from app.api.schemas.problem import MOVED, problems
from app.core.access.scope import Scope
from app.core.index.customer import LocalId
from app.services.context import Caller
from app.services.errors import InvalidRequest
from app.services.placing import ANY_VERSION, Registration
from app.services.read_row import MAX_ID, identifier_rule, is_identifier

router = APIRouter(tags=["index"], route_class=GuardedRoute)

SourceSystem = Annotated[
    str, Path(max_length=MAX_ID, description="A system that registers people.", examples=["medical"])
]
LocalIdPath = Annotated[
    str, Path(max_length=MAX_ID, description="Its own ID of the person.", examples=["P000123"])
]
CustomerId = Annotated[str, Path(description="A master customer ID.", examples=["CM6SC7N75YR3HGA9TO"])]


def local(source_system: SourceSystem, local_id: LocalIdPath) -> LocalId:
    """The path's local ID, where it is one."""
    for field, value in (("source_system", source_system), ("local_id", local_id)):
        if not is_identifier(value):
            raise InvalidRequest(field, identifier_rule())
    return LocalId(source_system, local_id)


LocalIdDep = Annotated[LocalId, Depends(local)]


_VERSION = {"ETag": {"description": "The record's version.", "schema": {"type": "string"}}}
_NO_VERSION = 0
_ETAG = re.compile(r'"([0-9]{1,9})"')


def etag(version: int | None) -> str:
    """A record's version as an entity tag."""
    return f'"{version}"'


def if_version(
    if_match: Annotated[
        str | None, Header(description="An `ETag` of this record, or `*`.", examples=['"3"'])
    ] = None,
) -> int | None:
    """The version that If-Match names (RFC 9110 section 13.1.1); any other tag is a version that no record
    has, so that who calls is asked first."""
    if if_match is None:
        return None
    if if_match.strip() == "*":
        return ANY_VERSION
    tag = _ETAG.fullmatch(if_match.strip())
    return int(tag[1]) if tag else _NO_VERSION


IfVersion = Annotated[int | None, Depends(if_version)]


@router.put(
    "/v1/sources/{source_system}/customers/{local_id}",
    operation_id="register_source_record",
    summary="Register or update a source record",
    responses={200: {"headers": _VERSION}, **problems(400, 401, 403, 409, 412, 422, 503)},
)
async def register_source_record(
    where: LocalIdDep,
    body: RegisterIn,
    if_version: IfVersion,
    response: Response,
    services: ServicesDep,
    caller: Annotated[Caller, Depends(caller_with(Scope.CUSTOMER_REGISTER))],
) -> RegisterOut:
    """Idempotent: the same content again changes nothing. The answer's `ETag` is the record's version; with
    `If-Match` only that version is replaced."""
    more = body.attributes.said() if body.attributes else None
    said = services.read_basic_data(body.verification, more)
    registration = Registration(
        where, body.given(), said.deceased, said.verification, said.attributes, if_version
    )
    done = await services.register_customer.put(registration, caller)
    response.headers["ETag"] = etag(done.version)
    return RegisterOut(customer_id=done.customer_id, outcome=done.outcome)


@router.get(
    "/v1/sources/{source_system}/customers/{local_id}",
    operation_id="read_cross_reference",
    summary="The master customer ID of a local ID",
    responses={200: {"headers": _VERSION}, **problems(401, 403, 404, 422, 503)},
)
async def read_cross_reference(
    where: LocalIdDep,
    services: ServicesDep,
    caller: Annotated[Caller, Depends(caller_with(Scope.CUSTOMER_READ))],
    response: Response,
) -> CrossReferenceOut:
    """404 where the source system has nobody under that local ID. `ETag` is the record's version."""
    reference = await services.read_customer.cross_reference(where, caller)
    response.headers["ETag"] = etag(reference.version)
    return reference_out(reference)


@router.delete(
    "/v1/sources/{source_system}/customers/{local_id}",
    operation_id="withdraw_source_record",
    summary="Withdraw a source record",
    status_code=204,
    responses=problems(401, 403, 404, 409, 412, 422, 503),
)
async def withdraw_source_record(
    where: LocalIdDep,
    if_version: IfVersion,
    services: ServicesDep,
    caller: Annotated[Caller, Depends(caller_with(Scope.CUSTOMER_REGISTER))],
) -> None:
    """The record leaves the index, its history stays. The customer's ID is never given to anybody else."""
    await services.change_source_record.withdraw(where, if_version, caller)


@router.post(
    "/v1/sources/{source_system}/customers/{local_id}/merge",
    operation_id="merge_source_records",
    summary="Say that two local IDs of a source system are one person",
    responses=problems(400, 401, 403, 404, 409, 422, 503),
)
async def merge_source_records(
    where: LocalIdDep,
    body: SourceMergeIn,
    services: ServicesDep,
    caller: Annotated[Caller, Depends(caller_with(Scope.CUSTOMER_REGISTER))],
) -> CrossReferenceOut:
    """The record becomes the customer's whose `into` is. Where it is all that its own customer has, that
    customer is merged; else a steward is asked about what other systems know of them."""
    return reference_out(await services.change_source_record.merge(where, body.into, caller))


@router.get(
    "/v1/customers/{customer_id}",
    operation_id="read_customer",
    summary="The golden record and cross-references of a customer",
    responses={307: MOVED, **problems(401, 403, 404, 422, 503)},
)
async def read_customer(
    customer_id: CustomerId,
    services: ServicesDep,
    caller: Annotated[Caller, Depends(caller_with(Scope.CUSTOMER_READ))],
    at: Annotated[Moment | None, Query(description="As they were known then: RFC 3339.")] = None,
) -> CustomerOut:
    """Made of the records of the source systems that the client is bound to, and of no other; 403 where there
    is none. A malformed ID is a 404. After a merge the answer is 307 to the survivor. `at` tells who this was
    then, under the ID of then."""
    if at is not None:
        return customer_out(await services.read_history(customer_id, at, caller))
    return customer_out(await services.read_customer.customer(customer_id, caller))
