"""Reports for people: the services, and the console's words for them."""

from app.api.access_reports import AccessReports, ActivityReports, Reports
from app.bootstrap.ground import Ground
from app.console.access_report import access_report_page
from app.console.activity_report import activity_report_page
from app.console.printing import POLICY
from app.services.report_access import AccessReport, ReportAccess
from app.services.report_activity import ReportActivity


def reporting(ground: Ground) -> Reports:
    """Both kinds of report."""
    return Reports(reporting_access(ground), reporting_activity(ground))


def reporting_access(ground: Ground) -> AccessReports:
    """Who looked at a customer, as a page to print."""

    def write(report: AccessReport, language: str) -> str:
        return access_report_page(report, language, ground.settings.timezone)

    make = ReportAccess(ground.units, ground.scribe, ground.operator_log, ground.deny)
    return AccessReports(make, write, POLICY)


def reporting_activity(ground: Ground) -> ActivityReports:
    """What a client did, as figures and as a page to print."""
    make = ReportActivity(ground.units, ground.scribe, ground.clock, ground.settings.timezone)
    return ActivityReports(make, activity_report_page, POLICY)
