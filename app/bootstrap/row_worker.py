"""`python -m app.bootstrap.row_worker`: prepares rows for the process that started it."""

from collections.abc import Callable, Sequence
from zoneinfo import ZoneInfo

from app.adapters.clock import SystemClock
from app.adapters.crypto.blind_index import BlindIndex
from app.adapters.crypto.keys import SymmetricKey
from app.adapters.processes import serve_questions
from app.bootstrap.collector import calm_collector
from app.bootstrap.preparing import preparing, understanding
from app.services.prepared_rows import Plain, plain_sifted, read_plain_rows

_OBJECTS_OF_BATCHES = 100_000
MODULE = "app.bootstrap.row_worker"


def greeting(timezone: ZoneInfo, index: Sequence[SymmetricKey], digest: Sequence[SymmetricKey]) -> Plain:
    """What a worker is told first: where "today" is, and the keys it hashes with."""
    keys = [[(key.key_id, key.algorithm, key.key) for key in ring] for ring in (index, digest)]
    return (timezone.key, *keys)


def begin(greeting: Plain) -> Callable[[Plain], Plain]:
    """What prepares rows from now on."""
    timezone, *rings = greeting
    clock = SystemClock(ZoneInfo(timezone))
    index, digest = ([SymmetricKey(*key) for key in ring] for ring in rings)
    calm_collector(_OBJECTS_OF_BATCHES)
    prepare = preparing(understanding(clock), clock, BlindIndex(index), digest)

    def answer(question: Plain) -> Plain:
        rows, default_system = question
        return plain_sifted(prepare.rows(read_plain_rows(rows), default_system))

    return answer


if __name__ == "__main__":
    serve_questions(begin)
