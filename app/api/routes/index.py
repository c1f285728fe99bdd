"""Source systems register their people and read whom they belong to."""

from typing import Annotated

from fastapi import APIRouter, Depends, Path

from app.api.deps import ServicesDep, caller_with
from app.api.golden_record import customer_out, reference_out
from app.api.schemas.index import CrossReferenceOut, CustomerOut, RegisterIn, RegisterOut
from app.api.schemas.problem import problems
from app.core.access.scope import Scope
from app.core.index.customer import LocalId
from app.services.context import Caller
from app.services.errors import InvalidRequest
from app.services.import_source_records import MAX_ID, identifier_rule, is_identifier
from app.services.placing import Registration

router = APIRouter(tags=["index"])

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


@router.put(
    "/v1/sources/{source_system}/customers/{local_id}",
    operation_id="register_source_record",
    summary="Register or update a source record",
    responses=problems(400, 401, 403, 409, 422, 503),
)
async def register_source_record(
    where: LocalIdDep,
    body: RegisterIn,
    services: ServicesDep,
    caller: Annotated[Caller, Depends(caller_with(Scope.CUSTOMER_REGISTER))],
) -> RegisterOut:
    """Idempotent: the same content again changes nothing."""
    more = body.attributes.said() if body.attributes else None
    said = services.read_basic_data(body.verification, more)
    registration = Registration(where, body.given(), said.deceased, said.verification, said.attributes)
    done = await services.register_customer.put(registration, caller)
    return RegisterOut(customer_id=done.customer_id, outcome=done.outcome)


@router.get(
    "/v1/sources/{source_system}/customers/{local_id}",
    operation_id="read_cross_reference",
    summary="The master customer ID of a local ID",
    responses=problems(401, 403, 404, 422, 503),
)
async def read_cross_reference(
    where: LocalIdDep,
    services: ServicesDep,
    caller: Annotated[Caller, Depends(caller_with(Scope.CUSTOMER_READ))],
) -> CrossReferenceOut:
    """404 where the source system has registered nobody under that local ID."""
    return reference_out(await services.read_customer.cross_reference(where, caller))


@router.get(
    "/v1/customers/{customer_id}",
    operation_id="read_customer",
    summary="The golden record and cross-references of a customer",
    responses=problems(401, 403, 404, 503),
)
async def read_customer(
    customer_id: CustomerId,
    services: ServicesDep,
    caller: Annotated[Caller, Depends(caller_with(Scope.CUSTOMER_READ))],
) -> CustomerOut:
    """A client sees the cross-references of the source systems it is bound to; a malformed ID is a 404."""
    view = await services.read_customer.customer(customer_id, caller)
    return customer_out(view, caller.client)
