"""Whether this process was asked to end: who waits for news must not keep a server that wants to go."""

import signal
import threading
from collections.abc import Callable, Iterator
from contextlib import ExitStack, contextmanager
from types import FrameType

_SIGNALS = (signal.SIGINT, signal.SIGTERM)


@contextmanager
def hearing_the_end() -> Iterator[Callable[[], bool]]:
    """Gives what tells whether SIGINT or SIGTERM came. Whoever handled them before, such as the server that
    ends by them, still does; where nobody did, they end the process as they always do."""
    asked = threading.Event()
    with ExitStack() as handlers:
        # Python hands signals to the main thread alone; a server in another one is ended by other means.
        if threading.current_thread() is threading.main_thread():
            for number in _SIGNALS:
                handlers.enter_context(_heard(number, asked))
        yield asked.is_set


@contextmanager
def _heard(number: signal.Signals, asked: threading.Event) -> Iterator[None]:
    before = signal.getsignal(number)
    if not callable(before):
        yield
        return

    def hear(signum: int, frame: FrameType | None) -> None:
        asked.set()
        before(signum, frame)

    signal.signal(number, hear)
    try:
        yield
    finally:
        signal.signal(number, before)
