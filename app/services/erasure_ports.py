"""What erasures need from the outside, as protocols."""

import builtins
from collections.abc import Collection, Sequence
from datetime import datetime
from typing import Protocol
from uuid import UUID

from app.core.index.erasure import Entry, Erasure, Stock


class ErasureStore(Protocol):
    """Erasures, requested and done."""

    def add(self, erasure: Erasure) -> None:
        """A request."""
        ...

    async def get(self, erasure_id: UUID) -> Erasure | None:
        """A request by its ID."""
        ...

    async def list(self, before: UUID | None, limit: int) -> builtins.list[Erasure]:
        """Requests from before that one, the newest first."""
        ...

    def confirm(self, erasure: Erasure) -> None:
        """It is done; `commit` raises `Conflict` where it was before."""
        ...

    async def erased(self) -> builtins.list[Entry]:
        """Everybody who was erased, and when, in the order of their IDs."""
        ...

    async def stock(self, customer_ids: Sequence[str], records: Collection[UUID]) -> Stock:
        """What there is of these customers, whose records, or former ones, these are."""
        ...

    async def erase(
        self, customer_ids: Sequence[str], gone: Collection[UUID], once_theirs: Collection[UUID], at: datetime
    ) -> None:
        """Ends everything but the IDs of these customers. `gone` are their records, withdrawn ones included;
        `once_theirs` those with any that are somebody else's today, which may hold an old content of theirs.
        The unit must hold every lock; `commit` raises `Conflict` where one of them was erased before."""
        ...


class ErasureRegister(Protocol):
    """Who was erased, kept outside the database so that a restored backup can be told.

    Raises `StorageUnavailable`.
    """

    async def add(self, entries: Sequence[Entry]) -> None:
        """Enters these for good: on the disk when it returns."""
        ...

    async def entries(self) -> list[Entry]:
        """All of them, once each; raises rather than leave one out."""
        ...
