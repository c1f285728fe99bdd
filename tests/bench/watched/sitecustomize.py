"""Put on PYTHONPATH, notes each pause of the garbage collector: a line `generation seconds` a collection.

Every process writes to a file of its own in the directory `BENCH_PAUSES`; nothing else of it changes.
"""

import gc
import os
from time import perf_counter


def _watch(directory: str) -> None:
    began = 0.0
    pauses = open(os.path.join(directory, f"{os.getpid()}.txt"), "w", buffering=1)  # noqa: SIM115

    def note(phase: str, about: dict[str, int]) -> None:
        nonlocal began
        if phase == "start":
            began = perf_counter()
        else:
            pauses.write(f"{about['generation']} {perf_counter() - began:.6f}\n")

    gc.callbacks.append(note)


if "BENCH_PAUSES" in os.environ:
    _watch(os.environ["BENCH_PAUSES"])
