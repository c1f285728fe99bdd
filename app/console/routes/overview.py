"""The first page: what happens, and whether the log is whole."""

from starlette.responses import Response

from app.console.charts import lines, stacked_bars
from app.console.event_query import read_uuid
from app.console.visit import Visit
from app.core.access.scope import Scope
from app.core.audit.activity import Window
from app.core.audit.alert import AlertFilter
from app.services.errors import NotFound
from app.services.read_alerts import AlertPage
from app.services.read_overview import Overview

MOST_ALERTS = 5
_LABELS = {Window.HOUR: "%H:%M", Window.DAY: "%H:%M", Window.WEEK: "%m-%d %H", Window.MONTH: "%m-%d"}


async def show(visit: Visit) -> Response:
    """Figures alone; nothing of it is about a person."""
    asked = visit.request.query_params.get("window", "")
    window = Window(asked) if asked in list(Window) else Window.DAY
    figures = await visit.services.read_overview(window)
    try:
        head = await visit.services.read_checkpoint()
    except NotFound:
        head = None
    return visit.show(
        "overview.html",
        here="overview",
        figures=figures,
        windows=list(Window),
        panels=_panels(visit, figures),
        head=head,
        checked=await visit.services.check_log.last(),
        may_check=visit.may(Scope.AUDIT_READ),
        alerts=await _alerts(visit),
    )


async def acknowledge(visit: Visit) -> Response:
    """Somebody has looked at an alert."""
    alert_id = read_uuid(visit.request.path_params["alert_id"])
    if alert_id is None:
        raise NotFound
    await visit.services.acknowledge_alert(alert_id, visit.caller)
    return visit.go("/console/overview#alerts")


async def _alerts(visit: Visit) -> AlertPage | None:
    """The newest that nobody has looked at, for those who read the log."""
    if not visit.may(Scope.AUDIT_READ):
        return None
    return await visit.services.read_alerts(AlertFilter(acknowledged=False), None, MOST_ALERTS, visit.caller)


async def check(visit: Visit) -> Response:
    """Checks the log now; the first page shows what was found."""
    await visit.services.check_log(visit.caller)
    return visit.go("/console/overview#integrity")


def _panels(visit: Visit, figures: Overview) -> list[dict[str, object]]:
    """Each chart with its name, the names of its series and the figures themselves."""
    labels = [visit.clock(slot, _LABELS[figures.window]) for slot in figures.slots]
    panels: list[dict[str, object]] = []
    for key in ("matches", "decisions", "reviews"):
        values: dict[str, tuple[int, ...]] = getattr(figures, key)
        names = {series: visit.word(f"series.{key}", series) for series in values}
        chart = stacked_bars(values, names, labels)
        rows = [(label, [f"{values[s][i]:,}" for s in values]) for i, label in enumerate(labels)]
        panels.append({"key": key, "chart": chart, "names": list(names.values()), "rows": rows})
    times = {
        name: [v * 1000 if v is not None else None for v in figures.latency[name]] for name in ("p50", "p95")
    }
    shown = [(label, [_milliseconds(times[s][i]) for s in times]) for i, label in enumerate(labels)]
    names = {series: visit.word("series.latency", series) for series in times}
    chart = lines(times, labels, "{:g} ms")
    panels.insert(1, {"key": "latency", "chart": chart, "names": list(names.values()), "rows": shown})
    return panels


def _milliseconds(value: float | None) -> str:
    return "–" if value is None else f"{value:.1f}"
