"""The second road: a partner who knows a person only by five elements gets the records, or one refusal."""

from collections.abc import Mapping
from dataclasses import dataclass, replace
from typing import Any

from app.health_data_center.access_log import AccessEvent, Kind, Result, append
from app.health_data_center.cdc_client import Answer, CdcClient, CdcUnavailable, ExchangeRefused
from app.health_data_center.cipher import Unreadable
from app.health_data_center.domains import Domain, Purpose
from app.health_data_center.field_errors import FieldError
from app.health_data_center.problems import (
    Problem,
    insufficient_scope,
    invalid_input,
    not_authenticated,
    not_available,
)
from app.health_data_center.record_store import Opening, Page, RecordQuery, RecordStore
from app.health_data_center.services.gate import Caller, Gate
from app.health_data_center.tokens.claims import Grant
from app.health_data_center.tokens.compact import InvalidToken

ELEMENTS = ("name", "gender", "birth_date", "id_type", "id_number")


@dataclass(frozen=True, slots=True)
class Question:
    """Whose records, of which domains, why. `elements` are the five as the partner gave them."""

    elements: Mapping[str, str | None]
    domains: tuple[Domain, ...]
    purpose: Purpose
    reason: str | None
    queries: Mapping[Domain, RecordQuery]


@dataclass(frozen=True, slots=True)
class Found:
    """The customer and a page of each domain asked for."""

    customer_id: str
    pages: Mapping[Domain, Page]


@dataclass(frozen=True, slots=True)
class LookUp:
    """Asks the CDC with the partner's own token exchanged, and believes only the token it gets back."""

    gate: Gate
    store: RecordStore
    cdc: CdcClient
    actor_id: str

    async def __call__(self, caller: Caller, question: Question) -> Found:
        """Raises `Problem`, `CdcUnavailable`, `StorageUnavailable` and `Unreadable`."""
        event = replace(
            caller.event(Kind.LOOKUP, Result.DENY, self.gate.now()),
            domains=tuple(domain.value for domain in question.domains),
            purpose=question.purpose.value,
        )
        try:
            answer = await self._ask(caller, question)
            grant = await self._grant(caller, question, answer)
        except CdcUnavailable as error:
            await self.gate.log(replace(event, outcome=Result.ERROR, reasons=(error.reason,)))
            raise
        except ExchangeRefused:
            await self.gate.log(replace(event, reasons=("exchange_refused",)))
            raise not_authenticated(self.gate.own_audience, token_given=True) from None
        except Problem as problem:
            reasons = tuple(problem.reasons) or (problem.code,)
            await self.gate.log(replace(event, reasons=reasons))
            raise
        event = replace(event, customer_id=grant.customer_id, outcome=Result.PERMIT)
        return await self._read(event, grant, question, caller)

    async def _ask(self, caller: Caller, question: Question) -> Answer:
        request_id = caller.origin.request_id
        token = await self.cdc.exchange(caller.token, request_id)
        access: dict[str, Any] = {"domains": list(question.domains), "purpose": question.purpose}
        if question.reason is not None:
            access["reason"] = question.reason
        return await self.cdc.match({**question.elements, "access": access}, token, request_id)

    async def _grant(self, caller: Caller, question: Question, answer: Answer) -> Grant:
        """What the CDC's answer opens. Raises `Problem` (refused) and `CdcUnavailable` (a strange answer)."""
        if answer.status != 200:
            raise _refusal(answer, self.gate.own_audience)
        access = answer.body.get("access")
        if not isinstance(access, dict) or access.get("decision") not in ("permit", "deny"):
            raise CdcUnavailable("bad_answer")
        if access["decision"] == "deny":
            raise not_available(_codes(access.get("reasons")))
        token = access.get("access_token")
        if not isinstance(token, str):
            raise CdcUnavailable("bad_answer")
        try:
            claims = await self.gate.verifier.verify(token, self.gate.records_audience)
        except InvalidToken:
            raise CdcUnavailable("bad_token") from None
        grant = claims.grant
        if (
            grant is None
            or claims.client_id != caller.claims.client_id
            or claims.actor != self.actor_id
            or grant.customer_id != answer.body.get("customer_id")
            or grant.purpose != question.purpose
            or not set(question.domains) <= set(grant.domains)
        ):
            raise CdcUnavailable("bad_token")
        return grant

    async def _read(self, event: AccessEvent, grant: Grant, question: Question, caller: Caller) -> Found:
        pages: dict[Domain, Page] = {}
        customer_id = grant.customer_id
        opening = Opening(caller.claims.client_id, grant.sensitive, grant.withheld)
        try:
            async with self.gate.database.transaction() as connection:
                for domain in question.domains:
                    query = question.queries[domain]
                    page = await self.store.page(connection, customer_id, domain.value, query, opening)
                    pages[domain] = page
                given = sum(len(page.items) for page in pages.values())
                await append(connection, [replace(event, records=given)])
        except Unreadable:
            await self.gate.log(replace(event, outcome=Result.ERROR, reasons=("record_unreadable",)))
            raise
        return Found(customer_id, pages)


def _refusal(answer: Answer, audience: str) -> Problem:
    """The CDC's refusals that are the partner's to hear. Raises `CdcUnavailable` for all others."""
    if answer.status in (400, 422):
        return invalid_input(_field_errors(answer.body.get("errors")))
    if answer.status == 401:
        return not_authenticated(audience, token_given=True)
    if answer.status == 403:
        return insufficient_scope("customer:match")
    if answer.status == 429:
        wait = answer.retry_after if answer.retry_after and answer.retry_after.isdigit() else "1"
        return Problem(429, "too_many_requests", "Too many requests", headers={"Retry-After": wait})
    raise CdcUnavailable(f"status_{answer.status}")


def _codes(reasons: object) -> list[str]:
    if not isinstance(reasons, list) or not all(isinstance(reason, str) for reason in reasons):
        raise CdcUnavailable("bad_answer")
    return reasons


def _field_errors(errors: object) -> list[FieldError]:
    """The CDC's field errors, in this center's terms: what it calls `access.purpose` is `purpose` here."""
    found: list[FieldError] = []
    for error in errors if isinstance(errors, list) else []:
        if isinstance(error, dict):
            name, code = str(error.get("field", "")), str(error.get("code", "invalid"))
            expected = str(error.get("expected", "a usable value"))
            found.append(FieldError(name.removeprefix("access."), code, expected))
    return found
