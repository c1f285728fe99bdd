"""An evaluation for readers: figures as JSON, tables for the terminal, and one HTML page without assets."""

from collections.abc import Iterable
from dataclasses import asdict
from html import escape
from typing import Any

from rich.table import Table

from app.cli.waterfall import steps
from app.core.identity.elements import GivenElements
from app.core.matching.evaluation import by_expect, by_kind, quality, reliability
from app.services.evaluate_set import Evaluation, JudgedProbe

_SEVERITY = {
    4: "somebody else was matched",
    3: "matched, though the evidence is too little",
    2: "the right customer was not found",
    1: "left to a steward",
}
_KIND_COLUMNS = ("expect", "kind", "probes", "automatic", "review", "found", "wrong")
_RELIABILITY_COLUMNS = ("probability", "candidates", "said", "was so")
_STYLE = (
    "body{font:15px/1.5 system-ui,sans-serif;margin:2rem auto;max-width:70rem;padding:0 1rem;color:#222}"
    "table{border-collapse:collapse;margin:.6rem 0}td,th{padding:.15rem .7rem;text-align:left;"
    "border-bottom:1px solid #ddd;white-space:nowrap}td.n{text-align:right;font-variant-numeric:tabular-nums}"
    "td.bar{padding:0;min-width:12rem}.b{display:inline-block;height:.8rem}.p{background:#2a7}.m{background:#c43}"
    "details{margin:.5rem 0}summary{cursor:pointer}.bad{color:#b00}@media(prefers-color-scheme:dark)"
    "{body{background:#181818;color:#ddd}td,th{border-color:#444}}"
)


def figures(done: Evaluation, model: str) -> dict[str, Any]:
    """Every figure, for a file; no personal data."""
    sizes = sorted(done.candidates)
    return {
        "model": model,
        "registration": asdict(done.registration),
        "probes": len(done.judgements),
        "by_expect": {expect.value: asdict(row) for expect, row in by_expect(done.judgements).items()},
        "by_kind": [asdict(row) for row in by_kind(done.judgements)],
        "quality": asdict(quality(done.judgements)),
        "reliability": [asdict(row) for row in reliability(done.judgements)],
        "candidates": {"median": _quantile(sizes, 0.5), "p99": _quantile(sizes, 0.99)},
    }


def _quantile(sizes: list[int], share: float) -> int | None:
    return sizes[min(len(sizes) - 1, int(len(sizes) * share))] if sizes else None


def kind_table(done: Evaluation) -> Table:
    """A row a kind."""
    table = Table(*_KIND_COLUMNS, box=None)
    for row in _kind_rows(done):
        table.add_row(*row)
    return table


def reliability_table(done: Evaluation) -> Table:
    """Calibration: what was said of candidates, and what was so."""
    table = Table(*_RELIABILITY_COLUMNS, box=None)
    for row in _reliability_rows(done):
        table.add_row(*row)
    return table


def html(done: Evaluation, model: str, prior: float) -> str:
    """The page. Holds the elements of the worst errors in clear: keep it like the set itself."""
    worst = "".join(_error(one, prior) for one in done.worst) or "<p>None.</p>"
    return (
        f"<!doctype html><html lang=en><meta charset=utf-8><title>Evaluation</title><style>{_STYLE}</style>"
        f"<h1>Evaluation</h1><p>Model {escape(model)}; {len(done.judgements)} probes.</p>"
        f"{_registration(done)}{_quality(done)}"
        f"<h2>By kind</h2>{_table(_KIND_COLUMNS, _kind_rows(done))}"
        f"<h2>Calibration</h2>{_table(_RELIABILITY_COLUMNS, _reliability_rows(done))}"
        f"<h2>Worst errors</h2>{worst}</html>\n"
    )


def _kind_rows(done: Evaluation) -> Iterable[tuple[str, ...]]:
    for row in by_kind(done.judgements):
        shares = (f"{share:.3f}" for share in (row.automatic, row.review, row.found))
        yield (row.expect, row.kind, str(row.probes), *shares, str(row.wrong))


def _reliability_rows(done: Evaluation) -> Iterable[tuple[str, ...]]:
    for row in reliability(done.judgements):
        span = f"{row.low:g} to {row.high:g}"
        yield span, str(row.candidates), f"{row.predicted:.4f}", f"{row.observed:.4f}"


def _registration(done: Evaluation) -> str:
    made = done.registration
    linked = ", ".join(f"{expect} {share:.4f}" for expect, share in made.second_linked.items())
    return (
        f"<p>{made.people} people registered, {made.rejected} rows refused, "
        f"{made.false_merges} false merges, {made.linked_to_a_stranger} second records linked to a stranger. "
        f"Second records linked: {escape(linked) or 'none'}.</p>"
    )


def _quality(done: Evaluation) -> str:
    found = asdict(quality(done.judgements))
    parts = (f"{name} {'–' if value is None else f'{value:.4f}'}" for name, value in found.items())
    return f"<p>Automatic matches: {', '.join(parts)}.</p>"


def _table(columns: Iterable[str], rows: Iterable[Iterable[str]]) -> str:
    head = "".join(f"<th>{escape(column)}" for column in columns)
    body = "".join("<tr>" + "".join(f"<td>{escape(cell)}" for cell in row) for row in rows)
    return f"<table><tr>{head}{body}</table>"


def _error(one: JudgedProbe, prior: float) -> str:
    probe, answer = one.probe, one.answer
    title = f"{probe.kind} · {_SEVERITY[one.judgement.severity]} · {probe.probe_id}"
    if answer is None:
        return f"<details><summary>{escape(title)}</summary><p>Refused as bad input.</p></details>"
    reasons = ", ".join((*answer.flags, *answer.reasons)) or "none"
    candidates = "".join(
        f"<p>{'the right customer' if c.customer_id in one.truth else 'somebody else'}: "
        f"{_elements(c.record.given)}</p>{_waterfall(prior, c.comparisons)}"
        for c in answer.candidates[:3]
    )
    return (
        f"<details><summary class={'bad' if one.judgement.wrong else 'ok'}>{escape(title)}</summary>"
        f"<p>asked: {_elements(probe.given)}</p><p>{escape(answer.outcome)}; reasons: {escape(reasons)}</p>"
        f"{candidates or '<p>No candidate shares a blocking key.</p>'}</details>"
    )


def _elements(given: GivenElements) -> str:
    values = (given.name, given.gender, given.birth_date, given.id_type, given.id_number)
    return escape(" · ".join(value if value else "–" for value in values))


def _waterfall(prior: float, comparisons: Any) -> str:
    rows = []
    for step in steps(prior, comparisons):
        width = min(12.0, abs(step.weight) / 3)
        bar = f"<span class='b {'p' if step.weight >= 0 else 'm'}' style='width:{width:.1f}rem'></span>"
        cells = f"<td>{escape(step.element)}<td>{escape(step.level)}<td class=n>{step.weight:+.1f}"
        rows.append(f"<tr>{cells}<td class=bar>{bar}<td class=n>{step.sum:+.1f}<td>{escape(step.why)}")
    return f"<table>{''.join(rows)}</table>"
