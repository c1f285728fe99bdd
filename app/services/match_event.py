"""The log's line of one question and its answer."""

from app.core.audit.event import Event, Kind
from app.core.identity.elements import GivenElements
from app.core.matching.answer import Answer
from app.services.context import Caller
from app.services.elements_digest import digest_of
from app.services.ports import ElementsDigest
from app.services.scribe import Scribe


def match_event(
    scribe: Scribe, caller: Caller, given: GivenElements, answer: Answer, digest: ElementsDigest
) -> Event:
    """Who was asked for, by a keyed digest of the elements, and what was found. Its ID is the match's."""
    match_id = scribe.ids.uuid()
    return scribe(
        caller,
        Kind.MATCH,
        answer.outcome,
        event_id=match_id,
        match_id=str(match_id),
        customer_id=answer.customer_id,
        reasons=(*answer.flags, *answer.reasons),
        grade=answer.grade,
        elements_digest=digest_of(given, digest),
        model=answer.model,
    )
