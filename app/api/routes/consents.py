"""Consent directives of a customer."""

from typing import Annotated
from uuid import UUID

from fastapi import APIRouter, Depends, Path, Query

from app.api.deps import GuardedRoute, ServicesDep, caller_with
from app.api.schemas.consents import ConsentIn, ConsentOut, ConsentPageOut, WithdrawalIn
from app.api.schemas.problem import problems
from app.core.access.scope import Scope
from app.services.context import Caller

router = APIRouter(tags=["consents"], route_class=GuardedRoute)

Writer = Annotated[Caller, Depends(caller_with(Scope.CONSENT_WRITE))]
Reader = Annotated[Caller, Depends(caller_with(Scope.CUSTOMER_READ))]
CustomerIdPath = Annotated[str, Path(description="A master customer ID.")]


@router.post(
    "/v1/customers/{customer_id}/consents",
    operation_id="record_consent",
    summary="Record what a customer permits or forbids",
    status_code=201,
    responses=problems(400, 401, 403, 404, 409, 410, 422, 503),
)
async def record_consent(
    customer_id: CustomerIdPath, body: ConsentIn, services: ServicesDep, caller: Writer
) -> ConsentOut:
    """In effect at once: a denial ends the customer's tokens, within 5 seconds everywhere."""
    record = await services.access.consents.record(customer_id, body.new(), caller)
    return ConsentOut.of(record, with_words=True)


@router.get(
    "/v1/customers/{customer_id}/consents",
    operation_id="list_consents",
    summary="A customer's consents, with their history",
    responses=problems(401, 403, 404, 409, 410, 422, 503),
)
async def list_consents(
    customer_id: CustomerIdPath,
    services: ServicesDep,
    caller: Reader,
    cursor: Annotated[UUID | None, Query(description="`next` of the page before.")] = None,
    limit: Annotated[int, Query(ge=1, le=200, description="Consents a page.")] = 50,
) -> ConsentPageOut:
    """Of those who were merged into the customer, too. Proofs are shown to callers with consent:write."""
    page = await services.access.consents.list(customer_id, cursor, limit, caller)
    return ConsentPageOut.of(page, Scope.CONSENT_WRITE in caller.claims.scopes)


@router.post(
    "/v1/customers/{customer_id}/consents/{consent_id}/withdraw",
    operation_id="withdraw_consent",
    summary="A customer takes back what they permitted or forbade",
    responses=problems(400, 401, 403, 404, 409, 410, 422, 503),
)
async def withdraw_consent(
    customer_id: CustomerIdPath,
    consent_id: Annotated[UUID, Path(description="Of the consent.")],
    body: WithdrawalIn,
    services: ServicesDep,
    caller: Writer,
) -> ConsentOut:
    """Once and for all; what is permitted again is a new consent. A permission's withdrawal forbids what it
    permitted, and ends the customer's tokens within 5 seconds everywhere."""
    record = await services.access.consents.withdraw(customer_id, consent_id, body.reason, caller)
    return ConsentOut.of(record, with_words=True)
