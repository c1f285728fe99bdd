"""The queue of doubtful pairs: both sides, what is decided, and what is not asked again."""

from typing import Any

from app.core.access.scope import Scope


async def doubtful(desk: Any, register: Any, person: Any) -> tuple[str, str, Any]:
    """A known person, one who may be they, and the review."""
    known = await register("medical", "P1", person)
    unsure = await register("elder_care", "E1", {**person, "id_type": None, "id_number": None})
    (case,) = (await desk.get("/v1/reviews"))["items"]
    return known, unsure, case


async def test_a_review_shows_both_sides_and_their_comparison(desk: Any, register: Any, person: Any) -> None:
    known, unsure, case = await doubtful(desk, register, person)
    assert (case["customer"]["customer_id"], case["candidate"]["customer_id"]) == (unsure, known)
    assert case["candidate"]["records"][0]["elements"] == person
    assert [step["element"] for step in case["comparison"]["steps"]]
    assert sum(step["weight"] for step in case["comparison"]["steps"]) < case["comparison"]["weight"] + 60
    assert case["priority"] in ("high", "normal", "low")


async def test_the_same_are_merged(desk: Any, register: Any, person: Any) -> None:
    known, unsure, case = await doubtful(desk, register, person)
    url = f"/v1/reviews/{case['review_id']}/decision"
    review = await desk.post(url, decision="same", reason="called the ward")
    assert (review["status"], review["decision"], review["decided_by"]) == ("decided", "same", "steward")
    assert await desk.records(known) == {"P1", "E1"}
    await desk.get(f"/v1/customers/{unsure}", 307)
    assert (await desk.post(url, 409, decision="same", reason="again"))["code"] == "not_possible"
    assert (await desk.get("/v1/reviews"))["items"] == []


async def test_what_is_not_the_same_is_not_asked_again_unless_it_changes(
    desk: Any, register: Any, person: Any
) -> None:
    _, unsure, case = await doubtful(desk, register, person)
    unknown = {**person, "id_type": None, "id_number": None}
    url = f"/v1/reviews/{case['review_id']}/decision"
    await desk.post(url, decision="not_same", reason="another ward")
    assert await register("elder_care", "E1", unknown, attributes={"deceased": True}) == unsure
    assert (await desk.get("/v1/reviews"))["items"] == []
    assert await register("elder_care", "E1", {**unknown, "name": "王立华"}) == unsure
    assert len((await desk.get("/v1/reviews"))["items"]) == 1
    assert await register("elder_care", "E1", unknown) == unsure  # what was decided on holds again
    assert (await desk.get("/v1/reviews"))["items"] == []


async def test_a_case_is_assigned_and_put_off(desk: Any, register: Any, person: Any) -> None:
    _, _, case = await doubtful(desk, register, person)
    url = f"/v1/reviews/{case['review_id']}"
    answer = await desk.http.put(f"{url}/assignment", json={"assigned_to": "li"}, headers=desk.headers)
    assert answer.json()["assigned_to"] == "li"
    assert (await desk.get("/v1/reviews", assigned_to="wang"))["items"] == []
    await desk.post(f"{url}/decision", decision="later", reason="waits for the file")
    assert (await desk.get("/v1/reviews"))["items"] == []
    (later,) = (await desk.get("/v1/reviews", status="later", assigned_to="li"))["items"]
    assert later["decision"] == "later"
    await desk.post(f"{url}/decision", decision="same", reason="it came")


async def test_a_merge_answers_what_was_asked(desk: Any, register: Any, person: Any) -> None:
    known, unsure, case = await doubtful(desk, register, person)
    await desk.merge(known, unsure)
    assert (await desk.get("/v1/reviews"))["items"] == []
    (closed,) = (await desk.get("/v1/reviews", status="superseded"))["items"]
    assert closed["review_id"] == case["review_id"]


async def test_the_queue_is_read_page_by_page(desk: Any, register: Any, person: Any) -> None:
    await register("medical", "P1", person)
    for number in range(3):
        await register("elder_care", f"E{number}", {**person, "id_type": None, "id_number": None})
    seen: list[str] = []
    query: dict[str, Any] = {"limit": 2}
    while True:
        page = await desk.get("/v1/reviews", **query)
        seen += [case["review_id"] for case in page["items"]]
        if page["next"] is None:
            break
        query["cursor"] = page["next"]
    assert len(seen) == len(set(seen)) == len((await desk.get("/v1/reviews"))["items"]) >= 3


async def test_what_a_steward_may_not_see_takes_no_place_on_a_page(
    center: Any, desk: Any, register: Any, person: Any, other: Any
) -> None:
    """The likeliest pairs are another system's; a merge later brings that system into the own one's."""
    unsure = {"id_type": None, "id_number": None}
    await register("medical", "P1", person)
    await register("medical", "P2", other)
    for number in range(3):
        await register("funeral", f"F{number}", {**person, **unsure})
    own = await register("medical", "P3", {**other, **unsure})
    systems = frozenset({"medical"})
    headers = await center.bearer("ward", Scope.CUSTOMER_STEWARD, systems=systems)

    async def page() -> Any:
        answer = await center.http.get("/v1/reviews", params={"limit": 1}, headers=headers)
        assert answer.status_code == 200
        return answer.json()

    first = await page()
    assert [case["customer"]["customer_id"] for case in first["items"]] == [own]
    assert first["next"] is None
    assert len((await desk.get("/v1/reviews", limit=20))["items"]) > 3
    stranger = await register("elder_care", "E1", {**other, "name": "诸葛孔明", **unsure})
    await desk.merge(own, stranger)
    assert (await page())["items"] == []
