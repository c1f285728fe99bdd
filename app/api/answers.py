"""The answer to "who is this?" on the wire."""

from uuid import UUID

from app.api.explanation import candidates_out
from app.api.schemas.match import MatchOut
from app.core.identity.elements import GivenElements
from app.core.matching.answer import Answer


def match_out(match_id: UUID, given: GivenElements, answer: Answer, clear: bool | None) -> MatchOut:
    """`clear`: stored values in clear, or masked; None: no candidates are told."""
    out = MatchOut(
        match_id=match_id,
        outcome=answer.outcome,
        grade=answer.grade,
        method=answer.method,
        customer_id=answer.customer_id,
        flags=list(answer.flags),
        model=answer.model,
    )
    if clear is not None:
        out.candidates = candidates_out(given, answer, clear)
    return out
