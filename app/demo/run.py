"""`cdc demo`: from nothing to two running services, a tour, and a prompt that waits for Ctrl-C."""

import os
import signal
import sys
from collections.abc import Mapping, Sequence
from types import FrameType
from typing import NoReturn

import httpx

from app.demo.accounts import Person, make_accounts
from app.demo.answers import UnexpectedAnswer
from app.demo.captions import FAREWELL
from app.demo.centers import Centers
from app.demo.clients import Credentials, make_clients, make_overseers
from app.demo.loading import load_people, load_records
from app.demo.manifest import manifest_path, write_manifest
from app.demo.plan import CannotStart, Plan, read_plan, refuse_taken_ports
from app.demo.processes import (
    CommandFailed,
    Service,
    program,
    run_command,
    start_service,
    stop,
    wait_until_ready,
    watch,
)
from app.demo.sample import Example, Local, Sample, choose_examples, make_sample
from app.demo.screen import Screen, terminal
from app.demo.tour import Tour


def run() -> int:
    """The exit status: 0 when it was asked to stop, 1 when something went wrong (which is printed)."""
    for ending in (signal.SIGINT, signal.SIGTERM):
        signal.signal(ending, _interrupt)
    screen = terminal()
    try:
        plan = read_plan(os.environ)
        refuse_taken_ports(plan)
        manifest_path(plan).unlink(missing_ok=True)
        _run(plan, screen)
    except KeyboardInterrupt:
        screen.say("\nStopped. 已停止。")
        return 0
    except (CannotStart, CommandFailed, UnexpectedAnswer, httpx.HTTPError, OSError) as wrong:
        print(f"\ndemo: {wrong or type(wrong).__name__}", file=sys.stderr)
        return 1


def _interrupt(_signal: int, _frame: FrameType | None) -> None:
    raise KeyboardInterrupt


def _run(plan: Plan, screen: Screen) -> NoReturn:
    sample = make_sample()
    customer_ids = _prepare(plan, screen, sample)
    services: list[Service] = []
    try:
        with httpx.Client(timeout=60, trust_env=False) as http:
            clients = _start(plan, http, services)
            centers = Centers(http, plan.cdc_url, plan.hdc_url, clients)
            screen.say("Loading business records 导入业务记录 …")
            count = load_records(sample, customer_ids, centers)
            screen.say(f"{count:,} records under {len(set(customer_ids.values())):,} master customer IDs.")
            examples = choose_examples(sample, customer_ids)
            _tour(centers, screen, examples).walk()
        path = write_manifest(plan, clients, examples)
        _farewell(plan, screen, clients, str(path))
        _console(plan, screen, make_accounts(plan.environment))
        raise CannotStart(watch(services).last_words())
    finally:
        stop(services)


def _prepare(plan: Plan, screen: Screen, sample: Sample) -> dict[Local, str]:
    """Keys, schemas and people; the master customer ID of each local ID."""
    screen.say("Customer Data Center · 客户数据中心")
    for name in ("cdc", "hdc"):
        run_command([program(name), "init"], plan.environment)
    people = len({row.person.number for row in sample.rows})
    screen.say(f"Loading {people:,} invented people, {len(sample.rows):,} rows of three systems 导入样本 …")
    return load_people(sample, plan.data_dir, plan.environment)


def _start(plan: Plan, http: httpx.Client, services: list[Service]) -> dict[str, Credentials]:
    """Both services, ready. The HDC is a client of the CDC: it can start when that has registered it."""
    overseers = make_overseers(plan.environment)
    services.append(_serve("cdc", plan.cdc_url, plan, {}))
    wait_until_ready(services)
    clients = make_clients(http, plan.cdc_url, overseers)
    hdc = clients["hdc"]
    secret = {"HDC_CLIENT_ID": hdc.client_id, "HDC_CLIENT_SECRET": hdc.client_secret}
    services.append(_serve("hdc", plan.hdc_url, plan, secret))
    wait_until_ready(services)
    return clients


def _serve(name: str, url: str, plan: Plan, more: Mapping[str, str]) -> Service:
    log = plan.data_dir / f"{name}.log"
    return start_service(name, [program(name), "serve"], url, log, {**plan.environment, **more})


def _tour(centers: Centers, screen: Screen, examples: Sequence[Example]) -> Tour:
    exact, *_, fuzzy = (e for e in examples if e.expect == "match")
    doubtful = next(e for e in examples if e.expect == "review")
    *_, stranger = (e for e in examples if e.expect == "no_match")
    return Tour(centers, screen, exact, fuzzy, doubtful, stranger)


def _farewell(plan: Plan, screen: Screen, clients: Mapping[str, Credentials], manifest: str) -> None:
    screen.step(9, FAREWELL)
    screen.table(
        ("service", "address", "API documentation"),
        (
            ("Customer Data Center", plan.cdc_url, f"{plan.cdc_url}/docs"),
            ("Health Data Center", plan.hdc_url, f"{plan.hdc_url}/docs"),
        ),
    )
    screen.say()
    screen.table(
        ("client_id", "client_secret (of this sample only)"),
        [(who.client_id, who.client_secret) for who in clients.values()],
    )
    screen.say()
    screen.say(f"    All of this, for scripts: {manifest}")
    screen.say("    README.md shows both roads in plain curl. 两条路径的 curl 示例见 README.zh-CN.md。")


def _console(plan: Plan, screen: Screen, people: Sequence[Person]) -> None:
    """Where people work, and how they get in."""
    screen.say()
    screen.say(f"    Console 控制台: {plan.cdc_url}/console")
    screen.table(
        ("account", "one-time password (choose your own at sign-in) 一次性密码"),
        [(person.name, person.one_time_password) for person in people],
    )
    screen.say(
        "    As auditor, the access log shows the steps above. 以 auditor 登录，访问日志可见以上各步。"
    )
    screen.say()
    screen.say("    Ctrl-C stops. 按 Ctrl-C 停止。")
