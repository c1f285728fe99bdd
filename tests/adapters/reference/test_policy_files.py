"""Policy sets in files: the shipped ones are sound, and each fault is named by line, rule and field."""

from importlib.resources import files
from pathlib import Path

import pytest
from typer.testing import CliRunner

from app.adapters.reference.policy import SHIPPED, UnusablePolicy, load_policy, parse_policy
from app.cli.root import app

TEXT = files("app.adapters.reference").joinpath("policies/default.toml").read_text("utf-8")


@pytest.mark.parametrize("name", SHIPPED)
def test_the_shipped_sets_can_be_used_and_say_what_they_do(name: str) -> None:
    policy = load_policy(name).policy
    assert policy.version.startswith(f"{name}-")
    assert all(rule.says and rule.law for rule in policy.rules)


def test_a_version_is_the_content() -> None:
    version = parse_policy(TEXT.encode()).policy.version
    assert parse_policy(TEXT.replace("\n", "\r\n").encode()).policy.version == version
    assert parse_policy((TEXT + "# reviewed\n").encode()).policy.version != version


@pytest.mark.parametrize(
    ("old", "new", "told"),
    [
        ('adult = "unless_withdrawn"', 'adult = "maybe"', "rule 2: adult: one of open, unless_withdrawn"),
        ('purposes = ["TREAT"]', 'purposes = ["CURE"]', "rule 2: purposes: a list of TREAT"),
        ('purposes = ["TREAT"]', 'purposes = ["TREAT", "TREAT"]', "rule 2: purposes: a list of TREAT"),
        ('purposes = ["TREAT"]', "", "rule 2: purposes: is missing"),
        ('purposes = ["TREAT"]', 'purposes = ["TREAT"]\nwhen = "now"', "rule 2: when: no such field"),
        (
            'purposes = ["TREAT"]',
            'purposes = ["TREAT"]\nkinds = ["encounter"]',
            "rule 2: kinds: at least one",
        ),
        ('records = "own"', 'records = "all"', "rule 1: records: 'own', or a list of medical"),
        ("emergency = true", "", "rule 5: emergency: true where the purposes hold ETREAT"),
        ('code = "deceased_affairs"', 'code = "own_domain"', "rule 4: code: another word"),
        ('code = "deceased_affairs"', 'code = "scope_missing"', "rule 4: code: another word"),
        ('code = "deceased_affairs"', 'code = "Dead!"', "rule 4: code: 1 to 64"),
        ('purposes = ["CAREMGT"]', 'purposes = ["TREAT"]', "rule 3: clients: something that earlier rules"),
        ('name = "default"', 'name = "My Set"', "name: 1 to 32"),
        ('name = "default"', 'name = "default', "not TOML"),
        ("[[rules]]", "[rules]", "not TOML"),
        ("[[rules]]", "[[regeln]]", "regeln: no such field"),
    ],
)
def test_a_fault_is_named_by_line_rule_and_field(old: str, new: str, told: str) -> None:
    assert old in TEXT
    with pytest.raises(UnusablePolicy) as unusable:
        parse_policy(TEXT.replace(old, new).encode())
    assert told in str(unusable.value)


def test_the_line_is_where_the_rule_begins() -> None:
    broken = TEXT.replace('code = "deceased_affairs"', 'code = "Dead!"')
    with pytest.raises(UnusablePolicy) as unusable:
        parse_policy(broken.encode())
    line = broken.split("\n").index('code = "Dead!"')
    assert str(unusable.value).startswith(f"line {line}, rule 4: code: ")


def test_check_at_the_terminal(tmp_path: Path) -> None:
    run = CliRunner().invoke(app, ["policy", "check", "strict"])
    assert (run.exit_code, run.stdout.split("-")[0]) == (0, "strict")
    file = tmp_path / "ours.toml"
    file.write_text(TEXT.replace("medical", "medicine"), "utf-8")
    refused = CliRunner().invoke(app, ["policy", "check", str(file)])
    assert refused.exit_code == 1
    assert "rule 1: clients:" in refused.stderr
    assert CliRunner().invoke(app, ["policy", "check", str(tmp_path / "none.toml")]).exit_code == 1
