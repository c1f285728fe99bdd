"""The image and the composition agree with each other and with the package."""

import re
import tomllib
from pathlib import Path

from tests.bench.postgres import AS_DEPLOYED

ROOT = Path(__file__).parents[2]
IMAGE = (ROOT / "Dockerfile").read_text(encoding="utf-8")
COMPOSITION = (ROOT / "deploy" / "compose.yaml").read_text(encoding="utf-8")


def test_the_version_is_the_package_s() -> None:
    project = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))["project"]
    assert re.findall(r'image\.version="(.+?)"', IMAGE) == [project["version"]]
    assert re.findall(r"CENTER_VERSION:-(.+?)}", COMPOSITION) == [project["version"]]


def test_nothing_runs_as_root_or_unpinned() -> None:
    assert re.findall(r"^USER (.+)$", IMAGE, re.MULTILINE) == ["10001:10001"]
    installs = [line for line in IMAGE.splitlines() if " install --quiet" in line]
    assert installs
    assert all("--require-hashes" in line or "--no-index" in line for line in installs)


def test_every_secret_is_a_file_that_git_and_the_build_leave_alone() -> None:
    files = re.findall(r"\{file: (.+?)\}", COMPOSITION)
    assert files
    assert all(file.startswith("./secrets/") for file in files)
    assert "deploy/secrets/" in (ROOT / ".gitignore").read_text(encoding="utf-8").splitlines()
    assert (ROOT / ".dockerignore").read_text(encoding="utf-8").splitlines()[1] == "*"


def test_the_bench_measures_the_database_that_is_deployed() -> None:
    settings = dict(re.findall(r"- -c(\w+)=(\S+)", COMPOSITION))
    assert settings.pop("shared_buffers").startswith("${POSTGRES_SHARED_BUFFERS:-")  # the machine's affair
    assert settings == AS_DEPLOYED
