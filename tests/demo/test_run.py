"""`cdc demo` as a person starts it."""

import json
import re
import socket
import stat
import subprocess
import sys
from pathlib import Path
from typing import Any

import httpx

from tests.asking import http

CLIENTS = {"hospital", "elder_care", "funeral", "hdc", "auditor", "steward", "admin"}


def ask(manifest: dict[str, Any], client: str, body: dict[str, Any]) -> dict[str, Any]:
    who = manifest["clients"][client]
    with httpx.Client(base_url=manifest["cdc"], trust_env=False, timeout=30) as http:
        token = http.post(
            "/oauth2/token",
            data={"grant_type": "client_credentials"},
            auth=(who["client_id"], who["client_secret"]),
        ).json()["access_token"]
        answer = http.post("/v1/match", json=body, headers={"Authorization": f"Bearer {token}"})
    assert answer.status_code == 200, answer.text
    content: dict[str, Any] = answer.json()
    return content


def test_ctrl_c_ends_it_without_complaint(first_run: Any) -> None:
    assert first_run.status == 0
    assert first_run.output.endswith("Stopped. 已停止。\n")


def test_a_second_run_finds_the_same_customers_and_renews_the_secrets(first_run: Any, demo: Any) -> None:
    assert [line for line in demo.output.splitlines() if "master customer IDs" in line] == [
        line for line in first_run.output.splitlines() if "master customer IDs" in line
    ]
    before, after = first_run.manifest, demo.manifest
    assert before["examples"] == after["examples"]
    assert before["clients"]["hospital"]["client_secret"] != after["clients"]["hospital"]["client_secret"]


def test_the_manifest_has_what_scripts_need(demo: Any) -> None:
    manifest = demo.manifest
    assert manifest["cdc"].endswith(demo.environment["CDC_PORT"])
    assert manifest["hdc"].endswith(demo.environment["HDC_PORT"])
    assert set(manifest["clients"]) == CLIENTS
    assert all(
        set(c) == {"client_id", "client_secret", "scope", "domain"} for c in manifest["clients"].values()
    )
    assert len(manifest["examples"]) >= 6


def test_only_the_owner_can_read_what_holds_secrets(demo: Any) -> None:
    for name in ("demo.json", "keys.json", "hdc-keys.json"):
        assert stat.S_IMODE((demo.home / "var" / name).stat().st_mode) == 0o600


def test_every_example_is_answered_as_expected(demo: Any) -> None:
    manifest = demo.manifest
    answers = [ask(manifest, "hospital", e["elements"])["outcome"] for e in manifest["examples"]]
    assert answers == [e["expect"] for e in manifest["examples"]]


def test_examples_that_match_have_records_in_both_domains(demo: Any) -> None:
    manifest = demo.manifest
    for example in (e for e in manifest["examples"] if e["expect"] == "match"):
        access = {"domains": ["medical", "elder_care"], "purpose": "TREAT"}
        answer = ask(manifest, "hospital", {**example["elements"], "access": access})
        for domain in access["domains"]:
            records = http.get(
                f"{manifest['cdc']}/v1/customers/{answer['customer_id']}/records/{domain}",
                headers={"Authorization": f"Bearer {answer['access']['access_token']}"},
            )
            assert records.json()["items"]


def test_the_tour_shows_every_step_and_no_colour_in_a_file(demo: Any) -> None:
    output = demo.output
    for sign in (
        "homophone",
        "review",
        "permit",
        "customer_records",
        "care_plan",
        "diagnosis",
        "/docs",
        "demo.json",
    ):
        assert sign in output
    assert "purpose_not_permitted" in output
    assert "\x1b[" not in output


def test_the_console_lets_in_with_a_one_time_password(demo: Any) -> None:
    screen = demo.output
    assert f"{demo.manifest['cdc']}/console" in screen
    password = re.search(r"^\s*auditor\s+((?:\w{4}-){3}\w{4})", screen, re.MULTILINE)
    assert password
    origin = {"Origin": demo.manifest["cdc"]}
    with httpx.Client(base_url=demo.manifest["cdc"], trust_env=False, headers=origin) as browser:
        form = {"name": "auditor", "password": password[1]}
        entered = browser.post("/console/sign-in", data=form)
        assert entered.headers["location"] == "/console/password"
        page = browser.get("/console/password").text
        token = re.search(r'name="token" value="(\w+)"', page)
        assert token
        chosen = {"token": token[1], "new": "a sentence of mine", "again": "a sentence of mine"}
        assert browser.post("/console/password", data=chosen).status_code == 303
        log = browser.get("/console/log?kind=match", headers={"Accept-Language": "zh"}).text
        assert log.count("data-row") >= 6


def test_documentation_is_served(demo: Any) -> None:
    for service in ("cdc", "hdc"):
        assert http.get(f"{demo.manifest[service]}/docs").status_code == 200


def test_a_second_start_is_refused_and_leaves_the_first_alone(demo: Any) -> None:
    before = demo.manifest
    second = subprocess.run(
        [Path(sys.executable).with_name("cdc"), "demo"],
        cwd=demo.home, env=demo.environment, capture_output=True, text=True, timeout=60, check=False,
    )  # fmt: skip
    assert second.returncode == 1
    assert f"port {demo.environment['CDC_PORT']} is in use" in second.stderr
    assert demo.manifest == before
    assert demo.process.poll() is None


def test_a_run_that_fails_says_why_and_leaves_no_stale_manifest(tmp_path: Path) -> None:
    """A data directory that cannot be used: the run fails, and no manifest of an earlier run is left."""
    data = tmp_path / "var"
    data.mkdir()
    (data / "demo.json").write_text(json.dumps({"stale": True}))
    with socket.socket() as first, socket.socket() as second:
        first.bind(("127.0.0.1", 0))
        second.bind(("127.0.0.1", 0))
        ports = (str(first.getsockname()[1]), str(second.getsockname()[1]))
    broken = {
        "PATH": "",
        "CDC_DATA_DIR": str(data),
        "CDC_PORT": ports[0],
        "HDC_PORT": ports[1],
        "CDC_KEYS": "not json",
    }
    done = subprocess.run(
        [Path(sys.executable).with_name("cdc"), "demo"],
        env=broken,
        capture_output=True,
        text=True,
        timeout=60,
        check=False,
    )
    assert done.returncode == 1
    assert "demo:" in done.stderr
    assert "Traceback" not in done.stderr
    assert not (data / "demo.json").exists()
