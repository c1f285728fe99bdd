"""`POST /v1/match`: who is this?"""

from time import perf_counter
from typing import Annotated

from fastapi import APIRouter, Depends, Query, Request

from app.api.answers import match_out
from app.api.deps import caller_with, services_of
from app.api.direct_route import DirectRoute
from app.api.metrics import matches
from app.api.schemas.match import AccessOut, AuthorizationDetail, MatchIn, MatchOut
from app.api.schemas.problem import problems
from app.core.access.authorization_details import write_authorization_details
from app.core.access.claims import CustomerGrant
from app.core.access.scope import Scope
from app.services.context import Caller
from app.services.match_customer import Permitted, Refused

router = APIRouter(tags=["match"], route_class=DirectRoute)


@router.post(
    "/v1/match",
    operation_id="match_customer",
    summary="Resolve the five identity elements to a master customer ID",
    response_model_exclude_unset=True,
    responses=problems(400, 401, 403, 422, 503),
)
async def match_customer(
    body: MatchIn,
    request: Request,
    caller: Annotated[Caller, Depends(caller_with(Scope.CUSTOMER_MATCH))],
    explain: Annotated[bool, Query(description="With candidates and weights; needs match:explain.")] = False,
) -> MatchOut:
    """Exact, then fuzzy. With `access`, a permit brings a short-lived token bound to the customer."""
    began = perf_counter()
    access = body.access.asked() if body.access else None
    services = services_of(request)
    await services.limit_rate.questions(caller.client, caller.origin, 1)
    matched = await services.match_customer(body.given(), access, caller, explain)
    answer = matched.answer
    matches(answer.outcome).inc()
    clear = Scope.CUSTOMER_STEWARD in caller.claims.scopes if explain else None
    out = match_out(matched.match_id, body.given(), answer, clear)
    if matched.access is not None:
        out.access = _access(matched.access)
    if isinstance(matched.access, Refused):
        await services.even_time.wait(began)
    return out


def _access(access: Permitted | Refused) -> AccessOut:
    if isinstance(access, Refused):
        return AccessOut(decision="deny", reasons=list(access.reasons))
    return AccessOut(
        decision="permit",
        reasons=list(access.reasons),
        access_token=access.token.token,
        token_type="Bearer",  # noqa: S106 - RFC 6750's word
        expires_in=access.token.expires_in,
        authorization_details=[_detail(access.token.claims.grant)] if access.token.claims.grant else [],
    )


def _detail(grant: CustomerGrant) -> AuthorizationDetail:
    (detail,) = write_authorization_details(grant)
    return AuthorizationDetail.model_validate(detail)
