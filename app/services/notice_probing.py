"""Notices a client that tries people or numbers until one fits, slows it down and raises an alert."""

from dataclasses import dataclass

from app.core.access.client import Client
from app.core.audit.alert import Probing, Severity, Sighting, Threshold
from app.core.identity.elements import GivenElements, IdentityElements
from app.services.limit_rate import slow_key
from app.services.ports import ElementsDigest, UnitOfWork
from app.services.raise_alert import RaiseAlert
from app.services.watch_ports import Tallies

MISSES = "probing_misses"
PEOPLE = "probing_people_with_one_number"
NUMBERS = "probing_numbers_with_one_person"


@dataclass(frozen=True, slots=True)
class NoticeProbing:
    """Counts questions that brought no answer, and of those how far one element stays while others vary.

    What is kept for an hour are keyed digests. A client without a rate is not watched. Each finding slows the
    client further, for longer, and begins the count anew.
    """

    tallies: Tallies
    digest: ElementsDigest
    rules: Probing
    alarm: RaiseAlert

    def __call__(
        self,
        unit: UnitOfWork,
        client: Client,
        given: GivenElements,
        elements: IdentityElements,
        *,
        missed: bool,
    ) -> None:
        """Notes one question; what it finds is written by `unit`. `missed`: the answer helped nobody."""
        if client.rate is None:
            return
        name, misses = client.client_id, self.rules.misses
        asked = self.tallies.count(f"asked/{name}", misses.seconds)
        if not missed:
            return
        total = self.tallies.count(f"missed/{name}", misses.seconds)
        if total >= misses.least and total >= self.rules.share * asked:
            self.tallies.forget(f"asked/{name}")
            self.tallies.forget(f"missed/{name}")
            self._found(unit, client, MISSES, total, misses)
        self._note_variations(unit, client, given, elements)

    def _note_variations(
        self, unit: UnitOfWork, client: Client, given: GivenElements, elements: IdentityElements
    ) -> None:
        number, person = self._number(elements), self._person(given, elements)
        if number is None or person is None:
            return
        longest = max(self.rules.people.seconds, self.rules.numbers.seconds)
        if self.tallies.count(f"pair/{client.client_id}/{number}/{person}", longest) > 1:
            return  # the same question again varies nothing
        for key, rule, limit in (
            (f"number/{client.client_id}/{number}", PEOPLE, self.rules.people),
            (f"person/{client.client_id}/{person}", NUMBERS, self.rules.numbers),
        ):
            different = self.tallies.count(key, limit.seconds)
            if different >= limit.least:
                self.tallies.forget(key)
                self._found(unit, client, rule, different, limit)

    def _number(self, elements: IdentityElements) -> str | None:
        document = elements.document
        return self.digest(f"{document.id_type}\x00{document.key}".encode()) if document else None

    def _person(self, given: GivenElements, elements: IdentityElements) -> str | None:
        """Name and birth date; the name as given, without its spaces."""
        if elements.name is None and elements.birth_date is None:
            return None
        name = "".join((given.name or "").split()).casefold()
        return self.digest(f"{name}\x00{elements.birth_date}".encode())

    def _found(self, unit: UnitOfWork, client: Client, rule: str, count: int, limit: Threshold) -> None:
        level = self.tallies.raise_level(
            slow_key(client), tuple(pace.for_seconds for pace in self.rules.paces)
        )
        severity = Severity.WARNING if level <= 1 else Severity.CRITICAL
        self.alarm(unit, rule, severity, Sighting(count, client_id=client.client_id), limit.seconds)
