"""What erasures need from the outside, as protocols."""

import builtins
from collections.abc import Collection, Sequence
from datetime import datetime
from typing import Protocol
from uuid import UUID

from app.core.index.erasure import Entry, Erasure, Stock


class ErasureStore(Protocol):
    """Erasures, requested and done."""

    def add(self, erasure: Erasure) -> None: ...
    async def get(self, erasure_id: UUID) -> Erasure | None: ...
    async def list(self, before: UUID | None, limit: int) -> builtins.list[Erasure]: ...
    def confirm(self, erasure: Erasure) -> None: ...
    async def erased(self) -> builtins.list[Entry]: ...
    async def stock(self, customer_ids: Sequence[str], records: Collection[UUID]) -> Stock: ...
    async def erase(
        self, customer_ids: Sequence[str], gone: Collection[UUID], once_theirs: Collection[UUID], at: datetime
    ) -> None: ...


class ErasureRegister(Protocol):
    """Who was erased, kept outside the database so that a restored backup can be told.

    Raises `StorageUnavailable`.
    """

    async def add(self, entries: Sequence[Entry]) -> None: ...
    async def entries(self) -> list[Entry]: ...
