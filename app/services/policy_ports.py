"""What explaining past decisions needs from the outside."""

from datetime import datetime
from typing import Protocol


class PolicyStore(Protocol):
    """The texts of policy sets that were in force, by version: append and read, nothing else."""

    async def text(self, version: str) -> str | None: ...
    def keep(self, version: str, text: str, at: datetime) -> None: ...
