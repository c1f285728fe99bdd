"""A file with the newest checkpoint."""

import asyncio
import os
import secrets
from dataclasses import dataclass
from pathlib import Path

from app.core.audit.checkpoint import InvalidCheckpoint, read_checkpoint
from app.services.log_ports import CheckpointNotPublished


@dataclass(frozen=True, slots=True)
class FilePlace:
    """Implements the port `CheckpointPlace`. The file is replaced whole, and never by an earlier checkpoint:
    the later one that stands there is the evidence that the log was cut back."""

    path: Path

    async def publish(self, note: str) -> None:
        """Raises `CheckpointNotPublished`."""
        await asyncio.to_thread(self._publish, note)

    def _publish(self, note: str) -> None:
        try:
            self._refuse_to_go_back(note)
            self._replace(note)
        except OSError as error:
            raise CheckpointNotPublished(f"cannot write the file: {error.strerror}") from None
        except (InvalidCheckpoint, UnicodeDecodeError):
            raise CheckpointNotPublished("the file there is no checkpoint, and is left as it is") from None

    def _refuse_to_go_back(self, note: str) -> None:
        if not self.path.exists():
            return
        ours, there = read_checkpoint(note), read_checkpoint(self.path.read_text("utf-8"))
        if there.origin != ours.origin:
            raise CheckpointNotPublished("the file there is another log's checkpoint")
        if there.size > ours.size:
            raise CheckpointNotPublished(
                f"the checkpoint there has {there.size} events, the log {ours.size}: cut back, or restored?"
            )
        if there.size == ours.size and there.root != ours.root:
            raise CheckpointNotPublished("the checkpoint there has the same size and another root")

    def _replace(self, note: str) -> None:
        self.path.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
        draft = self.path.with_name(f".{self.path.name}.{secrets.token_hex(4)}")
        try:
            with open(
                os.open(draft, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o644), "w", encoding="utf-8"
            ) as file:
                file.write(note)
                file.flush()
                os.fsync(file.fileno())
            draft.replace(self.path)
        finally:
            draft.unlink(missing_ok=True)
