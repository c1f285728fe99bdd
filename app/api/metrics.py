"""Counts and latencies in Prometheus' text format; no label ever holds anything personal.

With several workers each process keeps its figures in files under PROMETHEUS_MULTIPROC_DIR (`cdc serve` sets
it), and whichever worker is asked adds them up.
"""

import os
from collections.abc import MutableMapping
from functools import cache
from typing import Any

from prometheus_client import REGISTRY, CollectorRegistry, Counter, Histogram, generate_latest
from prometheus_client.multiprocess import MultiProcessCollector

from app.core.audit.latency import Histogram as LatencyHistogram

REQUESTS = Counter("cdc_http_requests", "Requests by route and status.", ("method", "route", "status"))
LATENCY = Histogram(
    "cdc_http_request_seconds",
    "Time from request to the last byte of the answer.",
    ("route",),
    buckets=(0.002, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 10),
)
_MATCHES = Counter("cdc_matches", "Matches by outcome.", ("outcome",))


def observe(scope: MutableMapping[str, Any], status: int, seconds: float) -> None:
    """Counts one answered request under its route's template; what matched no route is one bucket."""
    route = getattr(scope.get("route"), "path", "none")
    _requests(scope["method"] if route != "none" else "-", route, status).inc()
    _latency(route).observe(seconds)


@cache
def matches(outcome: str) -> Counter:
    """The figure of one outcome."""
    return _MATCHES.labels(outcome)


@cache
def _requests(method: str, route: str, status: int) -> Counter:
    """Finding a figure by its labels costs more than counting; there are as many as routes and statuses."""
    return REQUESTS.labels(method, route, status)


@cache
def _latency(route: str) -> Histogram:
    return LATENCY.labels(route)


def latency_of(route: str) -> LatencyHistogram:
    """How long all workers' answers of one route took, since they started."""
    buckets = {
        float(sample.labels["le"]): sample.value
        for metric in _registry().collect()
        if metric.name == "cdc_http_request_seconds"
        for sample in metric.samples
        if sample.name.endswith("_bucket") and sample.labels.get("route") == route
    }
    bounds = sorted(buckets)
    return LatencyHistogram(tuple(bounds), tuple(buckets[bound] for bound in bounds))


def rendered() -> bytes:
    """The figures of all workers."""
    return generate_latest(_registry())


def _registry() -> CollectorRegistry:
    if "PROMETHEUS_MULTIPROC_DIR" not in os.environ:
        return REGISTRY
    together = CollectorRegistry()
    MultiProcessCollector(together)  # type: ignore[no-untyped-call]
    return together
