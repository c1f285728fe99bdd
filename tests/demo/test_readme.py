"""What the READMEs tell people to paste works, on what `make run` leaves."""

import json
import re
import shutil
import subprocess
from pathlib import Path
from typing import Any

import pytest

pytestmark = pytest.mark.skipif(shutil.which("curl") is None, reason="needs curl")

ROOT = Path(__file__).resolve().parents[2]
READMES = ("README.md", "README.zh-CN.md")
# A refusal ends the script, and an answer ends its line.
STRICT_CURL = 'curl() { command curl --noproxy "*" --fail-with-body -sS "$@" && echo; }\n'


def commands(readme: str) -> str:
    text = (ROOT / readme).read_text(encoding="utf-8")
    return "".join(re.findall(r"^```sh\n(.*?)^```$", text, re.MULTILINE | re.DOTALL))


def test_both_languages_show_the_same_commands() -> None:
    chinese, english = (re.sub(r"^#.*\n", "", commands(readme), flags=re.MULTILINE) for readme in READMES)
    assert chinese == english


def test_the_person_is_an_example_of_the_sample(demo: Any) -> None:
    shown = re.search(r"\{\"name\".*?\"id_number\": \"\w+\"", commands(READMES[0]), re.DOTALL)
    assert shown
    assert json.loads(shown[0] + "}") == demo.manifest["examples"][0]["elements"]


def test_every_command_works(demo: Any) -> None:
    (demo.home / ".venv").symlink_to(ROOT / ".venv")
    script = STRICT_CURL + commands(READMES[0])
    done = subprocess.run(
        ["bash", "-euo", "pipefail", "-c", script],
        cwd=demo.home, env=demo.environment, capture_output=True, text=True, timeout=120, check=False,
    )  # fmt: skip
    assert done.returncode == 0, done.stdout + done.stderr
    for sign in (
        '"kind":"care_plan"',
        '"candidates":[',
        '"kind":"diagnosis"',
        '"outcome":"linked"',
        "linked 1",
    ):
        assert sign in done.stdout
    assert '"kind":"records_request"' in done.stdout
    assert '"reasons":["purpose_not_permitted"]' in done.stdout
    exported = (demo.home / "cross-references.ndjson").read_text(encoding="utf-8")
    ids = {line["local_id"]: line["customer_id"] for line in map(json.loads, exported.splitlines())}
    assert {"P-1", "P-2"} <= set(ids)
