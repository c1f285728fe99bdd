"""Reports for people as the API gives them out: made by a service, written by whoever knows the words."""

from collections.abc import Callable
from dataclasses import dataclass

from app.services.report_access import AccessReport, ReportAccess


@dataclass(frozen=True, slots=True)
class AccessReports:
    """`write` makes the page of a report in a language; `policy` is its Content-Security-Policy."""

    make: ReportAccess
    write: Callable[[AccessReport, str], str]
    policy: str
