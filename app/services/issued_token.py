"""A token that was made, and the moment it counts from."""

from dataclasses import dataclass, field
from datetime import datetime, timedelta

from app.core.access.claims import Claims


@dataclass(frozen=True, slots=True)
class IssuedToken:
    """A signed token with its claims; the token itself stays out of the representation."""

    token: str = field(repr=False)
    claims: Claims

    @property
    def expires_in(self) -> int:
        """Seconds from issue to expiry."""
        return int((self.claims.expires_at - self.claims.issued_at).total_seconds())


def issue_instant(now: datetime, *watermarks: datetime | None) -> datetime:
    """The `iat` of a token issued now: this second, or the first one after the watermarks.

    Tokens count whole seconds. Without this, a client that is active again would get dead tokens until the
    second of its watermark is over.
    """
    instant = now.replace(microsecond=0)
    for watermark in watermarks:
        if watermark is not None and instant <= watermark:
            instant = watermark.replace(microsecond=0) + timedelta(seconds=1)
    return instant
