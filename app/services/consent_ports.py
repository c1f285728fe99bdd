"""What the register of consents needs from the outside."""

from collections.abc import Sequence
from typing import Protocol
from uuid import UUID

from app.core.access.consent import Directive
from app.core.access.consent_record import ConsentRecord, Withdrawal


class ConsentStore(Protocol):
    """Consent directives and their withdrawals: append and read, nothing else."""

    async def of(self, customer_id: str) -> tuple[Directive, ...]: ...
    async def list(self, customer_id: str, before: UUID | None, limit: int) -> list[ConsentRecord]: ...
    async def get(self, consent_id: UUID) -> ConsentRecord | None: ...
    def add(self, given: Sequence[ConsentRecord]) -> None: ...
    def withdraw(self, withdrawal: Withdrawal, customer_id: str) -> None: ...
