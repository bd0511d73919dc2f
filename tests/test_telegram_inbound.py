"""What Telegram delivers, and what we understand of it."""

import json
from datetime import UTC, datetime
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from bot.adapters.telegram import TelegramMessenger
from bot.domain import (
    Address,
    Attachment,
    AttachmentKind,
    ChatKind,
    Forward,
    Incoming,
    Left,
    Media,
    MediaKind,
    Platform,
    Pressed,
    Returned,
    RightsChanged,
    Run,
    Said,
    Sender,
)
from bot.domain.picture import held_at

NOW = datetime(2026, 11, 24, 12, tzinfo=UTC)
AT = datetime(2026, 11, 24, 11, tzinfo=UTC)
OLENA = {"id": 1001, "is_bot": False, "first_name": "Olena", "last_name": "Koval", "language_code": "uk-UA"}
PRIVATE = {"id": 1001, "type": "private", "first_name": "Olena"}
GROUP = {"id": -1009, "type": "supergroup", "title": "Desk"}
CHANNEL = {"id": -1001234, "type": "channel", "title": "The Post", "username": "dnipropost"}
PHOTO = [
    {"file_id": "large", "file_unique_id": "b", "width": 1280, "height": 960, "file_size": 90_000},
    {"file_id": "small", "file_unique_id": "a", "width": 90, "height": 67, "file_size": 1_000},
]
FILE = {"file_id": "f", "file_unique_id": "u"}

MESSENGER = TelegramMessenger("1:a", webhook_secret="the-secret", now=lambda: NOW)


def update(**content: Any) -> bytes:
    return json.dumps({"update_id": 77, **content}).encode()


def message(**content: Any) -> dict[str, Any]:
    return {"message_id": 5, "date": int(AT.timestamp()), "from": OLENA, "chat": PRIVATE, **content}


def understood(**content: Any) -> Incoming:
    incoming = MESSENGER.calls.parse(update(**content))
    assert incoming is not None
    return incoming


def said(**content: Any) -> Said:
    event = understood(message=message(**content)).event
    assert isinstance(event, Said)
    return event


def entity(kind: str, offset: int, length: int, **more: str) -> dict[str, Any]:
    return {"type": kind, "offset": offset, "length": length, **more}


def test_a_message_tells_who_where_when_and_what() -> None:
    assert understood(message=message(text="Hello")) == Incoming(
        sender=Sender(Address(Platform.TELEGRAM, "1001"), "Olena Koval", "uk"),
        chat=Address(Platform.TELEGRAM, "1001"),
        chat_kind=ChatKind.PRIVATE,
        event=Said((Run("Hello"),), message_id=5),
        at=AT,
    )


def test_a_group_is_a_group_and_a_change_is_marked() -> None:
    changed = understood(edited_message=message(text="Hello", chat=GROUP, edit_date=int(NOW.timestamp())))

    assert (changed.chat.id, changed.chat_kind, changed.at) == ("-1009", ChatKind.GROUP, NOW)
    assert isinstance(changed.event, Said)
    assert changed.event.edited


def test_looks_and_links_are_kept_behind_emoji_too() -> None:
    text = "🇺🇦 bold both it here x.com/a\nend"
    looks = [
        entity("bold", 5, 9),
        entity("italic", 10, 7),
        entity("text_link", 18, 4, url="https://post.example.com/1"),
        entity("url", 23, 7),
        entity("mention", 0, 2),
        entity("text_link", 31, 3, url="tg://user?id=1"),
    ]

    assert said(text=text, entities=looks).runs == (
        Run("🇺🇦 "),
        Run("bold ", bold=True),
        Run("both", bold=True, italic=True),
        Run(" it", italic=True),
        Run(" "),
        Run("here", link="https://post.example.com/1"),
        Run(" "),
        Run("x.com/a", link="https://x.com/a"),
        Run("\n"),
        Run("end", link="tg://user"),
    )


@pytest.mark.parametrize(
    ("mark", "run"),
    [
        (entity("strikethrough", 0, 5), Run("seven", struck=True)),
        (entity("spoiler", 0, 5), Run("seven", spoiler=True)),
        (entity("underline", 0, 5), Run("seven", underline=True)),
        (entity("blockquote", 0, 5), Run("seven", quote=True)),
        (entity("expandable_blockquote", 0, 5), Run("seven", quote=True)),
        (entity("code", 0, 5), Run("seven", code=True)),
        (entity("pre", 0, 5, language="python"), Run("seven", code=True)),
        (entity("text_link", 0, 5, url="mailto:a@example.com"), Run("seven", link="mailto:a@example.com")),
        (entity("custom_emoji", 0, 5, custom_emoji_id="53"), Run("seven", link="tg://emoji")),
        (entity("date_time", 0, 5), Run("seven", link="tg://time")),
        (
            {**entity("text_mention", 0, 5), "user": {"id": 7, "is_bot": False, "first_name": "I"}},
            Run("seven", link="tg://user"),
        ),
    ],
)
@pytest.mark.parametrize("place", ["text", "caption"])
def test_formatting_that_says_something_is_kept_or_leaves_a_trace(mark: dict[str, Any], run: Run, place: str) -> None:
    entities = {"text": "entities", "caption": "caption_entities"}[place]
    more = {} if place == "text" else {"photo": PHOTO}
    forwarded = {"type": "hidden_user", "sender_user_name": "I", "date": 1}

    for origin in ({}, {"forward_origin": forwarded}):
        assert said(**{place: "seven four", entities: [mark]}, **more, **origin).runs == (run, Run(" four"))


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("/show@visnyk_bot 12", "/show 12"),
        ("/list@visnyk_bot", "/list"),
        ("/queue@bot line\nnext@line", "/queue line\nnext@line"),
        ("mail me@post.example.com", "mail me@post.example.com"),
    ],
)
def test_a_command_for_us_loses_our_name(text: str, expected: str) -> None:
    assert said(text=text).text == expected


def test_a_photo_comes_with_its_caption_in_its_largest_size() -> None:
    event = said(photo=PHOTO, caption="The bridge", caption_entities=[entity("bold", 0, 3)], media_group_id="album9")

    assert event.media == Media(MediaKind.PHOTO, platform=Platform.TELEGRAM, file="large", size=90_000)
    assert event.runs == (Run("The", bold=True), Run(" bridge"))
    assert event.album == "album9"


def test_a_video_comes_with_its_length() -> None:
    video = {**FILE, "width": 640, "height": 480, "duration": 61, "file_size": 5_000}

    assert said(video=video).media == Media(
        MediaKind.VIDEO, platform=Platform.TELEGRAM, file="f", size=5_000, duration=61
    )


@pytest.mark.parametrize(
    ("attached", "kind"),
    [
        ({"animation": {**FILE, "width": 1, "height": 1, "duration": 1}, "document": FILE}, AttachmentKind.ANIMATION),
        ({"document": {**FILE, "mime_type": "text/plain"}}, AttachmentKind.FILE),
        ({"location": {"longitude": 35.0, "latitude": 48.5}}, AttachmentKind.PLACE),
        ({"contact": {"phone_number": "1", "first_name": "I"}}, AttachmentKind.CONTACT),
        ({"voice": {**FILE, "duration": 1}}, AttachmentKind.VOICE),
        ({"dice": {"emoji": "🎲", "value": 1}}, AttachmentKind.OTHER),
    ],
)
def test_what_cannot_be_published_is_named_but_is_no_media(attached: dict[str, Any], kind: AttachmentKind) -> None:
    assert said(**attached) == Said(message_id=5, untaken=Attachment(kind))


def test_a_file_is_named_on_one_line() -> None:
    attached = {"document": {**FILE, "mime_type": "image/png", "file_name": "a\nb.png"}}

    assert said(caption="/queue Міст", **attached).untaken == Attachment(
        AttachmentKind.PICTURE_FILE, "a b.png", held_at("f")
    )


@pytest.mark.parametrize(
    ("origin", "expected"),
    [
        (
            {"type": "channel", "date": 1, "chat": CHANNEL, "message_id": 42},
            Forward("The Post", "https://t.me/dnipropost/42", chat="-1001234", username="dnipropost", post=42),
        ),
        (
            {"type": "channel", "date": 1, "chat": {**CHANNEL, "username": None}, "message_id": 42},
            Forward("The Post", "https://t.me/c/1234/42", chat="-1001234", post=42),
        ),
        ({"type": "user", "date": 1, "sender_user": OLENA}, Forward("Olena Koval", private=True)),
        (
            {"type": "user", "date": 1, "sender_user": {**OLENA, "is_bot": True, "username": "visnyk_bot"}},
            Forward("Olena Koval", private=True, username="visnyk_bot", bot=str(OLENA["id"])),
        ),
        ({"type": "hidden_user", "date": 1, "sender_user_name": "Somebody"}, Forward("Somebody", private=True)),
        ({"type": "chat", "date": 1, "sender_chat": CHANNEL}, Forward("The Post", "https://t.me/dnipropost")),
        ({"type": "of another planet", "date": 1}, Forward()),
    ],
)
def test_a_forwarded_message_tells_where_it_came_from(origin: dict[str, Any], expected: Forward) -> None:
    assert said(text="Hello", forward_origin=origin).forward == expected


def test_a_press_names_the_button_and_its_message() -> None:
    query = {"id": "99", "from": OLENA, "chat_instance": "1", "data": "17", "message": message(text="Sure?")}

    pressed = understood(callback_query=query)
    assert pressed.event == Pressed("17", 5, "99")
    assert (pressed.sender.address.id, pressed.at) == ("1001", NOW)


def test_a_press_under_an_old_message_counts() -> None:
    old = {"chat": CHANNEL, "message_id": 3, "date": 0}
    query = {"id": "99", "from": OLENA, "chat_instance": "1", "data": "17", "message": old}

    assert understood(callback_query=query).event == Pressed("17", 3, "99")
    assert understood(callback_query=query).chat_kind is ChatKind.CHANNEL


@pytest.mark.parametrize("more", [{}, {"inline_message_id": "AgAAA1"}])
def test_a_press_without_its_message_comes_from_its_sender(more: dict[str, str]) -> None:
    query = {"id": "99", "from": OLENA, "chat_instance": "1", "data": "17", **more}

    pressed = understood(callback_query=query)

    assert (pressed.event, pressed.chat_kind, pressed.at) == (Pressed("17", 0, "99"), ChatKind.UNKNOWN, NOW)
    assert pressed.chat == pressed.sender.address == Address(Platform.TELEGRAM, "1001")


ADMIN = {
    "status": "administrator",
    "can_be_edited": False,
    "is_anonymous": False,
    "can_manage_chat": True,
    "can_delete_messages": True,
    "can_manage_video_chats": False,
    "can_restrict_members": False,
    "can_promote_members": False,
    "can_change_info": False,
    "can_invite_users": False,
    "can_post_stories": False,
    "can_edit_stories": False,
    "can_delete_stories": False,
}


@pytest.mark.parametrize(
    ("chat", "member", "expected"),
    [
        (PRIVATE, {"status": "kicked", "until_date": 0}, Left()),
        (PRIVATE, {"status": "member"}, Returned()),
        (CHANNEL, {**ADMIN, "can_post_messages": True}, RightsChanged("The Post", can_post=True)),
        (CHANNEL, {**ADMIN, "can_post_messages": False}, RightsChanged("The Post", can_post=False)),
        (CHANNEL, {"status": "left"}, RightsChanged("The Post", can_post=False)),
        (GROUP, {"status": "member"}, RightsChanged("Desk", can_post=True)),
        (GROUP, ADMIN, RightsChanged("Desk", can_post=True)),
        (GROUP, {"status": "kicked", "until_date": 0}, RightsChanged("Desk", can_post=False)),
    ],
)
def test_the_bots_standing_is_understood(chat: dict[str, Any], member: dict[str, Any], expected: object) -> None:
    bot = {"id": 4242, "is_bot": True, "first_name": "Visnyk"}
    change = {
        "chat": chat,
        "from": OLENA,
        "date": int(AT.timestamp()),
        "old_chat_member": {"status": "left", "user": bot},
        "new_chat_member": {**member, "user": bot},
    }

    incoming = understood(my_chat_member=change)
    assert incoming.event == expected
    assert incoming.chat.id == str(chat["id"])


@pytest.mark.parametrize(
    "body",
    [
        update(channel_post={"message_id": 1, "date": 1, "chat": CHANNEL, "text": "x"}),
        update(poll={"id": "1"}),
        update(something_of_2031={"a": 1}),
        update(message=message(text="x", chat=GROUP, sender_chat=GROUP)),
        update(message={"message_id": 1, "date": 1, "chat": GROUP, "text": "x"}),
        update(message=message(text="x", **{"from": {**OLENA, "is_bot": True}})),
        update(message=message(chat=GROUP, new_chat_members=[OLENA])),
        update(message=message(chat=GROUP, location={"longitude": 35.0, "latitude": 48.5})),
        update(message=message(text="x", chat={"id": 1, "type": "hive"})),
        update(message={"text": "no more than this"}),
        update(message="Hello"),
        update(message=message(text="x", date=10**30)),
        update(callback_query={"id": "9", "from": OLENA, "chat_instance": "1", "game_short_name": "g"}),
        b"",
        b"\xff\xfe",
        b"[1]",
        b"null",
        b'{"update_id": ' + b"[" * 10_000,
    ],
)
def test_what_does_not_concern_us_is_passed_over(body: bytes) -> None:
    assert MESSENGER.calls.parse(body) is None


json_values = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats(allow_nan=False) | st.text(),
    lambda values: st.lists(values, max_size=3) | st.dictionaries(st.text(), values, max_size=3),
    max_leaves=6,
)


@settings(max_examples=400, deadline=None)
@given(
    st.sampled_from(["message", "edited_message", "callback_query", "my_chat_member"]),
    st.dictionaries(
        st.sampled_from(
            ["text", "caption", "entities", "photo", "video", "forward_origin", "from", "chat", "date", "message"]
        ),
        json_values,
        max_size=3,
    ),
)
def test_nothing_malformed_is_raised(kind: str, broken: dict[str, Any]) -> None:
    MESSENGER.calls.parse(update(**{kind: {**message(text="x"), "data": "1", "id": "2", **broken}}))


LOOKS = ["bold", "italic", "url", "spoiler", "blockquote", "pre"]


@settings(max_examples=200, deadline=None)
@given(
    st.text(alphabet="aя🇺 \n", max_size=20),
    st.lists(
        st.tuples(
            st.sampled_from(LOOKS),
            st.integers(-3, 25),
            st.integers(-3, 25),
        )
    ),
)
def test_no_entity_changes_a_character(text: str, marks: list[tuple[str, int, int]]) -> None:
    event = MESSENGER.calls.parse(update(message=message(text=text, entities=[entity(*mark) for mark in marks])))

    assert event is None or (isinstance(event.event, Said) and event.event.text == text)
    assert (event is None) == (text == "")


def test_an_update_is_known_by_its_number() -> None:
    assert MESSENGER.calls.key(update(message=message(text="x"))) == "77"


@pytest.mark.parametrize("body", [b"", b"[]", b"{}", b'{"update_id": "7"}', b'{"update_id": true}', b"nonsense"])
def test_what_has_no_number_is_no_update(body: bytes) -> None:
    with pytest.raises(ValueError, match="not an update"):
        MESSENGER.calls.key(body)


@pytest.mark.parametrize(
    ("headers", "ours"),
    [
        ({"X-Telegram-Bot-Api-Secret-Token": "the-secret"}, True),
        ({"x-telegram-bot-api-secret-token": "the-secret"}, True),
        ({"X-Telegram-Bot-Api-Secret-Token": "the-secreT"}, False),
        ({"X-Telegram-Bot-Api-Secret-Token": "секрет\udcff"}, False),
        ({"X-Telegram-Bot-Api-Secret-Token": ""}, False),
        ({}, False),
    ],
)
def test_only_telegram_knows_the_secret(headers: dict[str, str], ours: bool) -> None:
    assert MESSENGER.calls.verify(headers, b"{}") is ours


def test_without_a_secret_nobody_is_believed() -> None:
    assert not TelegramMessenger("1:a").calls.verify({"X-Telegram-Bot-Api-Secret-Token": ""}, b"{}")
