"""The review queue's filters, as they stand in an address."""

from dataclasses import dataclass
from urllib.parse import urlencode
from uuid import UUID

from starlette.datastructures import QueryParams

from app.core.index.customer import ReviewFilter, ReviewStatus
from app.core.matching.doubt import Doubt
from app.services.review_cases import SCORES_OF, Priority

PRIORITIES: tuple[Priority, ...] = ("high", "normal", "low")
REASONS = tuple(reason.value for reason in Doubt)


@dataclass(frozen=True, slots=True)
class ReviewQuery:
    """What somebody looks for; what is not understood is left out. `mine`: assigned to whoever asks."""

    status: ReviewStatus
    priority: Priority | None
    reason: str | None
    mine: bool

    @classmethod
    def read(cls, given: QueryParams) -> "ReviewQuery":
        """From an address."""
        status, priority = given.get("status"), given.get("priority")
        reason = given.get("reason")
        return cls(
            ReviewStatus(status) if status in set(ReviewStatus) else ReviewStatus.OPEN,
            next((p for p in PRIORITIES if p == priority), None),
            reason if reason in REASONS else None,
            given.get("mine") == "1",
        )

    def filter(self, account: str) -> ReviewFilter:
        """As the queue takes it."""
        least, below = SCORES_OF[self.priority] if self.priority else (None, None)
        return ReviewFilter(self.status, account if self.mine else None, least, below, self.reason)

    def address(self, path: str, **more: object) -> str:
        """The path with the filters behind it, and `more`; what is empty is left out."""
        asked = {
            "status": self.status.value if self.status is not ReviewStatus.OPEN else None,
            "priority": self.priority,
            "reason": self.reason,
            "mine": "1" if self.mine else None,
            **more,
        }
        text = urlencode({name: value for name, value in asked.items() if value is not None})
        return f"{path}?{text}" if text else path

    @property
    def narrowed(self) -> bool:
        """Whether anything but the status is asked for."""
        return bool(self.priority or self.reason or self.mine)


def identifier(text: object) -> UUID | None:
    """A UUID out of an address or a form, or None."""
    try:
        return UUID(text) if isinstance(text, str) else None
    except ValueError:
        return None
