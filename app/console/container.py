"""The use cases that the console's pages call; bootstrap builds the one instance."""

from dataclasses import dataclass
from zoneinfo import ZoneInfo

from app.services.change_password import ChangePassword
from app.services.console_sessions import ConsoleSessions
from app.services.read_checkpoint import ReadCheckpoint
from app.services.read_review import ReadReview
from app.services.record_denial import RecordDenial
from app.services.reopen_review import ReopenReview
from app.services.resolver import Understand
from app.services.settle_review import SettleReview
from app.services.sign_in import SignIn


@dataclass(frozen=True, slots=True)
class ConsoleServices:
    """Everything behind the console. Browsers reach it at `public_url`; clocks show `timezone`."""

    sessions: ConsoleSessions
    sign_in: SignIn
    change_password: ChangePassword
    deny: RecordDenial
    read_checkpoint: ReadCheckpoint
    settle_review: SettleReview
    read_review: ReadReview
    reopen_review: ReopenReview
    understand: Understand
    public_url: str
    timezone: ZoneInfo

    @property
    def secure(self) -> bool:
        """Whether cookies may travel over TLS alone. Without TLS, as on one's own machine, they could not."""
        return self.public_url.startswith("https://")
