"""Many questions "who is this?" at once: one look-up, one transaction, one answer each."""

from collections.abc import Sequence
from dataclasses import dataclass
from uuid import UUID

from app.core.access.scope import Scope
from app.core.audit.event import Event, Kind
from app.core.identity.elements import GivenElements, IdentityElements
from app.core.identity.failure import InvalidElements
from app.core.matching.answer import Answer, Outcome
from app.core.matching.blocking import probe_keys
from app.core.matching.blocking_key import Key
from app.services.context import Caller
from app.services.errors import InsufficientScope
from app.services.match_event import match_event
from app.services.neighbourhood import Neighbourhood
from app.services.notice_probing import NoticeProbing
from app.services.ports import ElementsDigest, Units
from app.services.record_denial import RecordDenial
from app.services.resolver import Resolver
from app.services.scribe import Scribe

MOST_QUESTIONS = 1000


@dataclass(frozen=True, slots=True)
class Answered:
    """What one question brought."""

    match_id: UUID
    given: GivenElements
    answer: Answer


@dataclass(frozen=True, slots=True)
class _Question:
    given: GivenElements
    elements: IdentityElements
    probes: tuple[Key, ...]


@dataclass(frozen=True, slots=True)
class MatchBatch:
    """Answers as `MatchCustomer` does, without access: nothing is granted to a thousand people at once."""

    units: Units
    resolver: Resolver
    deny: RecordDenial
    digest: ElementsDigest
    scribe: Scribe
    probing: NoticeProbing

    async def __call__(
        self, questions: Sequence[GivenElements | InvalidElements], caller: Caller, explain: bool
    ) -> list[Answered | InvalidElements]:
        """One answer each, in order; what cannot be understood has its failures in its place.

        Raises `InsufficientScope`, `StorageUnavailable`.
        """
        if explain and Scope.MATCH_EXPLAIN not in caller.claims.scopes:
            await self.deny(caller, "insufficient_scope", kind=Kind.MATCH)
            raise InsufficientScope(Scope.MATCH_EXPLAIN)
        understood = [self._understand(question) for question in questions]
        asked = {key: None for q in understood if isinstance(q, _Question) for key in q.probes}
        async with self.units() as unit:
            near = Neighbourhood(await unit.index.find(tuple(asked)), self.resolver)
            done = [self._answer(question, near, caller, explain) for question in understood]
            unit.events.append(*(event for event, _ in (d for d in done if isinstance(d, tuple))))
            for question, answered in zip(understood, done, strict=True):
                if isinstance(question, _Question) and isinstance(answered, tuple):
                    missed = answered[1].answer.outcome is not Outcome.MATCH
                    self.probing(unit, caller.client, question.given, question.elements, missed=missed)
            await unit.commit()
        return [d[1] if isinstance(d, tuple) else d for d in done]

    def _understand(self, question: GivenElements | InvalidElements) -> _Question | InvalidElements:
        if isinstance(question, InvalidElements):
            return question
        try:
            elements = self.resolver.understand(question)
        except InvalidElements as wrong:
            return wrong
        return _Question(question, elements, probe_keys(elements))

    def _answer(
        self, question: _Question | InvalidElements, near: Neighbourhood, caller: Caller, explain: bool
    ) -> tuple[Event, Answered] | InvalidElements:
        if isinstance(question, InvalidElements):
            return question
        near_by = near.candidates(question.probes)
        answer = self.resolver.resolve(question.elements, near_by, brief=not explain)
        event = match_event(self.scribe, caller, question.given, answer, self.digest)
        return event, Answered(event.event_id, question.given, answer)
