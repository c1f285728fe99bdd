"""One request of a browser: who, in which language, and how to answer."""

from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any
from urllib.parse import urlsplit

from starlette.requests import Request
from starlette.responses import HTMLResponse, RedirectResponse, Response

from app.console import catalogue
from app.console.container import ConsoleServices
from app.console.cookies import LANGUAGE, THEME, THEMES, form_token, session_secret
from app.console.local_path import local_path
from app.console.rendering import page
from app.console.sections import SECTIONS, Section
from app.core.access.scope import Scope
from app.services.console_sessions import SignedIn
from app.services.context import Caller, Origin


@dataclass(slots=True)
class Visit:
    """A request with what answers it. `who` is None where nobody is signed in."""

    request: Request
    services: ConsoleServices
    who: SignedIn | None = None
    language: str = field(init=False)
    theme: str = field(init=False)

    def __post_init__(self) -> None:
        chosen = self.request.cookies.get(LANGUAGE, "")
        accepted = self.request.headers.get("accept-language", "")
        known = chosen in catalogue.LANGUAGES
        self.language = chosen if known else catalogue.best_language(accepted)
        theme = self.request.cookies.get(THEME, "")
        self.theme = theme if theme in THEMES else THEMES[0]

    @property
    def caller(self) -> Caller:
        """As whom the services are called; only on pages that need a sign-in."""
        if self.who is None:
            raise LookupError("nobody is signed in on this page")
        return self.who.caller

    @property
    def origin(self) -> Origin:
        """Where the request came from, for the log."""
        found: Origin = self.request.state.origin
        return found

    @property
    def secret(self) -> str | None:
        """The session's, as the browser sent it."""
        return session_secret(self.request, self.services.secure)

    @property
    def partial(self) -> bool:
        """Whether htmx asks, for a part of a page."""
        return self.request.headers.get("hx-request") == "true"

    def may(self, scope: Scope) -> bool:
        """Whether somebody is signed in whose role has the scope."""
        return self.who is not None and self.who.may(scope)

    @property
    def sections(self) -> list[Section]:
        """The menu, as far as it is open to them."""
        if self.who is None or self.who.account.must_change_password:
            return []
        return [s for s in SECTIONS if not s.scopes or any(map(self.may, s.scopes))]

    @property
    def address(self) -> str:
        """Where the browser is, for leading it back here."""
        url = self.request.url
        return f"{url.path}?{url.query}" if url.query else url.path

    @property
    def came_from(self) -> str | None:
        """The page of the console whose form this request sent, if the browser says so."""
        parts = urlsplit(self.request.headers.get("referer", ""))
        path = f"{parts.path}?{parts.query}" if parts.query else parts.path
        known = self.request.method == "POST" and local_path(path) == path
        return path if known else None

    def say(self, key: str, /, **values: object) -> str:
        """A message in the visitor's language."""
        return catalogue.say(self.language, key, **values)

    def word(self, group: str, code: object) -> str:
        """A code in words."""
        return catalogue.word(self.language, group, code)

    def words(self, group: str, codes: Iterable[str]) -> str:
        """Codes in words, as a list in a sentence."""
        *most, last = (self.word(group, code) for code in sorted(codes))
        return self.say("and").join([self.say("comma").join(most), last]) if most else last

    def show(self, template: str, status: int = 200, /, **values: Any) -> HTMLResponse:
        """A page, or a part of one."""
        secret = self.secret if self.who is not None else None
        text = page(
            template,
            visit=self,
            t=self.say,
            word=self.word,
            words=self.words,
            token=form_token(secret) if secret else "",
            clock=self.clock,
            **values,
        )
        return HTMLResponse(text, status)

    def go(self, path: str) -> Response:
        """Leads the browser on; also where htmx asked for a part of a page."""
        if self.partial:
            return Response(status_code=204, headers={"HX-Redirect": path})
        return RedirectResponse(path, 303)

    def clock(self, moment: datetime, form: str = "%Y-%m-%d %H:%M:%S") -> str:
        """A moment as the installation's clocks show it."""
        return moment.astimezone(self.services.timezone).strftime(form)

    def came_from_here(self) -> bool:
        """Whether the request was made by a page of ours: its Origin is where it was sent to, or says so.

        A browser sends one of both with every form; what sends neither is no browser with a session.
        """
        origin = self.request.headers.get("origin")
        if origin is None:
            return self.request.headers.get("sec-fetch-site") == "same-origin"
        ours = {self.request.headers.get("host", ""), urlsplit(self.services.public_url).netloc}
        return origin != "null" and urlsplit(origin).netloc in ours
