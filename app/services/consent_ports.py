"""What the register of consents needs from the outside."""

from collections.abc import Sequence
from typing import Protocol
from uuid import UUID

from app.core.access.consent import Directive
from app.core.access.consent_record import ConsentRecord, Withdrawal


class ConsentStore(Protocol):
    """Consent directives and their withdrawals: append and read, nothing else."""

    async def of(self, customer_id: str) -> tuple[Directive, ...]:
        """Every directive of a customer and of those who were merged into them, withdrawn or not."""
        ...

    async def list(self, customer_id: str, before: UUID | None, limit: int) -> list[ConsentRecord]:
        """The same, newest first, beginning behind `before`, with proof and withdrawal."""
        ...

    async def get(self, consent_id: UUID) -> ConsentRecord | None:
        """One directive with its proof and withdrawal."""
        ...

    def add(self, given: Sequence[ConsentRecord]) -> None:
        """New directives, with their withdrawals where they have any."""
        ...

    def withdraw(self, withdrawal: Withdrawal, customer_id: str) -> None:
        """Ends a directive of the customer; `commit` raises `Conflict` where it was ended before."""
        ...
