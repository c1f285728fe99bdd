"""Reports for people: the service, and the console's words for it."""

from app.api.access_reports import AccessReports
from app.bootstrap.ground import Ground
from app.console.access_report import POLICY, access_report_page
from app.services.report_access import AccessReport, ReportAccess


def reporting(ground: Ground) -> AccessReports:
    """Who looked at a customer, as a page to print."""

    def write(report: AccessReport, language: str) -> str:
        return access_report_page(report, language, ground.settings.timezone)

    make = ReportAccess(ground.units, ground.scribe, ground.clock, ground.ids)
    return AccessReports(make, write, POLICY)
