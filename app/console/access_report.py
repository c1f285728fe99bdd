"""Who looked at a customer, as a page to print: everything in it, no script, nothing to fetch."""

from base64 import b64encode
from hashlib import sha256
from zoneinfo import ZoneInfo

from app.console.catalogue import say, word
from app.console.rendering import page
from app.core.audit.event import Event
from app.services.report_access import MOST, AccessReport

STYLE = """
body { font: 15px/1.5 system-ui, sans-serif; color: #111; background: #fff; margin: 2rem auto;
  max-width: 62rem; padding: 0 1rem }
table { border-collapse: collapse; width: 100%; font-size: 13px }
caption { text-align: left; padding: .5rem 0 }
th, td { text-align: left; vertical-align: top; padding: .35rem .6rem .35rem 0;
  border-bottom: 1px solid #ccc }
thead { display: table-header-group }
tr { break-inside: avoid }
dl { display: grid; grid-template-columns: max-content 1fr; gap: .2rem 1rem }
dd { margin: 0 }
@page { size: A4 landscape; margin: 14mm }
@media print { body { margin: 0; max-width: none; padding: 0 } }
"""
POLICY = (
    f"default-src 'none'; style-src 'sha256-{b64encode(sha256(STYLE.encode()).digest()).decode()}'; "
    "base-uri 'none'; form-action 'none'; frame-ancestors 'none'"
)
"""The Content-Security-Policy under which the page shows as it should."""


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
