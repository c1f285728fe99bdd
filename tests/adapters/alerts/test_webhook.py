"""What the webhook is told, and what a webhook that does not listen is said to have done."""

import json
from datetime import UTC, datetime
from uuid import UUID

import httpx
import pytest

from app.adapters.alerts.webhook import Webhook
from app.core.audit.alert import Alert, Severity
from app.services.watch_ports import AlertNotSent

ALERT = Alert(
    alert_id=UUID("01a20059-624a-7cf3-8ed3-e39f3841bcc3"),
    at=datetime(2026, 11, 21, tzinfo=UTC),
    rule="emergency_access",
    severity=Severity.CRITICAL,
    count=1,
    window_seconds=900,
    client_id="hospital",
    customer_id="CM6SC7N75YR3HGA9TO",
)
URL = "https://alerts.example.org/hook?token=secret"


async def test_it_is_told_which_rule_and_client_and_no_customer() -> None:
    sent: list[httpx.Request] = []

    def answer(request: httpx.Request) -> httpx.Response:
        sent.append(request)
        return httpx.Response(204)

    async with httpx.AsyncClient(transport=httpx.MockTransport(answer)) as http:
        await Webhook(http, URL).send(ALERT)
    assert json.loads(sent[0].content) == {
        "alert_id": "01a20059-624a-7cf3-8ed3-e39f3841bcc3",
        "at": "2026-11-21T00:00:00Z",
        "rule": "emergency_access",
        "severity": "critical",
        "client_id": "hospital",
        "count": 1,
        "window_seconds": 900,
    }


@pytest.mark.parametrize("failure", [httpx.Response(500), httpx.ConnectError("no route to host")])
async def test_what_fails_is_said_without_the_address(failure: httpx.Response | httpx.ConnectError) -> None:
    def answer(_: httpx.Request) -> httpx.Response:
        if isinstance(failure, httpx.Response):
            return failure
        raise failure

    async with httpx.AsyncClient(transport=httpx.MockTransport(answer)) as http:
        webhook = Webhook(http, URL)
        with pytest.raises(AlertNotSent) as caught:
            await webhook.send(ALERT)
    assert "secret" not in str(caught.value) + repr(webhook)
