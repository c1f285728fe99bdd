"""What a client did, on the wire."""

from datetime import date, datetime
from urllib.parse import urlencode

from pydantic import BaseModel, Field

from app.services.report_activity import ActivityReport


class DayOut(BaseModel):
    """Events of a day, and how many of them were refusals. Days without events are left out."""

    day: date
    events: int
    denials: int


class OutcomeOut(BaseModel):
    """Events of a kind that ended so."""

    kind: str
    outcome: str
    events: int


class ActivityOut(BaseModel):
    """Counted are events of the access log, one that folds repeats as one. `days` are those of `timezone`."""

    client_id: str
    since: datetime = Field(alias="from", description="Inclusive.")
    until: datetime = Field(alias="to", description="Exclusive.")
    timezone: str
    events: int
    denials: int
    emergency_accesses: int
    customers: int = Field(description="How many different customers were looked at.")
    first_at: datetime | None
    last_at: datetime | None
    days: list[DayOut]
    outcomes: list[OutcomeOut] = Field(description="The most frequent first.")
    purposes: dict[str, int]
    domains: dict[str, int] = Field(description="An event counts for each domain that it names.")
    denial_reasons: dict[str, int] = Field(description="An event counts for each reason that it names.")
    events_url: str = Field(description="These events, page by page.")

    @classmethod
    def of(cls, report: ActivityReport) -> "ActivityOut":
        """From the service's shape."""
        done = report.activity
        since, until = report.since.isoformat(), report.until.isoformat()
        asked = urlencode({"client_id": report.client_id, "from": since, "to": until})
        return cls.model_validate(
            {
                "client_id": report.client_id,
                "from": report.since,
                "to": report.until,
                "timezone": report.timezone.key,
                "events": done.events,
                "denials": done.denials,
                "emergency_accesses": done.emergencies,
                "customers": done.customers,
                "first_at": done.first_at,
                "last_at": done.last_at,
                "days": [DayOut(day=d.day, events=d.events, denials=d.denials) for d in done.days],
                "outcomes": [
                    OutcomeOut(kind=kind, outcome=outcome, events=count)
                    for (kind, outcome), count in done.outcomes.items()
                ],
                "purposes": done.purposes,
                "domains": done.domains,
                "denial_reasons": done.denial_reasons,
                "events_url": f"/v1/audit/events?{asked}",
            }
        )
