"""The Health Data Center, as the gateway sees it."""

from collections.abc import AsyncIterator, Mapping
from contextlib import AbstractAsyncContextManager
from dataclasses import dataclass
from typing import Protocol


@dataclass(frozen=True, slots=True)
class RecordsReply:
    """The HDC's answer, as a stream. `status` is its HTTP status."""

    status: int
    content_type: str
    body: AsyncIterator[bytes]


class HealthDataCenter(Protocol):
    """The records behind a customer-bound token. Raises `HealthDataCenterUnavailable`."""

    def records(
        self, customer_id: str, domain: str, query: Mapping[str, str], token: str, request_id: str | None
    ) -> AbstractAsyncContextManager[RecordsReply]:
        """The answer's head, with its body still streaming; the body may raise, too."""
        ...


class HealthDataCenterUnavailable(Exception):  # noqa: N818
    """No usable answer from the HDC. `reason`: timeout, unreachable, bad_answer, broken_off or too_large."""

    def __init__(self, reason: str) -> None:
        super().__init__(reason)
        self.reason = reason
