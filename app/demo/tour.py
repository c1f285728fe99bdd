"""The walk through both centers: one person, from five elements to records, and what is on record of it."""

import base64
import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from app.demo import captions
from app.demo.answers import Json, UnexpectedAnswer
from app.demo.centers import Centers
from app.demo.sample import Example
from app.demo.screen import Screen
from app.demo.slips import Elements

CARE = {"domains": ["elder_care"], "purpose": "TREAT"}
BILLING = {"domains": ["medical"], "purpose": "HPAYMT"}


@dataclass(frozen=True, slots=True)
class Tour:
    """What every step works with."""

    centers: Centers
    screen: Screen
    exact: Example
    fuzzy: Example
    doubtful: Example
    stranger: Example

    def walk(self) -> None:
        """All steps, in order. Raises `UnexpectedAnswer` where a service answers other than it should."""
        customer_id = self._exact_match()
        self._fuzzy_match()
        self._doubt()
        token = self._token()
        self._gateway(token, customer_id)
        self._second_road(customer_id)
        self._refusal()
        self._audit(customer_id)

    def _exact_match(self) -> str:
        self.screen.step(1, captions.EXACT)
        self.screen.call("hospital", "POST /v1/match")
        self._elements(self.exact.elements)
        answer = self.centers.match("hospital", self.exact.elements)
        self._outcome(answer, self.exact.expect)
        return str(answer["customer_id"])

    def _fuzzy_match(self) -> None:
        self.screen.step(2, captions.FUZZY)
        self.screen.call("hospital", "POST /v1/match?explain=true")
        self._elements(self.fuzzy.elements)
        answer = self.centers.match("hospital", self.fuzzy.elements, explain=True)
        self._outcome(answer, self.fuzzy.expect)
        self._waterfall(answer["candidates"][0])

    def _doubt(self) -> None:
        self.screen.step(3, captions.DOUBTFUL)
        self.screen.call("hospital", "POST /v1/match")
        self._elements(self.doubtful.elements)
        self._outcome(self.centers.match("hospital", self.doubtful.elements), self.doubtful.expect)

    def _token(self) -> str:
        self.screen.step(4, captions.TOKEN)
        self.screen.call("hospital", f"POST /v1/match  access={json.dumps(CARE)}")
        access = self.centers.match("hospital", self.exact.elements, CARE)["access"]
        if access["decision"] != "permit":
            raise UnexpectedAnswer("POST /v1/match denied the access that the tour is to show")
        token = str(access["access_token"])
        self.screen.good(f"permit {', '.join(access['reasons'])} · {access['expires_in']} s")
        self.screen.facts(sorted(_claims(token).items()))
        return token

    def _gateway(self, token: str, customer_id: str) -> None:
        self.screen.step(5, captions.GATEWAY)
        self.screen.call("hospital", f"GET /v1/customers/{customer_id}/records/elder_care")
        self._records(self.centers.records(token, customer_id, "elder_care")["items"])

    def _second_road(self, customer_id: str) -> None:
        self.screen.step(6, captions.SECOND_ROAD)
        self.screen.call("elder_care", f"POST {self.centers.hdc}/v1/lookups  medical, CAREMGT")
        answer = self.centers.look_up("elder_care", self.exact.elements, ["medical"], "CAREMGT")
        if answer.status != 200 or answer.body["customer_id"] != customer_id:
            raise UnexpectedAnswer(f"POST /v1/lookups answered {answer.status} {answer.body.get('code', '')}")
        self._records(answer.body["records"]["medical"]["items"])

    def _refusal(self) -> None:
        self.screen.step(7, captions.REFUSAL)
        for who, elements in (
            ("a customer 真实客户", self.exact.elements),
            ("a stranger 陌生人", self.stranger.elements),
        ):
            answer = self.centers.match("elder_care", elements, BILLING)
            access = answer["access"]
            if access["decision"] != "deny":
                raise UnexpectedAnswer("POST /v1/match permitted the access that the tour is to see refused")
            self.screen.bad(f"{who}: {answer['outcome']}, {access['decision']} {access['reasons']}")
        self.screen.caption(captions.REASONS)
        denials = self.centers.events(client_id="elder_care", kind="access", outcome="deny", limit="2")
        self._events(list(reversed(denials)))

    def _audit(self, customer_id: str) -> None:
        self.screen.step(8, captions.AUDIT)
        self.screen.call("auditor", f"GET /v1/audit/events?customer_id={customer_id}")
        self._events(list(reversed(self.centers.events(customer_id=customer_id, limit="10"))))

    def _elements(self, elements: Elements) -> None:
        shown = [value if value is not None else "–" for value in elements.values()]
        self.screen.say("    " + " · ".join(shown))

    def _outcome(self, answer: Json, expected: str) -> None:
        """Raises `UnexpectedAnswer`: a tour that shows something else than it says is worse than none."""
        if answer["outcome"] != expected:
            raise UnexpectedAnswer(f"POST /v1/match answered {answer['outcome']} instead of {expected}")
        line = f"{answer['outcome']} · {answer['grade']} · {answer['method'] or 'no method'}"
        if answer["customer_id"]:
            self.screen.good(f"{line} · customer {answer['customer_id']}")
        else:
            self.screen.bad(f"{line} · no customer ID")

    def _waterfall(self, candidate: Json) -> None:
        compared = candidate["comparisons"]
        # Before anything is compared: one customer among many.
        prior = candidate["weight"] - sum(c["weight"] for c in compared)
        rows = [("prior", "", _signed(prior), _bar(prior), "", "one customer among many")]
        rows += [
            (c["element"], c["level"], _signed(c["weight"]), _bar(c["weight"]), c["stored"] or "–", c["why"])
            for c in compared
        ]
        rows.append(
            ("sum", "", _signed(candidate["weight"]), "", "", f"probability {candidate['score']:.9f}")
        )
        self.screen.table(("element", "level", " weight", "", "stored (masked)", "why"), rows)

    def _records(self, items: Sequence[Json]) -> None:
        self.screen.good(f"{len(items)} records")
        self.screen.table(
            ("occurred_at", "kind", "content"),
            [(str(i["occurred_at"])[:10], str(i["kind"]), _content(i)) for i in items[:4]],
        )

    def _events(self, events: Sequence[Json]) -> None:
        header = ("time (UTC)", "client", "for it", "kind", "outcome", "domains", "purpose", "reasons")
        self.screen.table(header, [_event_row(event) for event in events])


def _claims(token: str) -> Mapping[str, Any]:
    """The payload of a JWT, only to be shown: whoever relies on it checks the signature."""
    payload = token.split(".")[1]
    decoded = json.loads(base64.urlsafe_b64decode(payload + "=" * (-len(payload) % 4)))
    return dict(decoded)


def _signed(weight: float) -> str:
    return f"{weight:+7.2f}"


def _bar(weight: float) -> str:
    return ("█" if weight >= 0 else "░") * min(30, max(1, round(abs(weight))))


_ENVELOPE = frozenset(
    {"customer_id", "domain", "kind", "source_system", "source_id", "occurred_at", "record_id"}
)


def _content(item: Json) -> str:
    facts = (value for name, value in item.items() if name not in _ENVELOPE)
    texts = ("、".join(map(str, fact)) if isinstance(fact, list) else str(fact) for fact in facts)
    return " · ".join(list(texts)[:4])


def _event_row(event: Json) -> tuple[str, ...]:
    return (
        str(event["at"])[11:19],
        event["client_id"] or "–",
        event["actor"] or "",
        event["kind"],
        event["outcome"],
        ",".join(event["domains"]),
        event["purpose"] or "",
        ",".join(event["reasons"]),
    )
