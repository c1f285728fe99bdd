"""What a browser sees of a page that nobody should have to: each is a finding."""

from collections import defaultdict
from dataclasses import dataclass, field
from pathlib import Path
from statistics import median
from urllib.parse import urlsplit

from playwright.sync_api import BrowserContext, ConsoleMessage, Page, Request

AXE = Path(__file__).parent / "node_modules" / "axe-core" / "axe.min.js"
SLOWEST = 2000.0
"""Milliseconds; what is meant is 200, but the machine of a check does other things besides."""
_SERIOUS = """async () => (await axe.run(document, {resultTypes: ['violations']})).violations
  .filter(v => ['serious', 'critical'].includes(v.impact))
  .map(v => v.id + ': ' + v.nodes.slice(0, 3).map(n => n.target.join(' ')).join(', '))"""
_WIDER = "() => document.documentElement.scrollWidth - document.documentElement.clientWidth"
_ANSWERED = """() => { const t = performance.getEntriesByType('navigation')[0];
  return t.responseEnd - t.requestStart; }"""


@dataclass
class Findings:
    """Faults with where they were seen, and how long each page took to answer (milliseconds)."""

    host: str
    faults: dict[str, list[str]] = field(default_factory=lambda: defaultdict(list))
    times: dict[str, list[float]] = field(default_factory=lambda: defaultdict(list))
    pages: int = 0
    _axe: str = field(default_factory=lambda: AXE.read_text(encoding="utf-8"))

    def watch(self, context: BrowserContext, who: str) -> None:
        """From now on: requests to other hosts, script errors, what the policy forbids."""

        def requested(request: Request) -> None:
            parts = urlsplit(request.url)
            if parts.scheme not in ("data", "blob") and parts.netloc != self.host:
                self.faults[f"asks {parts.netloc}"].append(who)

        def said(message: ConsoleMessage) -> None:
            # A refused page is one that the walk asked for.
            if message.type == "error" and "status of 4" not in message.text:
                self.faults[message.text].append(who)

        def opened(page: Page) -> None:
            page.on("pageerror", lambda error: self.faults[str(error)].append(who))

        context.on("request", requested)
        context.on("console", said)
        context.on("page", opened)

    def look(self, page: Page, what: str, who: str) -> None:
        """At a page that is there: what axe finds serious, what sticks out, how fast it came."""
        self.pages += 1
        self.times[what].append(page.evaluate(_ANSWERED))
        page.evaluate(self._axe)
        for fault in page.evaluate(_SERIOUS):
            self.faults[fault].append(f"{what}, {who}")
        if page.evaluate(_WIDER) > 0:
            self.faults["wider than the window"].append(f"{what}, {who}")

    def expect(self, holds: bool, what: str) -> None:
        """A step of a walk."""
        if not holds:
            self.faults[what].append("a step")

    def report(self) -> int:
        """Prints everything; 1 where something was found."""
        for what, times in sorted(self.times.items()):
            slow = "" if median(times) <= SLOWEST else "  TOO SLOW"
            print(f"  {what:<34} {median(times):6.0f} ms (most {max(times):.0f}, {len(times)} times){slow}")
            if slow:
                self.faults["too slow"].append(what)
        for fault, places in self.faults.items():
            print(f"FOUND {fault}: {len(places)} times, first at {places[0]}")
        print(f"{self.pages} pages looked at, {len(self.faults)} faults found")
        return 1 if self.faults else 0
