"""Work for other cores: processes of our own that answer one question after the other over pipes.

A question or an answer is a frame: its length, then plain values as `marshal` writes them. A worker lives on
its standard input, so it ends with whoever started it, however that one ended.
"""

import asyncio
import marshal
import os
import signal
import struct
import sys
from collections.abc import Callable, Sequence
from contextlib import suppress
from typing import Any, BinaryIO

_LENGTH = struct.Struct(">Q")
_LESS_URGENT = 5
_PATIENCE = 5.0


class WorkerGone(Exception):  # noqa: N818 - a state
    """A worker ended, or cannot be started: somebody else has to do the work."""


class Worker:
    """One process, asked by one task at a time."""

    __slots__ = ("_process",)

    def __init__(self, process: asyncio.subprocess.Process) -> None:
        self._process = process

    async def ask(self, question: Any) -> Any:
        """The answer. Raises `WorkerGone`."""
        writer, reader = self._process.stdin, self._process.stdout
        assert writer is not None
        assert reader is not None
        try:
            frame = marshal.dumps(question)
            writer.write(_LENGTH.pack(len(frame)) + frame)
            await writer.drain()
            (length,) = _LENGTH.unpack(await reader.readexactly(_LENGTH.size))
            return marshal.loads(await reader.readexactly(length))  # noqa: S302 - of our own process
        except (OSError, EOFError):  # asyncio's IncompleteReadError is an EOFError
            raise WorkerGone from None

    async def end(self) -> None:
        """Lets it finish, and ends it where it does not."""
        if self._process.stdin is not None:
            self._process.stdin.close()
        try:
            await asyncio.wait_for(self._process.wait(), _PATIENCE)
        except TimeoutError:
            with suppress(ProcessLookupError):
                self._process.kill()
            await self._process.wait()


async def start_worker(module: str, greeting: Any) -> Worker:
    """Starts `python -m module`, whose first question is `greeting`. Raises `WorkerGone`."""
    try:
        process = await asyncio.create_subprocess_exec(
            sys.executable,
            "-m",
            module,
            stdin=asyncio.subprocess.PIPE,
            stdout=asyncio.subprocess.PIPE,
            start_new_session=True,  # Ctrl-C is for whoever started it, who then lets it end
        )
    except OSError:
        raise WorkerGone from None
    worker = Worker(process)
    try:
        await worker.ask(greeting)
    except BaseException:
        await worker.end()
        raise
    return worker


def serve_questions(begin: Callable[[Any], Callable[[Any], Any]]) -> None:
    """A worker's life: `begin` takes the greeting and gives what answers every later question."""
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    os.nice(_LESS_URGENT)
    questions, answers = sys.stdin.buffer, sys.stdout.buffer
    with suppress(BrokenPipeError):
        greeting = _read(questions)
        if greeting is None:
            return
        answer = begin(greeting[0])
        _write(answers, True)
        while (question := _read(questions)) is not None:
            _write(answers, answer(question[0]))


def _read(stream: BinaryIO) -> Sequence[Any] | None:
    """The next frame's value, as the only item of a sequence; None at the end."""
    head = stream.read(_LENGTH.size)
    if len(head) < _LENGTH.size:
        return None
    (length,) = _LENGTH.unpack(head)
    frame = stream.read(length)
    if len(frame) < length:
        return None
    return [marshal.loads(frame)]  # noqa: S302 - of the process that started this one


def _write(stream: BinaryIO, value: Any) -> None:
    frame = marshal.dumps(value)
    stream.write(_LENGTH.pack(len(frame)) + frame)
    stream.flush()
