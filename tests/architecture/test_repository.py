"""The repository speaks of the product alone."""

import re
from pathlib import Path

MACHINE = re.compile(
    r"/(?:root|Users)/"
    r"|/home/\w"
    r"|/opt/(?:wheels|pypi)"
    r"|/work/(?:main|shared)"
    r"|\.\./shared/"
    r"|[A-Z]:\\\\?Users"
)
REGISTRY = re.compile(
    r"(?:pypi|pythonhosted|npmjs|conda)\.(?:org|com)"
    r"|(?:registry|mirror|index|artifactory|nexus)[\w-]*\.[\w.-]+\.(?:com|org|net|cn|io|internal|local)\b"
    r"|--(?:extra-)?index-url[ =]\S|--find-links[ =]\S",
    re.IGNORECASE,
)


def offending(pattern: re.Pattern[str], files: list[Path], root: Path) -> list[str]:
    found: list[str] = []
    for path in files:
        if path == Path(__file__):
            continue
        try:
            text = path.read_text(encoding="utf-8")
        except UnicodeDecodeError:
            continue
        found += [f"{path.relative_to(root)}: {match[0]}" for match in pattern.finditer(text)]
    return found


def test_names_no_machine(files: list[Path], root: Path) -> None:
    assert not offending(MACHINE, files, root)


def test_names_no_registry(files: list[Path], root: Path) -> None:
    assert not offending(REGISTRY, files, root)


def test_every_dependency_is_pinned_with_a_hash(root: Path) -> None:
    for lock in sorted(root.glob("requirements*.lock")):
        entries = lock.read_text(encoding="utf-8").replace("\\\n", " ").splitlines()
        for entry in (line for line in entries if line.strip() and not line.lstrip().startswith("#")):
            assert re.match(r"[\w.-]+==\S+ ", entry), f"{lock.name}: {entry[:60]}"
            assert "--hash=sha256:" in entry, f"{lock.name}: {entry[:60]}"
