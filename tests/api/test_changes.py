"""The change feed: what happened, in order, at least once."""

from typing import Any

from app.core.access.scope import Scope


async def test_the_feed_tells_what_happened_in_order(
    desk: Any, pair: tuple[str, str], register: Any, person: Any
) -> None:
    one, two = pair
    await register("elder_care", "E1", {**person, "name": "王立华"}, attributes={"deceased": True})
    merge = await desk.merge(one, two)
    await desk.undo(merge)
    await desk.http.delete("/v1/sources/elder_care/customers/E1", headers=desk.headers)
    told = await desk.changes()
    assert told[:3] == [("created", one, None), ("created", two, None), ("linked", one, None)]
    rest = [line for line in told[3:] if line[0] != "golden_record_changed"]
    assert rest == [
        ("deceased", one, None),
        ("merged", one, two),
        ("split", one, two),
        ("unlinked", one, None),
    ]


async def test_the_feed_goes_on_where_it_was_left(desk: Any, pair: tuple[str, str], register: Any) -> None:
    first = await desk.get("/v1/changes", limit=1)
    rest = await desk.get("/v1/changes", after=first["next"])
    assert [c["customer_id"] for c in first["items"] + rest["items"]] == list(pair)
    assert (await desk.get("/v1/changes", after=rest["next"]))["items"] == []
    again = await desk.get("/v1/changes", after=first["next"])
    assert again == rest


async def test_a_follower_sees_local_ids_only_of_systems_it_knows(center: Any, pair: tuple[str, str]) -> None:
    headers = await center.bearer("follower", Scope.CHANGES_READ, systems=frozenset({"funeral"}))
    items = (await center.http.get("/v1/changes", headers=headers)).json()["items"]
    assert {item["local_id"] for item in items} == {None}
    (event,) = await center.events(kind="changes_read")
    assert event["client_id"] == "follower"
