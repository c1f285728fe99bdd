"""The walk through both centers: one person, from five elements to records, and what is on record of it."""

import base64
import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from app.demo.centers import Centers, Json, UnexpectedAnswer
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
        self.screen.step(1, "Who is this?", "这是谁？")
        self.screen.caption(
            "The hospital knows a person only by the five identity elements and asks for the customer ID.",
            "医院只知道五项身份要素，向客户数据中心询问主客户编号。",
        )
        self.screen.call("hospital", "POST /v1/match")
        self._elements(self.exact.elements)
        answer = self.centers.match("hospital", self.exact.elements)
        self._outcome(answer, self.exact.expect)
        return str(answer["customer_id"])

    def _fuzzy_match(self) -> None:
        self.screen.step(2, "Misspelt, and found, with reasons", "写错了也能找到，并说明理由")
        self.screen.caption(
            "The name was typed by ear. Each element adds or takes away weight (log2 of the likelihood ratio).",
            "姓名按读音误录。每项要素按似然比（以 2 为底的对数）加分或减分。",
        )
        self.screen.call("hospital", "POST /v1/match?explain=true")
        self._elements(self.fuzzy.elements)
        answer = self.centers.match("hospital", self.fuzzy.elements, explain=True)
        self._outcome(answer, self.fuzzy.expect)
        self._waterfall(answer["candidates"][0])

    def _doubt(self) -> None:
        self.screen.step(3, "Never a guess", "绝不猜测")
        self.screen.caption(
            "Without a document it could be a namesake born on the same day: a steward must look, no ID is given.",
            "没有证件号，可能是同名同日出生的人：转人工审核，不返回编号。",
        )
        self.screen.call("hospital", "POST /v1/match")
        self._elements(self.doubtful.elements)
        self._outcome(self.centers.match("hospital", self.doubtful.elements), self.doubtful.expect)

    def _token(self) -> str:
        self.screen.step(4, "Match and ask for access", "匹配并申请授权")
        self.screen.caption(
            "The same call asks for the elder-care records. A certain match and the policy open them: the token",
            "同一请求申请养老记录。匹配确定且策略允许，即得到仅限此机构、此客户、此领域、此目的的短期令牌：",
        )
        self.screen.call("hospital", f"POST /v1/match  access={json.dumps(CARE)}")
        access = self.centers.match("hospital", self.exact.elements, CARE)["access"]
        if access["decision"] != "permit":
            raise UnexpectedAnswer("POST /v1/match denied the access that the tour is to show")
        token = str(access["access_token"])
        self.screen.good(f"permit {', '.join(access['reasons'])} · {access['expires_in']} s")
        self.screen.facts(sorted(_claims(token).items()))
        return token

    def _gateway(self, token: str, customer_id: str) -> None:
        self.screen.step(5, "The first road: records through the CDC", "路径一：经客户数据中心取记录")
        self.screen.caption(
            "The token opens one customer and one domain. The CDC fetches, the Health Data Center checks it again.",
            "令牌只开放一位客户、一个领域。客户数据中心转发请求，健康数据中心再次核验。",
        )
        self.screen.call("hospital", f"GET /v1/customers/{customer_id}/records/elder_care")
        self._records(self.centers.records(token, customer_id, "elder_care")["items"])

    def _second_road(self, customer_id: str) -> None:
        self.screen.step(6, "The second road: through the HDC", "路径二：直接询问健康数据中心")
        self.screen.caption(
            "The elder-care home asks the Health Data Center with the five elements. The HDC asks the CDC in its name.",
            "养老院带五项要素直接询问健康数据中心，由其代为向客户数据中心核实（令牌交换）。",
        )
        self.screen.call("elder_care", f"POST {self.centers.hdc}/v1/lookups  medical, CAREMGT")
        answer = self.centers.look_up("elder_care", self.exact.elements, ["medical"], "CAREMGT")
        if answer.status != 200 or answer.body["customer_id"] != customer_id:
            raise UnexpectedAnswer(f"POST /v1/lookups answered {answer.status} {answer.body.get('code', '')}")
        self._records(answer.body["records"]["medical"]["items"])

    def _refusal(self) -> None:
        self.screen.step(7, "Refused, and nothing given away", "拒绝，且不透露任何信息")
        self.screen.caption(
            "The home asks for medical records to bill: not permitted. Then for somebody nobody knows. Same answer.",
            "养老院以结算为目的索要医疗记录：不允许。再询问一个不存在的人：答复完全相同。",
        )
        for who, elements in (
            ("a customer 真实客户", self.exact.elements),
            ("a stranger 陌生人", self.stranger.elements),
        ):
            answer = self.centers.match("elder_care", elements, BILLING)
            access = answer["access"]
            if access["decision"] != "deny":
                raise UnexpectedAnswer("POST /v1/match permitted the access that the tour is to see refused")
            self.screen.bad(f"{who}: {answer['outcome']}, {access['decision']} {access['reasons']}")
        self.screen.caption("Only the access log knows why:", "真正的原因只在访问日志里：")
        denials = self.centers.events(client_id="elder_care", kind="access", outcome="deny", limit="2")
        self._events(list(reversed(denials)))

    def _audit(self, customer_id: str) -> None:
        self.screen.step(8, "Who looked at this customer?", "谁看过这位客户？")
        self.screen.caption(
            "Every decision is one line that nobody can change or delete. No name and no number stands in it.",
            "每个决定一行，不可更改、不可删除，其中没有姓名和证件号。",
        )
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
        rows = [
            (
                c["element"],
                c["level"],
                f"{c['weight']:+7.2f}",
                _bar(c["weight"]),
                c["stored"] or "–",
                c["why"],
            )
            for c in candidate["comparisons"]
        ]
        self.screen.table(("element", "level", " weight", "", "stored (masked)", "why"), rows)
        self.screen.facts(
            [("sum of weights", f"{candidate['weight']:+.2f}"), ("probability", f"{candidate['score']:.9f}")]
        )

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


def _bar(weight: float) -> str:
    return ("█" if weight >= 0 else "░") * min(30, max(1, round(abs(weight))))


_ENVELOPE = frozenset(
    {"customer_id", "domain", "kind", "source_system", "source_id", "occurred_at", "record_id"}
)


def _content(item: Json) -> str:
    texts = [str(value) for name, value in item.items() if name not in _ENVELOPE and isinstance(value, str)]
    return " · ".join(texts[:3])


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
