"""How a pair's weight adds up, for people: from the prior over each element to the sum."""

from collections.abc import Sequence
from dataclasses import dataclass

from rich.table import Table

from app.core.matching.answer import ScoredElement
from app.core.matching.score import probability_of

BAR = 24


@dataclass(frozen=True, slots=True)
class Step:
    """One line: what was compared, how it came out, what it adds, the sum so far, and why."""

    element: str
    level: str
    weight: float
    sum: float
    why: str


def steps(prior: float, comparisons: Sequence[ScoredElement]) -> tuple[Step, ...]:
    """The prior, then each element; weights are log2 of Bayes factors, so each +1 doubles the odds."""
    found = [Step("prior", "", prior, prior, "how likely two people drawn at random are one")]
    for scored in comparisons:
        total = found[-1].sum + scored.weight
        found.append(Step(scored.element, scored.level, scored.weight, total, scored.why))
    return tuple(found)


def waterfall(prior: float, comparisons: Sequence[ScoredElement]) -> Table:
    """The steps as a table for the terminal."""
    table = Table("element", "level", "weight", "", "sum", "why", box=None)
    found = steps(prior, comparisons)
    for step in found:
        table.add_row(
            step.element, step.level, f"{step.weight:+.1f}", _bar(step.weight), f"{step.sum:+.1f}", step.why
        )
    total = found[-1].sum
    table.add_row("total", "", "", "", f"{total:+.1f}", f"probability {probability_of(total):.6f}")
    return table


def _bar(weight: float) -> str:
    length = min(BAR, round(abs(weight) / 1.5))
    return f"[green]{'█' * length}[/green]" if weight >= 0 else f"[red]{'█' * length}[/red]"
