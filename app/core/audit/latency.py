"""How long answers took, read from cumulative histograms such as Prometheus keeps."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime


@dataclass(frozen=True, slots=True)
class Histogram:
    """How many answers took at most `bounds[i]` seconds: `counts[i]`, cumulative; the last bound is inf."""

    bounds: tuple[float, ...]
    counts: tuple[float, ...]

    def since(self, earlier: "Histogram | None") -> "Histogram":
        """What came after the earlier one; all of it where counting began anew."""
        if earlier is None or earlier.bounds != self.bounds or earlier.counts[-1:] > self.counts[-1:]:
            return self
        return Histogram(self.bounds, tuple(n - e for n, e in zip(self.counts, earlier.counts, strict=True)))

    def quantile(self, share: float) -> float | None:
        """The time (seconds) within which this share was answered, interpolated within its bucket; None where
        there was no answer, the last finite bound where it lies beyond."""
        total = self.counts[-1] if self.counts else 0
        if total <= 0:
            return None
        rank, low, below = share * total, 0.0, 0.0
        for bound, count in zip(self.bounds, self.counts, strict=True):
            if count >= rank:
                if bound == float("inf") or count == below:
                    return low
                return low + (bound - low) * (rank - below) / (count - below)
            low, below = bound, count
        return low


@dataclass(frozen=True, slots=True)
class Reading:
    """A histogram as it stood at a time."""

    at: datetime
    histogram: Histogram


def quantiles(
    readings: Sequence[Reading], slots: Sequence[datetime], share: float
) -> tuple[float | None, ...]:
    """The quantile of each slot: what came between the last reading before it and its own last one."""
    found: list[float | None] = []
    for begin, end in zip(slots, (*slots[1:], None), strict=True):
        inside = [r for r in readings if r.at >= begin and (end is None or r.at < end)]
        before = [r for r in readings if r.at < begin]
        if not inside:
            found.append(None)
            continue
        earlier = before[-1].histogram if before else None
        found.append(inside[-1].histogram.since(earlier).quantile(share))
    return tuple(found)
