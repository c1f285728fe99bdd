"""How many pairs a second one core compares and scores: `python -m tests.bench.core [PAIRS]`.

The pairs are those that blocking leaves in the demo's sample (each of a person's records with the next, and
one stranger of three), their elements understood beforehand, as the service holds them.
"""

import sys
import time
from collections.abc import Callable
from datetime import date
from random import Random
from statistics import median

from app.adapters.reference.load import load_reference_tables
from app.adapters.reference.model import load_shipped_model
from app.core.identity.elements import GivenElements, IdentityElements
from app.core.identity.understand import understand
from app.core.matching.score import explain, score_pair
from app.demo.sample import make_sample

Pair = tuple[IdentityElements, IdentityElements]

ROUNDS = 5
_TODAY = date(2026, 11, 21)


def make_pairs(count: int) -> list[Pair]:
    """Near pairs and strangers, two to one, in a fixed order."""
    rng, tables = Random(5), load_reference_tables()
    rows = [understand(GivenElements(**row.elements), tables, _TODAY) for row in make_sample().rows]
    near = [(rows[i], rows[i + 1]) for i in range(len(rows) - 1)]
    return [near[i % len(near)] if i % 3 else (rng.choice(rows), rng.choice(rows)) for i in range(count)]


def rate(work: Callable[[Pair], object], pairs: list[Pair]) -> float:
    """Pairs a second: the median of some rounds, by the process's own time."""
    rates = []
    for _ in range(ROUNDS):
        began = time.process_time()
        for pair in pairs:
            work(pair)
        rates.append(len(pairs) / (time.process_time() - began))
    return median(rates)


def main() -> None:
    """Prints both rates."""
    pairs = make_pairs(int(sys.argv[1]) if len(sys.argv) > 1 else 20_000)
    model, tables = load_shipped_model(), load_reference_tables()

    def score(pair: Pair) -> object:
        return score_pair(*pair, model, tables)

    def score_and_explain(pair: Pair) -> object:
        return explain(*pair, score_pair(*pair, model, tables), model)

    print(f"compare and score              {rate(score, pairs):10,.0f} pairs/s")
    print(f"compare, score and explain     {rate(score_and_explain, pairs):10,.0f} pairs/s")


if __name__ == "__main__":
    main()
