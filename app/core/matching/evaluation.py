"""How good the answers to a labelled set are: by kind, as precision and recall, and as calibration."""

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from enum import StrEnum

from app.core.matching.answer import Answer, Outcome


class Expect(StrEnum):
    """What is right for a probe."""

    SAME = "same"
    """The right customer, automatically."""
    CAREFUL = "careful"
    """The right customer, automatically or as a review; never another."""
    REVIEW = "review"
    """Too little to decide alone: never automatic, but the right customer among the candidates."""
    NOBODY = "nobody"
    """Never automatic: a stranger, a twin, a namesake, a borrowed card."""


@dataclass(frozen=True, slots=True)
class Judgement:
    """One probe's answer against the truth. `candidates` are (probability, whether it is the person)."""

    expect: Expect
    kind: str
    outcome: Outcome | None
    right: bool
    wrong: bool
    found: bool
    candidates: tuple[tuple[float, bool], ...] = ()

    @property
    def is_error(self) -> bool:
        """Whether a better answer was possible."""
        return bool(self.severity)

    @property
    def severity(self) -> int:
        """0 where the answer is right; else the worse the higher: 4 is a wrong automatic match."""
        if self.wrong:
            return 4
        if self.expect is Expect.REVIEW and self.outcome is Outcome.MATCH:
            return 3
        if self.expect is not Expect.NOBODY and not self.found:
            return 2
        late = self.expect in (Expect.SAME, Expect.CAREFUL) and not self.right
        return 1 if late or (self.expect is Expect.NOBODY and self.outcome is Outcome.REVIEW) else 0


@dataclass(frozen=True, slots=True)
class KindRow:
    """One kind of probe: how many, and which share was right automatically, in review, found; wrong ones."""

    expect: Expect
    kind: str
    probes: int
    automatic: float
    review: float
    found: float
    wrong: int


@dataclass(frozen=True, slots=True)
class Quality:
    """Of automatic matches: how many were right, and how many of those that could be made were made.

    None where there was nothing to count.
    """

    precision: float | None
    recall: float | None
    f1: float | None


@dataclass(frozen=True, slots=True)
class ReliabilityRow:
    """Candidates whose probability lies in [low, high): what was said on average, and what was so."""

    low: float
    high: float
    candidates: int
    predicted: float
    observed: float


_EDGES = (0.0, 0.001, 0.01, 0.1, 0.3, 0.5, 0.7, 0.9, 0.99, 0.999, 0.9999)


def judge(expect: Expect, kind: str, truth: frozenset[str], answer: Answer) -> Judgement:
    """Holds an answer against the customers that are right; `truth` is empty where nobody is."""
    automatic = answer.outcome is Outcome.MATCH
    shown = {candidate.customer_id for candidate in answer.candidates}
    return Judgement(
        expect=expect,
        kind=kind,
        outcome=answer.outcome,
        right=automatic and answer.customer_id in truth,
        wrong=automatic and answer.customer_id not in truth,
        found=bool(truth & shown),
        candidates=tuple((c.score, c.customer_id in truth) for c in answer.candidates if not c.flags),
    )


def unreadable(expect: Expect, kind: str) -> Judgement:
    """A probe that was refused as bad input: nobody was matched, nobody found."""
    return Judgement(expect, kind, None, right=False, wrong=False, found=False)


def by_kind(judgements: Iterable[Judgement]) -> tuple[KindRow, ...]:
    """A row a kind, in the order of what is expected."""
    groups: dict[tuple[Expect, str], list[Judgement]] = {}
    for judgement in judgements:
        groups.setdefault((judgement.expect, judgement.kind), []).append(judgement)
    order = list(Expect)
    keys = sorted(groups, key=lambda key: (order.index(key[0]), key[1]))
    return tuple(_row(expect, kind, groups[expect, kind]) for expect, kind in keys)


def by_expect(judgements: Sequence[Judgement]) -> Mapping[Expect, KindRow]:
    """One row for all probes of which the same is expected."""
    found = {}
    for expect in Expect:
        if group := [j for j in judgements if j.expect is expect]:
            found[expect] = _row(expect, "all", group)
    return found


def _row(expect: Expect, kind: str, group: Sequence[Judgement]) -> KindRow:
    count = len(group)
    return KindRow(
        expect=expect,
        kind=kind,
        probes=count,
        automatic=sum(j.right for j in group) / count,
        review=sum(j.outcome is Outcome.REVIEW for j in group) / count,
        found=sum(j.found for j in group) / count,
        wrong=sum(j.wrong for j in group),
    )


def quality(judgements: Iterable[Judgement]) -> Quality:
    """Precision, recall and F1 of the automatic matches; what only a steward may settle is no miss."""
    counts: Counter[str] = Counter()
    for judgement in judgements:
        counts["right"] += judgement.right
        counts["wrong"] += judgement.wrong
        counts["possible"] += judgement.expect in (Expect.SAME, Expect.CAREFUL)
    made = counts["right"] + counts["wrong"]
    precision = counts["right"] / made if made else None
    recall = counts["right"] / counts["possible"] if counts["possible"] else None
    both = precision is not None and recall is not None and precision + recall > 0
    f1 = 2 * precision * recall / (precision + recall) if both and precision and recall else None
    return Quality(precision, recall, f1)


def reliability(judgements: Iterable[Judgement]) -> tuple[ReliabilityRow, ...]:
    """What the probabilities of candidates were worth. A vetoed one has none, so it is not counted."""
    bins: dict[int, list[tuple[float, bool]]] = {}
    for judgement in judgements:
        for score, is_person in judgement.candidates:
            place = sum(score >= edge for edge in _EDGES) - 1
            bins.setdefault(place, []).append((score, is_person))
    edges = (*_EDGES, 1.0)
    return tuple(_bin(edges[i], edges[i + 1], bins[i]) for i in sorted(bins))


def _bin(low: float, high: float, members: Sequence[tuple[float, bool]]) -> ReliabilityRow:
    count = len(members)
    predicted = sum(score for score, _ in members) / count
    return ReliabilityRow(low, high, count, predicted, sum(is_person for _, is_person in members) / count)
