"""Term frequencies of a population of one's own, learned from its names.

The shipped shares are a country's. Where a center's customers are of one town, its common names are others,
and what a town shares must be worth little there. A name is counted once for each customer. Names that fewer
than `FEWEST_BEARERS` bear are never told: they would point at people, and their share is chance.
"""

import hashlib
import json
from collections import Counter
from collections.abc import Mapping
from copy import deepcopy
from dataclasses import dataclass, field
from typing import Any

from app.core.identity.names.name import Name

FEWEST_BEARERS = 20
PRIOR_PEOPLE = 10_000
"""How many people the shares that a model had before count for: a small store moves them little. (The mean
of a beta distribution with the old share as its own.)"""
_DIGITS = 3


@dataclass(slots=True)
class NameCounts:
    """How many customers bear each surname and each given name, in comparison form."""

    people: int = 0
    surnames: Counter[str] = field(default_factory=Counter)
    given_names: Counter[str] = field(default_factory=Counter)

    def add(self, name: Name) -> None:
        """Counts one customer. Names without a surname of their own are told by no table, so not counted."""
        if not name.surname:
            return
        self.people += 1
        self.surnames[name.surname] += 1
        self.given_names[name.given] += 1


def with_frequencies(document: Mapping[str, Any], counts: NameCounts) -> dict[str, Any]:
    """The model document with shares learned from these counts, under a version of its own."""
    new = deepcopy(dict(document))
    table = new["term_frequencies"]
    table["surname"] = _shares(table["surname"], table["other_surname"], counts.surnames, counts.people)
    table["given"] = _shares(table["given"], table["other_given"], counts.given_names, counts.people)
    new["version"] = version_of(new)
    return new


def version_of(document: Mapping[str, Any]) -> str:
    """The version it came from, and a digest of what it holds: two learned models never share a name."""
    content = {key: value for key, value in document.items() if key != "version"}
    digest = hashlib.sha256(json.dumps(content, sort_keys=True, ensure_ascii=False).encode()).hexdigest()
    return f"{str(document['version']).partition('+')[0]}+{digest[:8]}"


def _shares(
    before: Mapping[str, float], other: float, counted: Counter[str], people: int
) -> dict[str, float]:
    """A name that too few bear keeps the share it had."""
    learned = {
        term: (count + before.get(term, other) * PRIOR_PEOPLE) / (people + PRIOR_PEOPLE)
        for term, count in counted.items()
        if count >= FEWEST_BEARERS
    }
    rounded = {term: float(f"{share:.{_DIGITS}g}") for term, share in {**before, **learned}.items()}
    return dict(sorted(rounded.items(), key=lambda item: (-item[1], item[0])))
