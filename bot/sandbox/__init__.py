"""Both messengers in memory, for trying and for tests; shares no code with the bot that it judges.

`sandbox.page` shows the phones in a browser at the sandbox's own address.

In Python:

    async with Sandbox() as sandbox:                 # a real socket on 127.0.0.1
        telegram = sandbox.telegram                  # bots call {sandbox.telegram_url}/bot{token}/{method}
        telegram.add_bot("1:token")                  # files are at {sandbox.telegram_url}/file/bot{token}/{path}
        telegram.add_person(1001, name="Olena")      # nobody yet: she has not written to the bot
        telegram.add_channel(-1001234567890, title="News", username="news")
        telegram.set_admin(-1001234567890, "1:token", can_post=True, can_edit=True, can_delete=True)
        await telegram.say(1001, "/start")           # an update; now the bot may write to her
        await sandbox.until(lambda: telegram.phone(1001)[-1].sender == "bot")
        await telegram.press(1001, telegram.phone(1001)[-1].message_id, "Latest")

        viber = sandbox.viber                        # bots call {sandbox.viber_url}/send_message …
        viber.add_bot("token"); viber.add_channel("channel-token", superadmin="admin-id==")
        viber.add_person("id==", name="Ivan", api_version=10)
        await viber.open_chat("id==", context="")    # the webhook's answer is the welcome message
        await viber.say("id==", "/latest"); await viber.press("id==", "Latest")

People: `say send_photo send_video send_document send_album forward press block unblock edit delete clear post` on
Telegram,
`open_chat say send_picture send_video press subscribe unsubscribe read delete_post` on Viber.
Phones: `telegram.phone(person or channel)`, `viber.phone(person)`, `viber.channel_phone(token)` give `Bubble`s,
oldest first, without the deleted ones (`deleted=True` shows them); `told` counts how often a sender said exactly this.
More of a phone: `telegram.commands(person)` (the menu), `telegram.toasts(person)`, `viber.keyboard(person)`.
Owners: `telegram.add_group add_bot_to remove_bot set_member migrate deactivate age revoke`,
`viber.unregister fail_next revoke`.

Who may be written to: a Telegram person who was never added is "chat not found", one who never wrote is "bot can't
initiate conversation" (`add_person(…, started=True)` skips that); a Viber person is subscribed by the first word
(`add_person(…, subscribed=True)` skips that). `open_house = True` on either platform makes any id such a person.
`telegram.reencode_videos = True`: videos in channels have message_id 0 until `finish_encoding()`.
`telegram.unreachable_urls.add(url)`: pictures that cannot be fetched by Telegram.
`internet.put(url, content, lives=None, to="")`, `internet.kill(url)`: what a bot finds at an address, at
`GET /internet?url=…`; nothing else stands anywhere. What `viber.send_picture` sends stands at its address for an hour.
`telegram.presses_carry = "nothing"`: presses come without the message they were made on; also "inaccessible", "inline".

`sandbox.faults.add(platform, kind, *, method=None, chat=None, times=1, probability=1.0, delay=0.0, retry_after=1,
execute=None, code=400, text="")`, times=None never ends; without a method getUpdates is spared.
Kinds of faults, and what becomes of the request:

    late        executed, answered after `delay`         drop_before  not executed, connection dropped
    slow        executed and answered after `delay`      drop_after   executed, connection dropped
    half        executed, half an answer                 500, 502     not executed, HTML
    html200     executed, HTML with status 200           429          not executed, Telegram 429, Viber status 12
    belated     dropped, and executed after `delay`
    http429     not executed, HTTP 429 in HTML           refuse       not executed, `code` and `text` as the refusal

`execute=` overrides whether the request is executed. A platform that is down before the bot starts is one with
`times=None`, or with its wire cut: `await sandbox.lay_wires(); sandbox.wires["viber"].cut()`.

`sandbox.pace.strict(telegram_per_second=30, chat_per_second=1, group_per_minute=20)` answers 429 or 12 above these in
any window; `pace.off()`. `sandbox.requests`: every request, oldest first. `sandbox.watch()`: events for `async for`.
`await sandbox.until(condition, timeout=10)`: looks at every change, raises TimeoutError with what the phones show.
`Sandbox(now=…)` takes a clock (seconds) for dates and age rules.

Over HTTP, for other processes: `POST /control/{telegram|viber}/{name}` with a JSON object of the method's arguments by
name, e.g. `/control/telegram/say {"person_id": 1001, "text": "/start"}`; answers `{"ok": true, "result": …}` or HTTP
400 with `{"ok": false, "error": …}`. Also `faults/add faults/clear pace/strict pace/off`,
`telegram/switch {"reencode_videos": true}`. GET only looks: at what phones show with the arguments in the query, as in
`/control/telegram/phone?chat_id=1001`, `GET /control` (the actions and both base addresses),
`GET /control/requests?last=100`, `GET /control/story` (all phones as text), `GET /control/watch` (events, one JSON a
line). No web page of another origin gets in, see `guard.py`.
"""

from bot.sandbox.phones import Bubble, Event, Request
from bot.sandbox.server import Sandbox

__all__ = ["Bubble", "Event", "Request", "Sandbox"]
