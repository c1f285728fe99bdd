"""A web server that keeps checkpoints out of our reach."""

from dataclasses import dataclass, field

import httpx

from app.services.log_ports import CheckpointNotPublished

_TIMEOUT = 10.0


@dataclass(frozen=True, slots=True)
class HttpPlace:
    """Implements the port `CheckpointPlace`: PUT of the note, text/plain, to a URL that may hold a secret."""

    http: httpx.AsyncClient
    url: str = field(repr=False)

    async def publish(self, note: str) -> None:
        """Raises `CheckpointNotPublished`."""
        headers = {"Content-Type": "text/plain; charset=utf-8"}
        try:
            answer = await self.http.put(self.url, content=note.encode(), headers=headers, timeout=_TIMEOUT)
        except httpx.HTTPError as error:
            raise CheckpointNotPublished(f"the server gave no answer: {type(error).__name__}") from None
        if not answer.is_success:
            raise CheckpointNotPublished(f"the server answered {answer.status_code}")
