"""How long a decision about access takes: `python -m tests.bench.policy [DECISIONS]`.

`decide` alone, by the shipped sets, for an adult of whom so many directives are recorded, which all speak of
the request: permissions and denials of single kinds and labels, some withdrawn, as a customer of many years
has them. Prints the median of single decisions in µs, and what reading and checking each set takes.
"""

import sys
from datetime import UTC, datetime, timedelta
from random import Random
from statistics import median
from time import perf_counter
from uuid import UUID

from app.adapters.reference.policy import SHIPPED, load_policy
from app.core.access.client import Client
from app.core.access.consent import Directive, GivenBy, Stance
from app.core.access.person import Person
from app.core.access.policy import AccessRequest, Facts, PolicySet, decide
from app.core.access.record_kinds import KINDS, Sensitivity
from app.core.access.scope import Domain, Purpose, Scope
from app.core.matching.answer import Grade

DIRECTIVES = (0, 5, 50, 200)
"""How many are recorded; 200 is the most a customer may have."""
REQUESTS = (
    AccessRequest((Domain.ELDER_CARE,), Purpose.TREAT),
    AccessRequest(tuple(Domain), Purpose.ETREAT, "unconscious on arrival"),
)
"""One domain, and all of them, which only an emergency opens together."""
DECISIONS = 1_500
NOW = datetime(2026, 11, 21, 12, tzinfo=UTC)


def directives(count: int, rng: Random) -> tuple[Directive, ...]:
    """The customer's own word on one kind, and every third time a label, a day apart."""
    kinds = [kind for each in KINDS.values() for kind in each]
    made = []
    for number in range(count):
        at = NOW - timedelta(days=count - number)
        made.append(
            Directive(
                UUID(int=number + 1),
                "CM1",
                rng.choice(list(Stance)),
                GivenBy.CUSTOMER,
                at,
                at,
                kinds=frozenset({rng.choice(kinds)}),
                sensitive=frozenset({rng.choice(list(Sensitivity))} if number % 3 == 0 else ()),
                withdrawn_at=at + timedelta(hours=6) if number % 4 == 1 else None,
            )
        )
    return tuple(made)


def facts(count: int) -> Facts:
    """A hospital asks for an adult who was matched with certainty."""
    client = Client("hospital", frozenset(Scope), Domain.MEDICAL, None, None, True, NOW)
    return Facts(client, frozenset(Scope), Grade.CERTAIN, True, NOW, Person(), directives(count, Random(7)))


def microseconds(request: AccessRequest, known: Facts, policy: PolicySet, decisions: int) -> float:
    """The median of single decisions."""
    times = []
    for _ in range(decisions):
        began = perf_counter()
        decide(request, known, policy)
        times.append(perf_counter() - began)
    return median(times) * 1e6


def main() -> None:
    """Prints the table of docs/benchmarks.md."""
    decisions = int(sys.argv[1]) if len(sys.argv) > 1 else DECISIONS
    known = [facts(count) for count in DIRECTIVES]
    print("| set | domains asked for | " + " | ".join(map(str, DIRECTIVES)) + " |")
    print("|---" * (2 + len(DIRECTIVES)) + "|")
    loading = []
    for name in SHIPPED:
        began = perf_counter()
        policy = load_policy(name).policy
        loading.append(f"{name} {(perf_counter() - began) * 1e3:.1f} ms")
        for request in REQUESTS:
            times = [f"{microseconds(request, each, policy, decisions):.0f}" for each in known]
            print(f"| {name} | {len(request.domains)} | {' | '.join(times)} |")
    print(f"\nreading and checking a set: {', '.join(loading)}")


if __name__ == "__main__":
    main()
