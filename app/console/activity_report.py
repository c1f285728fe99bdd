"""What a client did, as a page to print."""

from datetime import datetime

from app.console.catalogue import say, word
from app.console.printing import STYLE
from app.console.rendering import page
from app.services.report_activity import ActivityReport


def activity_report_page(report: ActivityReport, language: str) -> str:
    """The report in `zh` or `en`, times in the report's time zone."""

    def at(moment: datetime) -> str:
        return f"{moment.astimezone(report.timezone):%Y-%m-%d %H:%M:%S}"

    return page(
        "activity_report.html",
        report=report,
        language=language,
        style=STYLE,
        clock=at,
        t=lambda key, **values: say(language, key, **values),
        word=lambda group, code: word(language, group, code),
    )
