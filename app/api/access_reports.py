"""Reports for people as the API gives them out: made by a service, written by whoever knows the words."""

from collections.abc import Callable
from dataclasses import dataclass

from app.services.report_access import AccessReport, ReportAccess
from app.services.report_activity import ActivityReport, ReportActivity


@dataclass(frozen=True, slots=True)
class AccessReports:
    """`write` makes the page of a report in a language; `policy` is its Content-Security-Policy."""

    make: ReportAccess
    write: Callable[[AccessReport, str], str]
    policy: str


@dataclass(frozen=True, slots=True)
class ActivityReports:
    """The same of what clients did."""

    make: ReportActivity
    write: Callable[[ActivityReport, str], str]
    policy: str


@dataclass(frozen=True, slots=True)
class Reports:
    """Both of them."""

    access: AccessReports
    activity: ActivityReports
