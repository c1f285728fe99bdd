"""Documents keep up with the code: settings are listed, links lead somewhere."""

import ast
import re
from collections.abc import Iterator
from pathlib import Path

SETTING = re.compile(r"(?:CDC|HDC)_[A-Z0-9_]*[A-Z0-9]")
LINK = re.compile(r"\[[^\]]*\]\(([^)#\s]+)[^)]*\)")


def settings_in(tree: ast.AST) -> Iterator[str]:
    """String literals that are a setting's name and nothing else."""
    for node in ast.walk(tree):
        if isinstance(node, ast.Constant) and isinstance(node.value, str) and SETTING.fullmatch(node.value):
            yield node.value


def test_settings_and_their_documentation_name_the_same(root: Path, modules: list[Path]) -> None:
    used = {name for path in modules for name in settings_in(ast.parse(path.read_text(encoding="utf-8")))}
    document = (root / "docs/configuration.md").read_text(encoding="utf-8")
    documented = set(re.findall(rf"`({SETTING.pattern})`", document))
    assert used == documented


def test_each_setting_has_one_row(root: Path) -> None:
    document = (root / "docs/configuration.md").read_text(encoding="utf-8")
    rows = re.findall(rf"^\| `({SETTING.pattern})`", document, re.MULTILINE)
    assert sorted(rows) == sorted(set(rows))


def test_links_lead_somewhere(files: list[Path], root: Path) -> None:
    broken = {
        f"{path.relative_to(root)}: {target}"
        for path in files
        if path.suffix == ".md"
        for target in LINK.findall(path.read_text(encoding="utf-8"))
        if "://" not in target and not target.startswith("mailto:") and not (path.parent / target).exists()
    }
    assert not broken
