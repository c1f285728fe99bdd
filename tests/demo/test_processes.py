"""Commands and services: failures are told, endings noticed, and everything is stopped."""

import os
import sys
import threading
import time
from http.server import BaseHTTPRequestHandler, HTTPServer
from pathlib import Path

import pytest

from app.demo.plan import CannotStart
from app.demo.processes import (
    CommandFailed,
    Service,
    run_command,
    start_service,
    stop,
    wait_until_ready,
    watch,
)


def python(code: str, log: Path, url: str = "http://127.0.0.1:9") -> Service:
    return start_service("svc", [sys.executable, "-c", code], url, log, dict(os.environ))


def test_a_command_returns_what_it_wrote() -> None:
    assert run_command([sys.executable, "-c", "print('hello')"], dict(os.environ)) == "hello\n"


def test_a_failing_command_is_told_with_its_words() -> None:
    with pytest.raises(CommandFailed, match="no room left"):
        run_command([sys.executable, "-c", "import sys; sys.exit('no room left')"], dict(os.environ))


def test_a_service_that_ends_is_noticed_with_the_end_of_its_log(tmp_path: Path) -> None:
    service = python("print('cannot bind'); raise SystemExit(3)", tmp_path / "log")
    ended = watch([service])
    assert "svc ended with status 3" in ended.last_words()
    assert "cannot bind" in ended.last_words()


def test_waiting_ends_when_the_service_does(tmp_path: Path) -> None:
    service = python("raise SystemExit('bad setting')", tmp_path / "log")
    with pytest.raises(CannotStart, match="bad setting"):
        wait_until_ready([service])


def test_ready_is_what_readyz_says(tmp_path: Path) -> None:
    class Ready(BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            self.send_response(200 if self.path == "/readyz" else 404)
            self.end_headers()

        def log_message(self, *_: object) -> None: ...

    server = HTTPServer(("127.0.0.1", 0), Ready)
    thread = threading.Thread(target=server.serve_forever)
    thread.start()
    service = python(
        "import time; time.sleep(60)", tmp_path / "log", f"http://127.0.0.1:{server.server_port}"
    )
    try:
        wait_until_ready([service])
        assert not service.ended
    finally:
        stop([service])
        server.shutdown()
        server.server_close()
        thread.join()
    assert service.ended


def test_stopping_lets_a_service_finish(tmp_path: Path) -> None:
    code = (
        "import signal, sys, time\n"
        "signal.signal(signal.SIGTERM, lambda *_: (print('bye', flush=True), sys.exit(0)))\n"
        "print('up', flush=True)\n"
        "time.sleep(60)"
    )
    service = python(code, tmp_path / "log")
    while "up" not in service.log.read_text():
        time.sleep(0.02)
    stop([service])
    assert service.process.returncode == 0
    assert "bye" in service.log.read_text()
