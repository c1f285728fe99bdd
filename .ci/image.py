"""Runs the image's own commands outside Docker: what no engine is here to build is at least walked through.

The instructions of the Dockerfile are read one by one. COPY takes what .dockerignore lets through, RUN runs,
with the image's /opt, /src and /data in a scratch folder; then the image's command serves and its health
check asks, with no checkout in sight. Skipped is only what needs root: the user, and the owner of /data.
"""

import json
import os
import re
import shlex
import shutil
import signal
import socket
import subprocess
import sys
import tempfile
import time
from dataclasses import dataclass, field
from pathlib import Path

ROOT = Path(__file__).resolve().parents[1]
NEEDS_ROOT = "useradd "
PLACES = ("/opt", "/src", "/data")


def instructions(text: str) -> list[tuple[str, str]]:
    """(keyword, rest) of each instruction, continued lines joined."""
    lines = [line for line in text.splitlines() if not line.lstrip().startswith("#")]
    joined = re.sub(r"\\\n\s*", " ", "\n".join(lines))
    words = (line.strip().partition(" ") for line in joined.splitlines() if line.strip())
    return [(keyword.upper(), rest.strip()) for keyword, _, rest in words]


def admitted() -> set[str]:
    """What .dockerignore lets into the build; its last line keeps caches out."""
    lines = (ROOT / ".dockerignore").read_text(encoding="utf-8").splitlines()
    return {line[1:] for line in lines if line.startswith("!")}


@dataclass
class Image:
    """The scratch folder that stands for the image's file system."""

    base: Path
    environment: dict[str, str] = field(default_factory=dict)
    folder: str = "/"
    started: bool = False
    command: list[str] = field(default_factory=list)
    check: list[str] = field(default_factory=list)

    def here(self, text: str) -> str:
        """A command with the image's places put into the scratch folder."""
        return re.sub(rf"(?<![\w/.])({'|'.join(PLACES)})\b", rf"{self.base}\1", text)

    def follow(self, keyword: str, rest: str) -> None:
        """Does what an instruction says."""
        match keyword:
            case "FROM":
                self.environment = {}
            case "ENV":
                for name, _, value in (word.partition("=") for word in shlex.split(rest)):
                    path = os.environ["PATH"]
                    self.environment[name] = self.here(value).replace("$PATH", path)
            case "WORKDIR":
                self.folder = rest
                Path(self.here(rest)).mkdir(parents=True, exist_ok=True)
            case "COPY" if "--from" not in rest:
                self.copy(*rest.split())
            case "RUN" if not rest.startswith(NEEDS_ROOT):
                self.run(["/bin/sh", "-euc", self.here(rest)])
            case "CMD":
                self.command = json.loads(rest)
            case "HEALTHCHECK":
                self.check = json.loads(rest[rest.index("CMD") + 3 :])

    def copy(self, *names: str) -> None:
        """COPY from the checkout."""
        target = Path(self.here(self.folder)) / names[-1]
        for name in names[:-1]:
            assert name in admitted(), f".dockerignore keeps {name} out"
            source = ROOT / name
            if source.is_dir():
                shutil.copytree(source, target, ignore=shutil.ignore_patterns("__pycache__"))
            else:
                shutil.copy(source, target)

    def run(self, command: list[str], **more: str) -> None:
        """A command to its end, in the image's environment and folder."""
        subprocess.run(command, cwd=self.here(self.folder), env=self.variables(**more), check=True)

    def variables(self, **more: str) -> dict[str, str]:
        """Nothing of the checkout, of its environment and of Python's settings."""
        kept = {
            name: value
            for name, value in os.environ.items()
            if not name.startswith(("CDC_", "HDC_", "PYTHON", "VIRTUAL_ENV"))
        }
        # Where a machine calls its Python only python3, the running one stands in.
        kept["PATH"] += f":{Path(sys.executable).parent}"
        return {**kept, **self.environment, **more}

    def find(self, command: list[str]) -> list[str]:
        """The command with its program looked up on the image's PATH."""
        program = shutil.which(command[0], path=self.environment["PATH"])
        assert program is not None, command[0]
        assert program.startswith(str(self.base)), program
        return [program, *command[1:]]


def free_port() -> str:
    """A port that nobody listens on."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return str(probe.getsockname()[1])


def serve(image: Image) -> None:
    """The image's command until its health check is content, then SIGTERM; exit status 0 is expected."""
    ports = {"CDC_PORT": free_port(), "HDC_PORT": free_port()}
    for name in ("cdc", "hdc"):
        image.run(image.find([name, "init"]), **ports)
    served = image.find(image.command)
    service = subprocess.Popen(served, cwd=image.here(image.folder), env=image.variables(**ports))
    try:
        for _ in range(60):
            checked = subprocess.run(
                image.find(image.check), env=image.variables(**ports), stderr=subprocess.DEVNULL
            )
            if checked.returncode == 0:
                break
            assert service.poll() is None, "the service ended"
            time.sleep(0.5)
        else:
            raise AssertionError("the health check was never content")
    finally:
        service.send_signal(signal.SIGTERM)
        status = service.wait(40)
    assert status == 0, status


def main() -> int:
    """The exit status."""
    began = time.monotonic()
    with tempfile.TemporaryDirectory(prefix="cdc-image-") as folder:
        image = Image(Path(folder))
        for place in PLACES:
            Path(image.here(place)).mkdir()
        for keyword, rest in instructions((ROOT / "Dockerfile").read_text(encoding="utf-8")):
            image.follow(keyword, rest)
        shutil.rmtree(image.here("/src"))
        assert not list(Path(image.here("/opt/center")).rglob("*.pth")), "an editable install"
        serve(image)
    seconds = time.monotonic() - began
    print(f"the image's commands: installed, initialised, served, healthy, stopped, {seconds:.0f} s")
    return 0


if __name__ == "__main__":
    sys.exit(main())
