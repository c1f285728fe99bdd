"""Policy and model: the rules in words, the weights, and what other thresholds would change."""

from math import isfinite

from starlette.responses import Response

from app.console.catalogue import DEFAULT, messages
from app.console.charts import stacked_bars
from app.console.visit import Visit
from app.core.access.policy import Rule
from app.core.index.what_if import effect, histogram
from app.core.matching.comparison import Element

_BIN = 2


async def show(visit: Visit) -> Response:
    """For whoever works here; nothing of it is about a person."""
    weigh = visit.services.weigh_thresholds
    pairs = await weigh()
    thresholds = weigh.model.thresholds
    certain = _weight(visit, "certain", thresholds.certain)
    possible = min(certain, _weight(visit, "possible", thresholds.possible))
    bins = histogram(pairs, _BIN)
    values = {name: [getattr(bins[b], name) for b in bins] for name in ("same", "not_same", "open")}
    names = {name: visit.word("series.settled", name) for name in values}
    return visit.show(
        "policy.html",
        here="policy",
        policy=visit.services.policy,
        in_words=lambda rule: _in_words(visit, rule),
        model=weigh.model,
        elements=[(element, weigh.model.levels(element)) for element in Element],
        reviewed=len(pairs),
        certain=certain,
        possible=possible,
        changed=(certain, possible) != (thresholds.certain, thresholds.possible),
        effect=effect(pairs, certain, possible),
        panel={
            "key": "weights",
            "chart": stacked_bars(values, names, [str(b) for b in bins]),
            "names": list(names.values()),
            "rows": [(f"{b} … {b + _BIN}", [str(values[n][i]) for n in values]) for i, b in enumerate(bins)],
        },
    )


def _in_words(visit: Visit, rule: Rule) -> str | None:
    """What a shipped rule says, in the visitor's language; None for the words of somebody's own."""
    key = f"rule_says.{visit.services.policy.name}.{rule.code}"
    shipped = messages(DEFAULT).get(key) == f"{rule.says} {rule.law}"
    return visit.say(key) if shipped else None


def _weight(visit: Visit, name: str, default: float) -> float:
    """A weight from the address, or the one in force."""
    try:
        weight = float(visit.request.query_params.get(name, ""))
    except ValueError:
        return default
    return max(-100.0, min(100.0, weight)) if isfinite(weight) else default
