"""Many at once: batches of questions, and the whole cross-index as a stream."""

from collections.abc import AsyncIterator
from contextlib import aclosing
from typing import Annotated, Any

import orjson
from fastapi import APIRouter, Depends, Query
from fastapi.responses import StreamingResponse
from pydantic import ValidationError

from app.api.answers import match_out
from app.api.deps import GuardedRoute, ServicesDep, caller_with
from app.api.errors import field_errors, input_error
from app.api.metrics import matches
from app.api.schemas.bulk import BatchAnswerOut, MatchBatchIn, MatchBatchOut, QuestionErrorOut
from app.api.schemas.elements import ElementsIn
from app.api.schemas.problem import FieldError, problems
from app.core.access.scope import Scope
from app.core.identity.elements import GivenElements
from app.core.identity.failure import InvalidElement, InvalidElements
from app.core.index.customer import CrossReference
from app.services.context import Caller
from app.services.match_batch import Answered
from app.services.read_row import MAX_ID

router = APIRouter(route_class=GuardedRoute)
NDJSON = "application/x-ndjson"
_LINES_AT_ONCE = 200


@router.post(
    "/v1/match/batch",
    operation_id="match_batch",
    summary="Resolve up to 1,000 people at once",
    tags=["match"],
    response_model_exclude_unset=True,
    responses=problems(400, 401, 403, 422, 503),
)
async def match_batch(
    body: MatchBatchIn,
    services: ServicesDep,
    caller: Annotated[Caller, Depends(caller_with(Scope.CUSTOMER_MATCH))],
    explain: Annotated[bool, Query(description="With candidates and weights; needs match:explain.")] = False,
) -> MatchBatchOut:
    """Each question is answered, and logged, as `POST /v1/match` would; access cannot be asked for here."""
    questions = [_question(question) for question in body.questions]
    await services.limit_rate.questions(caller.client, caller.origin, len(questions))
    answered = await services.match_batch(questions, caller, explain)
    clear = Scope.CUSTOMER_STEWARD in caller.claims.scopes if explain else None
    return MatchBatchOut(answers=[_answer(one, clear) for one in answered])


@router.get(
    "/v1/cross-references",
    operation_id="list_cross_references",
    summary="Every local ID with its master customer ID, as a stream",
    tags=["index"],
    response_class=StreamingResponse,
    responses={200: {"content": {NDJSON: {}}}, **problems(401, 403, 422, 503)},
)
async def list_cross_references(
    services: ServicesDep,
    caller: Annotated[Caller, Depends(caller_with(Scope.CUSTOMER_READ))],
    source_system: Annotated[str | None, Query(max_length=MAX_ID, description="Only this one's.")] = None,
) -> StreamingResponse:
    """NDJSON: `{source_system, local_id, customer_id}`. A bound client receives its own systems' alone."""
    systems = await services.stream_cross_references.begin(source_system, caller)
    return StreamingResponse(_lines(services.stream_cross_references.read(systems)), media_type=NDJSON)


async def _lines(references: AsyncIterator[CrossReference]) -> AsyncIterator[bytes]:
    """Some lines at a time: one write a line would cost more than the reading."""
    pending: list[bytes] = []
    async with aclosing(references) as read:  # type: ignore[type-var]
        async for reference in read:
            pending.append(orjson.dumps(_row(reference), option=orjson.OPT_APPEND_NEWLINE))
            if len(pending) == _LINES_AT_ONCE:
                yield b"".join(pending)
                pending.clear()
    if pending:
        yield b"".join(pending)


def _row(reference: CrossReference) -> dict[str, str]:
    return {
        "source_system": reference.local.source_system,
        "local_id": reference.local.local_id,
        "customer_id": reference.customer_id,
    }


def _question(question: dict[str, Any]) -> GivenElements | InvalidElements:
    if question.get("access") is not None:
        return InvalidElements([InvalidElement("access", "not_here", "ask POST /v1/match, one by one")])
    try:
        return ElementsIn.model_validate(question).given()
    except ValidationError as wrong:
        fields = [input_error({**error}) for error in wrong.errors()]
        return InvalidElements([InvalidElement(f["field"], f["code"], f["expected"]) for f in fields])


def _answer(one: Answered | InvalidElements, clear: bool | None) -> BatchAnswerOut:
    if isinstance(one, InvalidElements):
        errors = [FieldError.model_validate(error) for error in field_errors(one)]
        return BatchAnswerOut(error=QuestionErrorOut(code="invalid_input", errors=errors))
    matches(one.answer.outcome).inc()
    return BatchAnswerOut(answer=match_out(one.match_id, one.given, one.answer, clear))
