"""The use cases of the console: those of the API where it does the same, and its own."""

from datetime import timedelta

from app.adapters.crypto.passwords import Argon2Passwords
from app.api.container import Services
from app.bootstrap.ground import Ground
from app.console.container import ConsoleServices
from app.services.change_password import ChangePassword
from app.services.console_sessions import ConsoleSessions
from app.services.failure_tally import FailureTally
from app.services.read_review import ReadReview
from app.services.reopen_review import ReopenReview
from app.services.sign_in import SignIn

LONGEST_SESSION = timedelta(hours=8)


def console_services(ground: Ground, services: Services, tally: FailureTally) -> ConsoleServices:
    """Every use case that a page calls, built once for a worker."""
    units, settings = ground.units, ground.settings
    passwords = Argon2Passwords()
    idle = timedelta(minutes=settings.console_idle_minutes)
    sessions = ConsoleSessions(units, ground.scribe, ground.clock, ground.ids, idle, LONGEST_SESSION)
    settle = services.settle_review
    return ConsoleServices(
        sessions=sessions,
        sign_in=SignIn(units, sessions, passwords, tally),
        change_password=ChangePassword(units, sessions, passwords),
        deny=ground.deny,
        read_checkpoint=services.read_checkpoint,
        settle_review=settle,
        read_review=ReadReview(units, settle.cases, ground.deny, ground.scribe),
        reopen_review=ReopenReview(settle.stewardship, settle.cases),
        understand=ground.resolver.understand,
        public_url=settings.public_url,
        timezone=settings.timezone,
    )
