"""Reviews: the queue, the pair, the decision and its undoing."""

import re
from typing import Any
from uuid import UUID

import pytest

from app.core.access.roles import Role
from app.core.audit.event import Kind
from app.core.identity.elements import GivenElements
from app.core.index.customer import ReviewFilter, ReviewStatus
from tests.console.conftest import NOTHING_HERE

KNOWN = GivenElements("王丽华", "female", "1980-02-29", "resident_id_card", "110101198002290026")
LIKE = GivenElements("王立华", "female", "1980-02-29", None, None)
OTHERS = (Role.AUDITOR, Role.SECURITY_OFFICER, Role.ADMINISTRATOR)


@pytest.fixture
async def pair(site: Any) -> UUID:
    """A known person, one who may be they, and the review."""
    await site.register("his", "H-1", KNOWN)
    await site.register("care", "C-1", LIKE)
    return await the_review(site)


async def the_review(site: Any, status: ReviewStatus = ReviewStatus.OPEN) -> UUID:
    async with site.units() as unit:
        (review,) = await unit.reviews.list(ReviewFilter(status), None, 2)
    found: UUID = review.review_id
    return found


@pytest.mark.parametrize(("language", "said"), [("en", "Nothing waits for you"), ("zh", "没有待处理的审核")])
async def test_an_empty_queue_says_so(site: Any, language: str, said: str) -> None:
    browser = await site.visitor(Role.STEWARD, language=language)
    assert said in (await browser.get("/reviews")).text
    assert "Nothing waits" not in (await browser.get("/reviews?priority=high")).text


@pytest.mark.parametrize("role", OTHERS)
async def test_reviews_are_for_stewards(site: Any, pair: UUID, role: Role) -> None:
    browser = await site.visitor(role)
    assert "/console/reviews" not in (await browser.get("/overview")).text
    for path in ("/reviews", f"/reviews/{pair}"):
        await browser.get(path, 403)
    for action in ("disclosure", "decision", "reopening", "assignment"):
        await browser.post(f"/reviews/{pair}/{action}", 403, verdict="same", to="me")
    assert await the_review(site) == pair


async def test_the_queue_shows_masked_people(site: Any, pair: UUID) -> None:
    browser = await site.visitor(Role.STEWARD)
    page = (await browser.get("/reviews")).text
    assert f"/console/reviews/{pair}" in page
    assert "王**" in page
    for value in ("王丽华", "王立华", "1980-02-29", KNOWN.id_number):
        assert value not in page


@pytest.mark.parametrize(
    ("filters", "found"),
    [
        ("status=open", True),
        ("status=later", False),
        ("reason=no_document_evidence", True),
        ("reason=rival_candidate", False),
        ("mine=1", False),
        ("status=nonsense&priority=nonsense&reason=nonsense&after=nonsense", True),
    ],
)
async def test_the_queue_is_filtered_by_its_address(site: Any, pair: UUID, filters: str, found: bool) -> None:
    browser = await site.visitor(Role.STEWARD)
    assert (f"/console/reviews/{pair}" in (await browser.get(f"/reviews?{filters}")).text) == found


async def test_each_pair_has_one_priority(site: Any, pair: UUID) -> None:
    browser = await site.visitor(Role.STEWARD)
    pages = [(await browser.get(f"/reviews?priority={p}")).text for p in ("high", "normal", "low")]
    assert [f"/console/reviews/{pair}" in page for page in pages].count(True) == 1


async def test_a_pair_is_shown_masked_and_its_differences_marked(site: Any, pair: UUID) -> None:
    browser = await site.visitor(Role.STEWARD)
    page = (await browser.get(f"/reviews/{pair}")).text
    for value in ("丽", "立", "1980-02-29", KNOWN.id_number):
        assert value not in page
    assert page.count('<span class="mark different">*</span>') == 2
    assert "One character differs and sounds the same but for the tone" in page
    assert "No document to rely on" in page
    assert page.count("<rect ") == 6


async def test_asking_for_the_values_is_an_event_about_both(site: Any, pair: UUID) -> None:
    browser = await site.visitor(Role.STEWARD)
    await browser.get(f"/reviews/{pair}")
    assert await site.events(kind=Kind.DISCLOSURE) == []
    page = (await browser.post(f"/reviews/{pair}/disclosure", 200)).text
    assert KNOWN.id_number is not None
    assert "".join(re.findall(r'<span class="mark one_sided">(\w)</span>', page)) == KNOWN.id_number
    events = await site.events(kind=Kind.DISCLOSURE)
    assert {(e.client_id, e.actor, e.detail["review_id"]) for e in events} == {
        ("console", "the-steward", str(pair))
    }
    assert len({e.customer_id for e in events}) == 2
    again = await browser.get(f"/reviews/{pair}/disclosure", 303)
    assert again.headers["location"] == f"/console/reviews/{pair}"


@pytest.mark.parametrize("verdict", ["same", "not_same", "later"])
async def test_a_decision_can_be_undone(site: Any, pair: UUID, verdict: str) -> None:
    browser = await site.visitor(Role.STEWARD)
    await browser.get(f"/reviews/{pair}")
    answer = await browser.post(
        f"/reviews/{pair}/decision", verdict=verdict, reason="asked the ward", next=""
    )
    onward = answer.headers["location"]
    assert onward == f"/console/reviews?decided={pair}&verdict={verdict}"
    page = (await browser.get(onward.removeprefix("/console"))).text
    assert 'data-key="u"' in page
    async with site.units() as unit:
        review = await unit.reviews.get(pair)
    assert (review.decision, review.decided_by) == (verdict, "the-steward")
    assert "the-steward" in (await browser.get(f"/reviews/{pair}")).text
    await browser.post(f"/reviews/{pair}/reopening")
    assert await the_review(site) == pair
    await browser.post(f"/reviews/{pair}/reopening", 409)
    reopened = [e for e in await site.events(kind=Kind.REVIEW) if e.outcome == "reopened"]
    assert {e.detail["was"] for e in reopened} == {verdict}
    assert len({e.customer_id for e in reopened}) == 2
    async with site.units() as unit:
        customers = await unit.customers.get([review.customer_id, review.candidate_id])
    assert all(c.active for c in customers.values())


async def test_who_were_said_to_be_two_people_are_asked_about_again(site: Any, pair: UUID) -> None:
    browser = await site.visitor(Role.STEWARD)
    await browser.get(f"/reviews/{pair}")
    await browser.post(f"/reviews/{pair}/decision", verdict="not_same", next="")
    await browser.post(f"/reviews/{pair}/reopening")
    await browser.post(f"/reviews/{pair}/decision", verdict="same", next="")
    async with site.units() as unit:
        review = await unit.reviews.get(pair)
        customers = await unit.customers.get([review.customer_id])
    assert customers[review.customer_id].survivor_id == review.candidate_id


async def test_a_decision_leads_to_the_next_pair(site: Any, pair: UUID) -> None:
    await site.register("care", "C-2", GivenElements("王莉华", "female", "1980-02-29", None, None))
    async with site.units() as unit:
        first, *rest = await unit.reviews.list(ReviewFilter(), None, 9)
    browser = await site.visitor(Role.STEWARD)
    page = (await browser.get(f"/reviews/{first.review_id}")).text
    following = rest[0].review_id
    assert f'href="/console/reviews/{following}" data-key="j"' in page
    assert 'data-key="k"' not in page
    assert (
        f'href="/console/reviews/{first.review_id}" data-key="k"'
        in (await browser.get(f"/reviews/{following}")).text
    )
    await browser.get(f"/reviews/{first.review_id}")
    answer = await browser.post(f"/reviews/{first.review_id}/decision", verdict="later", next=str(following))
    assert answer.headers["location"].startswith(f"/console/reviews/{following}?decided=")


async def test_a_steward_takes_a_case_and_gives_it_back(site: Any, pair: UUID) -> None:
    browser = await site.visitor(Role.STEWARD)
    await browser.get(f"/reviews/{pair}")
    await browser.post(f"/reviews/{pair}/assignment", to="me")
    assert f"/console/reviews/{pair}" in (await browser.get("/reviews?mine=1")).text
    await browser.get(f"/reviews/{pair}")
    await browser.post(f"/reviews/{pair}/assignment", to="nobody")
    assert f"/console/reviews/{pair}" not in (await browser.get("/reviews?mine=1")).text


async def test_forms_of_other_sites_change_nothing(site: Any, pair: UUID) -> None:
    browser = await site.visitor(Role.STEWARD)
    browser.token = "0" * 64
    for action in ("disclosure", "decision", "reopening", "assignment"):
        await browser.post(f"/reviews/{pair}/{action}", 403, verdict="same", to="me")
    assert await the_review(site) == pair
    assert await site.events(kind=Kind.DISCLOSURE) == []


async def test_what_is_not_there_is_said_so(site: Any, pair: UUID) -> None:
    browser = await site.visitor(Role.STEWARD)
    for review_id in ("nonsense", UUID(int=1)):
        assert NOTHING_HERE in (await browser.get(f"/reviews/{review_id}", 404)).text
    await browser.get(f"/reviews/{pair}")
    refused = await browser.post(f"/reviews/{pair}/decision", 422, verdict="perhaps")
    assert "same, not_same or later" in refused.text


async def test_both_languages(site: Any, pair: UUID) -> None:
    for language, said in (("en", "One person or two?"), ("zh", "是同一个人吗？")):
        browser = await site.visitor(Role.STEWARD, language=language)
        assert f"<h1>{said}</h1>" in (await browser.get(f"/reviews/{pair}")).text


async def test_pages_of_the_queue_follow_one_another(
    site: Any, monkeypatch: pytest.MonkeyPatch, pair: UUID
) -> None:
    monkeypatch.setattr("app.console.routes.reviews.PAGE", 1)
    await site.register("care", "C-2", GivenElements("王莉华", "female", "1980-02-29", None, None))
    browser = await site.visitor(Role.STEWARD)
    seen: list[str] = []
    path: str | None = "/reviews"
    while path:
        page = (await browser.get(path)).text
        seen += re.findall(r'data-row href="/console/reviews/([0-9a-f-]+)', page)
        further = re.search(r'href="/console(/reviews\?after=[^"]+)" rel="next"', page)
        path = further[1] if further else None
    assert len(seen) == len(set(seen)) > 1
