"""No page of another origin makes the sandbox do anything, while programs of this machine use all of it."""

from __future__ import annotations

import json

import pytest

from tests.sandbox.scene import CHANNEL, OLENA, TOKEN, VIBER_TOKEN, Caller, Door

#: Headers that a browser adds to a request of another origin's page, some with a name that was pointed here.
FROM_ELSEWHERE = [
    {"Origin": "https://evil.example"},
    {"Origin": "null"},
    {"Host": "evil.example"},
    {"Host": "evil.example", "Origin": "http://evil.example"},
    {"Host": "127.0.0.1.evil.example"},
    {"Host": "["},
    {"Sec-Fetch-Site": "cross-site"},
    {"Sec-Fetch-Site": "same-site", "Origin": "http://127.0.0.1:1"},
]
#: All doors but the page itself: looks, acts and what bots call.
DOORS = [
    ("GET", "/control"),
    ("GET", "/control/requests"),
    ("GET", "/control/story"),
    ("GET", "/control/watch"),
    ("GET", f"/control/telegram/phone?chat_id={OLENA}"),
    ("POST", "/control/telegram/say"),
    ("POST", "/page/say"),
    ("GET", "/page/events"),
    ("GET", "/page/picture?of=x"),
    ("GET", "/page/page.js"),
    ("GET", f"/telegram/bot{TOKEN}/sendMessage?chat_id={OLENA}&text=x"),
    ("GET", f"/telegram/file/bot{TOKEN}/photos/file_1.jpg"),
    ("POST", "/viber/pa/set_webhook"),
]
ACTS_BY_GET = [
    f"telegram/say?person_id={OLENA}&text=x",
    f"telegram/revoke?token={TOKEN}",
    f"telegram/post?chat_id={CHANNEL}&text=x",
    f"telegram/block?person_id={OLENA}",
    "telegram/switch?open_house=true",
    f"viber/revoke?token={VIBER_TOKEN}",
    "faults/add?platform=telegram&kind=429",
    "faults/clear",
    "pace/strict",
]


@pytest.mark.parametrize("headers", FROM_ELSEWHERE, ids=str)
@pytest.mark.parametrize(("method", "path"), DOORS)
async def test_no_door_opens_to_another_origins_page(
    caller: Caller, method: str, path: str, headers: dict[str, str]
) -> None:
    say = json.dumps({"person_id": OLENA, "text": "x", "phone": f"telegram:{OLENA}"})

    async with caller.session.request(method, caller.sandbox.url + path, data=say, headers=headers) as answer:
        assert answer.status == 403

    assert caller.sandbox.telegram.phone(OLENA) == []
    assert not caller.sandbox.requests


async def test_a_form_from_elsewhere_cannot_make_viber_call_an_address(caller: Caller, door: Door) -> None:
    """A `text/plain` form needs no preflight: it arrives, with the token in its body."""
    form = json.dumps({"auth_token": VIBER_TOKEN, "url": door.url})
    url = f"{caller.sandbox.viber_url}/set_webhook"
    plain = {"Content-Type": "text/plain"}

    async with caller.session.post(url, data=form, headers=plain | {"Origin": "https://evil.example"}) as answer:
        assert answer.status == 403
    assert door.bodies == []
    async with caller.session.post(url, data=form, headers=plain) as answer:
        assert (await answer.json())["status"] == 0
    assert [event["event"] for event in door.events] == ["webhook"]


@pytest.mark.parametrize("path", ACTS_BY_GET)
async def test_a_get_request_to_the_control_api_never_acts(caller: Caller, path: str) -> None:
    async with caller.session.get(f"{caller.sandbox.url}/control/{path}") as answer:
        assert (answer.status, answer.headers["Allow"]) == (405, "POST")
        assert "POST" in (await answer.json())["error"]

    assert (await caller.telegram("sendMessage", chat_id=OLENA, text="still here"))[0] == 200
    assert [bubble.text for bubble in caller.sandbox.telegram.phone(OLENA)] == ["still here"]
    assert caller.sandbox.telegram.phone(CHANNEL) == []
    assert VIBER_TOKEN in caller.sandbox.viber.world.accounts


@pytest.mark.parametrize(("last", "listed"), [("1", 1), ("2", 2), ("99", 2), ("0", 0), ("-1", 0)])
async def test_the_newest_requests_are_listed_as_many_as_asked_for(caller: Caller, last: str, listed: int) -> None:
    for method in ("getMe", "getWebhookInfo"):
        await caller.telegram(method)

    async with caller.session.get(f"{caller.sandbox.url}/control/requests", params={"last": last}) as answer:
        requests = (await answer.json())["result"]

    assert [request["method"] for request in requests] == ["getMe", "getWebhookInfo"][2 - listed :]


@pytest.mark.parametrize("last", ["x", "", "1.5", "9" * 5000])
async def test_a_number_of_requests_that_is_none_is_explained(caller: Caller, last: str) -> None:
    async with caller.session.get(f"{caller.sandbox.url}/control/requests", params={"last": last}) as answer:
        assert (answer.status, await answer.json()) == (400, {"ok": False, "error": "last must be a whole number"})


@pytest.mark.parametrize("body", [b"{", b"[]", b"1", b"\xff", b'{"person_id": []}', b'{"person_id": 1001, "text": 5}'])
async def test_arguments_that_make_no_sense_are_refused(caller: Caller, body: bytes) -> None:
    async with caller.session.post(f"{caller.sandbox.url}/control/telegram/say", data=body) as answer:
        assert (answer.status, (await answer.json())["ok"]) == (400, False)


async def test_a_webhook_at_no_address_is_refused_as_viber_does(caller: Caller) -> None:
    assert (await caller.viber("set_webhook", url="http://["))[1]["status"] == 1


async def test_the_page_itself_may_be_reached_by_a_link(caller: Caller) -> None:
    async with caller.session.get(caller.sandbox.url, headers={"Sec-Fetch-Site": "cross-site"}) as answer:
        assert answer.status == 200
    async with caller.session.get(caller.sandbox.url, headers={"Host": "evil.example"}) as answer:
        assert answer.status == 403


async def test_this_machine_is_let_in_by_each_of_its_names(caller: Caller) -> None:
    port = caller.sandbox.port
    for host in (f"127.0.0.1:{port}", f"localhost:{port}", "localhost", f"[::1]:{port}"):
        headers = {"Host": host, "Origin": f"http://{host}", "Sec-Fetch-Site": "same-origin"}
        async with caller.session.get(f"{caller.sandbox.url}/control", headers=headers) as answer:
            assert answer.status == 200
