"""The access policy in words, and why a decision fell as it did."""

from typing import Annotated
from uuid import UUID

from fastapi import APIRouter, Depends, Path

from app.api.deps import ServicesDep, caller_with
from app.api.schemas.policy import ExplanationOut, PolicyOut
from app.api.schemas.problem import problems
from app.core.access.scope import Scope
from app.services.context import Caller

router = APIRouter(tags=["policy"])

OFFICER = Depends(caller_with(Scope.POLICY_ADMIN))
Auditor = Annotated[Caller, Depends(caller_with(Scope.AUDIT_READ))]


@router.get(
    "/v1/policy",
    operation_id="read_policy",
    summary="The policy set in force, in words",
    dependencies=[OFFICER],
    responses=problems(401, 403, 503),
)
async def read_policy(services: ServicesDep) -> PolicyOut:
    """Rules in order, each with what it rests on."""
    return PolicyOut.of(services.access.policy)


@router.get(
    "/v1/policy/explanations/{event_id}",
    operation_id="explain_decision",
    summary="Why a request for access was permitted or denied",
    responses=problems(401, 403, 404, 422, 503),
)
async def explain_decision(
    event_id: Annotated[UUID, Path(description="Of an event of kind access.")],
    services: ServicesDep,
    caller: Auditor,
) -> ExplanationOut:
    """Of any past decision, from its event. Reading it is an event, too."""
    return ExplanationOut.of(await services.access.explain(event_id, caller))
