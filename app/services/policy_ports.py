"""What explaining past decisions needs from the outside."""

from datetime import datetime
from typing import Protocol


class PolicyStore(Protocol):
    """The texts of policy sets that were in force, by version: append and read, nothing else."""

    async def text(self, version: str) -> str | None:
        """The set of that version as it was written; None where none was kept."""
        ...

    def keep(self, version: str, text: str, at: datetime) -> None:
        """A set that comes into force; `commit` raises `Conflict` where it is kept already."""
        ...
