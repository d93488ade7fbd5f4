"""The sandbox's API beyond the samples: strictness, paging, order, filters and quirks."""

from __future__ import annotations

import io
from datetime import timedelta
from typing import Any

import aiohttp
import pytest

from autoresponder.clock import ManualClock
from autoresponder.sandbox.entities import Origin, Thread
from autoresponder.sandbox.world import World
from tests.support.sandbox_world import OTHER, PROPERTY, START, new_booking, new_thread, running

NO_SUCH = "00000000-0000-4000-8000-000000000000"


def fill(world: World, count: int) -> list[Thread]:
    """Threads a minute apart, the last one the newest."""
    threads = []
    for minute in range(count):
        thread = new_thread(world, property_id=OTHER if minute % 3 == 0 else PROPERTY)
        moment = START - timedelta(days=1) + timedelta(minutes=minute)
        world.write(thread, f"message {minute}", origin=Origin.GUEST, inserted_at=moment, history=True)
        threads.append(thread)
    return threads


def ids(body: Any) -> list[str]:
    return [entry["id"] for entry in body["data"]]


async def test_pages_are_ten_long_unless_asked_and_never_over_a_hundred() -> None:
    async with running() as api:
        threads = fill(api.world, 130)
        newest = [thread.id for thread in reversed(threads)]
        body = await api.get("/message_threads")
        assert ids(body) == newest[:10]
        assert body["meta"] == {
            "page": 1,
            "limit": 10,
            "total": 130,
            "order_by": "last_message_received_at",
            "order_direction": "desc",
        }
        body = await api.get("/message_threads?pagination[page]=2&pagination[limit]=500")
        assert ids(body) == newest[100:]
        assert body["meta"]["limit"] == 100
        # JSON:API's own names are not Channex's: ignored.
        body = await api.get("/message_threads?page[limit]=50&page[number]=2")
        assert ids(body) == newest[:10]
        assert ids(await api.get("/message_threads?pagination[page]=99")) == []


async def test_order_and_filters() -> None:
    async with running() as api:
        threads = fill(api.world, 9)
        threads[4].is_closed = True
        oldest = [thread.id for thread in threads]

        async def found(query: str) -> list[str]:
            return ids(await api.get(f"/message_threads?pagination[limit]=100&{query}"))

        assert await found("order[last_message_received_at]=asc") == oldest
        assert await found("order[inserted_at]=asc") == oldest
        assert await found(f"filter[property_id]={OTHER}") == [oldest[6], oldest[3], oldest[0]]
        assert await found(f"filter[property_id]={OTHER},{PROPERTY}") == oldest[::-1]
        assert await found(f"filter[property_id]={NO_SUCH}") == []
        assert await found("filter[is_closed]=true") == [oldest[4]]
        assert await found(f"filter[is_closed]=true&filter[property_id]={OTHER}") == []
        assert await found(f"filter[is_closed]=false&filter[property_id]={OTHER}") == [
            oldest[6],
            oldest[3],
            oldest[0],
        ]
        moment = threads[7].last_message_received_at.isoformat().replace("+00:00", "")
        assert await found(f"filter[last_message_received_at][gte]={moment}") == [oldest[8], oldest[7]]
        assert await found(f"filter[last_message_received_at][gt]={moment}") == [oldest[8]]
        assert await found(f"filter[updated_at][lt]={moment}") == oldest[:7][::-1]
        assert await found(f"filter[updated_at][lte]={moment}Z") == oldest[:8][::-1]
        assert await found("filter[provider][not]=BookingCom") == []
        assert await found("filter[title][eq]=Byron Ada&order[title]=asc") == oldest


@pytest.mark.parametrize(
    ("query", "field"),
    [
        ("filter[updated_at][gte]=yesterday", "updated_at"),
        ("filter[is_closed]=maybe", "is_closed"),
        ("filter[colour]=red", "colour"),
        ("filter[property_id]=seaview", "property_id"),
        ("filter[property_id]=seaview,old-town", "property_id"),
        ("filter[booking_id][not]=5", "booking_id"),
        ("filter[message_count][gt]=many", "message_count"),
        ("filter[title][like]=a", "title"),
        ("order[colour]=asc", "colour"),
        ("order[title]=up", "title"),
        ("pagination[limit]=0", "limit"),
        ("pagination[page]=-1", "page"),
        ("pagination[page]=x", "page"),
    ],
)
async def test_what_cannot_be_cast_is_named(query: str, field: str) -> None:
    async with running() as api:
        new_thread(api.world)
        status, body = await api.call("GET", f"/message_threads?{query}")
        assert status == 422
        assert body["errors"]["code"] == "validation_error"
        assert body["errors"]["details"] == {field: ["is invalid"]}


async def test_a_flood_of_parameters_is_refused() -> None:
    async with running() as api:
        query = "&".join(f"a{number}=1" for number in range(300))
        status, body = await api.call("GET", f"/message_threads?{query}")
        assert (status, body["errors"]["details"]) == (422, {"filter": ["has too many parameters"]})


async def test_messages_are_paged_newest_first() -> None:
    async with running() as api:
        thread = new_thread(api.world)
        for number in range(15):
            moment = START + timedelta(seconds=number)
            api.world.write(thread, str(number), origin=Origin.GUEST, inserted_at=moment)
        path = f"/message_threads/{thread.id}/messages"
        body = await api.get(f"{path}?pagination[page]=2")
        assert [entry["attributes"]["message"] for entry in body["data"]] == ["4", "3", "2", "1", "0"]
        assert body["meta"] == {
            "page": 2,
            "limit": 10,
            "total": 15,
            "order_by": "inserted_at",
            "order_direction": "desc",
        }
        body = await api.get(f"{path}?order[inserted_at]=asc&pagination[limit]=2")
        assert [entry["attributes"]["message"] for entry in body["data"]] == ["0", "1"]
        body = await api.get(f"{path}?filter[sender]=property")
        assert body["data"] == []


@pytest.mark.parametrize(
    ("body", "status", "code"),
    [
        ({"message": {"message": ""}}, 422, "validation_error"),
        ({"message": {"message": "  \n"}}, 422, "validation_error"),
        ({"message": {}}, 422, "validation_error"),
        ({"message": {"message": None}}, 422, "validation_error"),
        ({"message": {"message": "Hi", "attachment_id": None}}, 422, "validation_error"),
        ({"message": {"message": 5}}, 422, "validation_error"),
        ({"message": {"message": "Hi", "text": "Hi"}}, 422, "validation_error"),
        ({"message": {"attachment_id": NO_SUCH}}, 422, "validation_error"),
        ({"message": "Hi"}, 400, "bad_request"),
        ({"message": {"message": "Hi"}, "id": 1}, 400, "bad_request"),
        ({}, 400, "bad_request"),
        ([], 400, "bad_request"),
        (None, 400, "bad_request"),
    ],
)
async def test_only_the_documented_body_is_taken(body: Any, status: int, code: str) -> None:
    async with running() as api:
        thread = new_thread(api.world)
        got, answer = await api.call("POST", f"/message_threads/{thread.id}/messages", json=body)
        assert (got, answer["errors"]["code"]) == (status, code)
        assert thread.messages == []


async def test_a_body_of_another_type_or_no_json_is_refused() -> None:
    async with running() as api:
        path = f"/message_threads/{new_thread(api.world).id}/messages"
        text = b'{"message":{"message":"Hi"}}'
        assert (await api.call("POST", path, data=text, headers={"Content-Type": "text/plain"}))[0] == 400
        headers = {"Content-Type": "application/json"}
        assert (await api.call("POST", path, data=text[:-1], headers=headers))[0] == 400
        assert (await api.call("POST", path, data=text, headers=headers))[0] == 200


async def test_a_body_over_ten_megabytes_is_too_large() -> None:
    async with running() as api:
        thread = new_thread(api.world)
        body = io.BytesIO(b'{"message":{"message":"%s"}}' % (b"x" * (10 * 1024 * 1024)))
        path = f"/message_threads/{thread.id}/messages"
        headers = {"Content-Type": "application/json"}
        status, answer = await api.call("POST", path, data=body, headers=headers)
        assert (status, answer["errors"]["code"]) == (413, "payload_too_large")
        assert thread.messages == []


async def test_beside_a_text_the_attachment_is_ignored() -> None:
    async with running() as api:
        thread = new_thread(api.world)
        upload = {"attachment": {"file": "aGk=", "file_name": "plan é.png", "file_type": "image/png"}}
        attachment = (await api.call("POST", "/attachments", json=upload))[1]["data"]["id"]
        path = f"/message_threads/{thread.id}/messages"
        both = {"message": {"message": "Look", "attachment_id": attachment}}
        _, body = await api.call("POST", path, json=both)
        assert body["data"]["attributes"]["message"] == "Look"
        assert body["data"]["attributes"]["attachments"] == []
        _, body = await api.call("POST", path, json={"message": {"attachment_id": attachment}})
        assert body["data"]["attributes"]["message"] == ""
        assert body["data"]["attributes"]["attachments"] == [f"attachments/{attachment}/plan%20%C3%A9.png"]


@pytest.mark.parametrize(
    "entity",
    [
        {"file": "%%%", "file_name": "a.png", "file_type": "image/png"},
        {"file": "aGk=", "file_name": "", "file_type": "image/png"},
        {"file": "aGk=", "file_type": "image/png"},
        {"file": "aGk=", "file_name": "a.png", "file_type": "image/png", "size": 2},
    ],
)
async def test_uploads_are_validated(entity: dict[str, Any]) -> None:
    async with running() as api:
        status, body = await api.call("POST", "/attachments", json={"attachment": entity})
        assert (status, body["errors"]["code"]) == (422, "validation_error")


async def test_posting_re_opens_a_closed_thread_and_a_guest_does_not() -> None:
    async with running() as api:
        thread = new_thread(api.world)
        await api.call("POST", f"/message_threads/{thread.id}/close")
        api.world.write(thread, "One more thing", origin=Origin.GUEST)
        body = await api.get(f"/message_threads/{thread.id}")
        assert body["data"]["attributes"]["is_closed"] is True
        assert (await api.send(thread, "Hello"))[0] == 200
        body = await api.get(f"/message_threads/{thread.id}")
        assert body["data"]["attributes"]["is_closed"] is False
        kinds = [event["kind"] for event in api.server.events]
        assert kinds == ["closed", "guest_wrote", "reply_arrived", "reopened"]


async def test_no_reply_needed_is_for_booking_com_only() -> None:
    async with running() as api:
        theirs, other = new_thread(api.world), new_thread(api.world, provider="AirBNB")
        status, body = await api.call("POST", f"/message_threads/{theirs.id}/no_reply_needed")
        assert (status, body["data"]["id"]) == (200, theirs.id)
        assert len(theirs.marks) == 1
        status, body = await api.call("POST", f"/message_threads/{other.id}/no_reply_needed")
        assert (status, body["errors"]["code"]) == (422, "not_supported")
        assert other.marks == []


async def test_airbnb_sends_name_no_thread() -> None:
    async with running() as api:
        thread = new_thread(api.world, provider="AirBNB")
        status, body = await api.send(thread, "Hello")
        assert status == 200
        assert "relationships" not in body["data"]
        listed = await api.get(f"/message_threads/{thread.id}/messages")
        assert listed["data"][0]["relationships"]["message_thread"]["data"]["id"] == thread.id


async def test_sending_to_a_booking_opens_its_thread() -> None:
    async with running() as api:
        booking = new_booking(api.world)
        path = f"/bookings/{booking.id}/messages"
        assert (await api.get(path))["data"] == []
        assert (await api.call("POST", path, json={"message": {"message": ""}}))[0] == 422
        assert api.world.threads == {}
        status, body = await api.call("POST", path, json={"message": {"message": "Welcome"}})
        assert status == 200
        thread_id = body["data"]["relationships"]["message_thread"]["data"]["id"]
        assert booking.thread_id == thread_id
        shown = await api.get(f"/bookings/{booking.id}")
        assert shown["data"]["relationships"]["message_thread"]["data"]["id"] == thread_id
        thread = (await api.get(f"/message_threads/{thread_id}"))["data"]
        assert thread["relationships"]["booking"]["data"]["id"] == booking.id


async def test_what_is_another_accounts_is_unauthorised_and_unlisted() -> None:
    async with running() as api:
        thread = new_thread(api.world, property_id=OTHER)
        api.world.properties[OTHER].foreign = True
        for path in (
            f"/message_threads/{thread.id}",
            f"/bookings/{thread.booking_id}",
            f"/properties/{OTHER}",
            f"/message_threads?filter[property_id]={OTHER}",
        ):
            assert (await api.call("GET", path))[0] == 401, path
        assert ids(await api.get("/properties")) == [PROPERTY]
        assert ids(await api.get("/bookings")) == []
        assert ids(await api.get("/message_threads")) == []


async def test_without_the_app_threads_are_left_out_or_forbidden() -> None:
    async with running() as api:
        with_app, without = new_thread(api.world), new_thread(api.world, property_id=OTHER)
        api.world.properties[OTHER].messages_app = False
        body = await api.get("/message_threads")
        assert (ids(body), body["meta"]["total"]) == ([with_app.id], 1)
        assert (await api.call("GET", f"/message_threads?filter[property_id]={OTHER}"))[0] == 403
        assert (await api.send(without, "Hi"))[0] == 403
        installed = (await api.get("/applications/installed"))["data"]
        assert [entry["attributes"]["property_id"] for entry in installed] == [PROPERTY]
        assert installed[0]["attributes"]["application_code"] == "channex_messages"
        upload = {"attachment": {"file": "aGk=", "file_name": "a.png", "file_type": "image/png"}}
        assert (await api.call("POST", "/attachments", json=upload))[0] == 200
        api.world.properties[PROPERTY].messages_app = False
        assert (await api.call("POST", "/attachments", json=upload))[0] == 403
        assert (await api.call("GET", "/message_threads"))[0] == 403


@pytest.mark.parametrize(
    "path", ["/message_threads/undefined", "/bookings/1/messages", "/properties/x", "/live_feed/0"]
)
async def test_an_id_that_is_no_uuid_is_a_bad_request(path: str) -> None:
    async with running() as api:
        status, body = await api.call("GET", path)
        assert status == 422
        assert body == {
            "errors": {"code": "bad_request", "title": "Bad Request", "details": {"id": ["is invalid"]}}
        }


async def test_not_found_has_the_current_code_by_default() -> None:
    async with running() as api:
        wanted = {"errors": {"code": "resource_not_found", "title": "Resource Not Found"}}
        for method, path in (
            ("GET", f"/message_threads/{NO_SUCH}"),
            ("GET", f"/bookings/{NO_SUCH}"),
            ("GET", "/nowhere"),
            ("PATCH", "/message_threads"),
        ):
            assert await api.call(method, path) == (404, wanted)


@pytest.mark.parametrize("key", [None, "", "Sandbox", "sandbox\u00e9"])
async def test_the_key_is_asked_for_before_anything_else(key: str | None) -> None:
    async with running() as api, aiohttp.ClientSession() as nobody:
        headers = {} if key is None else {"user-api-key": key}
        for path in ("/message_threads", "/message_threads/undefined", "/nowhere"):
            async with nobody.get(api.server.base_url + path, headers=headers) as answer:
                assert answer.status == 401
                assert (await answer.json())["errors"]["code"] == "unauthorized"


async def test_a_late_message_has_the_otas_older_stamp() -> None:
    async with running() as api:
        thread = new_thread(api.world)
        clock = api.server.clock
        assert isinstance(clock, ManualClock)
        clock.advance(60.5)
        api.world.write(thread, "Second", origin=Origin.GUEST)
        late = api.world.write(thread, "First", origin=Origin.GUEST, inserted_at=START)
        body = await api.get(f"/message_threads/{thread.id}/messages")
        assert [entry["attributes"]["message"] for entry in body["data"]] == ["Second", "First"]
        assert body["data"][0]["attributes"]["inserted_at"] == "2026-06-12T08:01:00.000000"
        assert body["data"][1]["attributes"]["updated_at"] == "2026-06-12T08:01:00.500000"
        shown = (await api.get(f"/message_threads/{thread.id}"))["data"]["attributes"]
        assert shown["last_message"]["message"] == "Second"
        assert shown["message_count"] == 2
        assert late.sequence == 2


async def test_bookings_and_properties() -> None:
    async with running() as api:
        booking = new_booking(api.world)
        new_booking(api.world, provider="Expedia", property_id=OTHER)
        shown = (await api.get(f"/bookings/{booking.id}"))["data"]["attributes"]
        assert shown["unique_id"] == "BDC-123"
        assert (shown["arrival_date"], shown["departure_date"]) == ("2026-06-20", "2026-06-23")
        assert shown["customer"]["language"] == "en"
        assert shown["revision_id"] != booking.id
        body = await api.get(f"/bookings?filter[property_id]={OTHER}&filter[arrival_date][gte]=2026-06-20")
        assert [entry["attributes"]["customer"] for entry in body["data"]] == [
            {"name": "Ada", "surname": "Byron"}
        ]
        assert (await api.get("/bookings?filter[arrival_date][gt]=2026-06-20"))["data"] == []
        body = await api.get("/properties")
        assert [entry["attributes"]["title"] for entry in body["data"]] == [
            "Old Town Rooms",
            "Seaview Apartments",
        ]
        assert body["meta"]["order_direction"] == "asc"
        assert len((await api.get("/properties/options"))["data"]) == 2


async def test_live_feed_and_resolution() -> None:
    async with running() as api:
        thread = api.world.add_thread(property_id=PROPERTY, provider="AirBNB", title="Andrew")
        event_id = api.world.new_id()
        card = {"status": "active", "live_feed_event_id": event_id, "booking_details": {"nights": 2}}
        api.world.write(thread, "inquiry", origin=Origin.SYSTEM, meta=card)
        api.world.write(thread, "Is it free?", origin=Origin.GUEST)
        await api.send(thread, "It is.")
        body = await api.get("/live_feed")
        assert [e["attributes"]["event"] for e in body["data"]] == ["message", "message", "inquiry"]
        assert body["data"][0]["attributes"]["payload"]["sender"] == "property"
        body = await api.get("/live_feed?filter[event]=inquiry")
        assert ids(body) == [event_id]
        path = f"/live_feed/{event_id}/resolve"
        for bad in ({}, {"type": "decline"}, {"type": "special_offer", "total_price": "90"}):
            status, answer = await api.call("POST", path, json={"resolution": bad})
            assert (status, answer["errors"]["code"]) == (422, "validation_error")
        status, first = await api.call("POST", path, json={"resolution": {"type": "preapproval", "x": 1}})
        assert status == 200
        payload = first["data"]["attributes"]["payload"]
        assert payload["resolved"] is True
        assert payload["status"] == "preapproval"
        again = await api.call("POST", path, json={"resolution": {"type": "special_offer", "total_price": 9}})
        assert again == (200, first)
        message_event = ids(await api.get("/live_feed?filter[event]=message"))[0]
        status, answer = await api.call(
            "POST", f"/live_feed/{message_event}/resolve", json={"resolution": {}}
        )
        assert (status, answer["errors"]["code"]) == (422, "not_supported")


async def test_ten_thousand_threads_cost_one_page() -> None:
    async with running() as api:
        first: Thread | None = None
        for _ in range(10_000):
            thread = api.world.add_thread(property_id=PROPERTY, provider="BookingCom", title="Guest")
            first = first or thread
        assert first is not None
        body = await api.get("/message_threads?pagination[limit]=100")
        assert (len(body["data"]), body["meta"]["total"]) == (100, 10_000)
        clock = api.server.clock
        assert isinstance(clock, ManualClock)
        clock.advance(1)
        api.world.write(first, "Hello", origin=Origin.GUEST)
        assert ids(await api.get("/message_threads?pagination[limit]=1")) == [first.id]
