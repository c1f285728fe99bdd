"""Who looked at a customer, as a page to print: everything in it, no script, nothing to fetch."""

from zoneinfo import ZoneInfo

from app.console.catalogue import say, word
from app.console.printing import STYLE
from app.console.rendering import page
from app.core.audit.event import Event
from app.services.report_access import MOST, AccessReport


def access_report_page(report: AccessReport, language: str, timezone: ZoneInfo) -> str:
    """The report in `zh` or `en`, times in the installation's time zone."""

    def at(moment: object) -> str:
        return f"{moment:%Y-%m-%d %H:%M:%S}"

    def words(group: str, code: object) -> str:
        return word(language, group, code)

    def reasons(event: Event) -> str:
        return "; ".join(words("reason", reason) for reason in event.reasons)

    return page(
        "access_report.html",
        report=report,
        language=language,
        style=STYLE,
        most=MOST,
        at=lambda moment: at(moment.astimezone(timezone)),
        zone=timezone.key,
        say=lambda key, **values: say(language, f"report.{key}", **values),
        words=words,
        reasons=reasons,
    )
