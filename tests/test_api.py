"""The API for the newsroom's own systems: what comes in once, is bound to its key, and is refused with a reason."""

from __future__ import annotations

import asyncio
import json
from pathlib import Path
from typing import Any

import pytest

from bot.domain import Address, Platform
from bot.domain.people import Role
from bot.domain.systems import Scope, digest_of
from bot.ingest.calls import FIELDS, Broken, Wrong, read_call
from bot.web import openapi
from bot.web.problems import KINDS
from tests.conftest import OWNER, Scene
from tests.helpers.systems import ARTICLE, ARTICLES, Answer, call, new_key
from tests.trials.api import play

#: A call's body, and where it is at fault.
WRONG: tuple[tuple[Any, str], ...] = (
    ({}, "/headline"),
    ({"headline": " "}, "/headline"),
    ({"headline": 5}, "/headline"),
    ({"headline": "Б", "colour": "red"}, "/colour"),
    ({"headline": "Б", "a/b~c": 1}, "/a~1b~0c"),
    ({"headline": "Б", "body": "text"}, "/body"),
    ({"headline": "Б", "body": ["a", None]}, "/body/1"),
    ({"headline": "Б", "urgent": "yes"}, "/urgent"),
    ({"headline": "Б", "status": "sure"}, "/status"),
    ({"headline": "\ud83d"}, "/headline"),
    *(({"headline": "Б", "pin": each}, "/pin") for each in (True, "3 h", -1, 1.5, 43_201)),
    ({"headline": "Б", "after": "burn"}, "/after"),
    *(({"headline": "Б", "about": each}, "/about") for each in (True, "12", -1, 1.5, 10**9, None)),
    *(
        ({"headline": "Б", "expires": each}, "/expires")
        for each in (
            5,
            "18:30",
            "2026-11-24",
            "2026-11-24T18:30:00",
            "2026-02-30T18:30:00Z",
            "0001-01-01T00:00:00+23:00",
        )
    ),
    ({"headline": "Б", "text": "Б\n\nТекст."}, "/text"),
)
NOT_JSON = (b"", b"{", b"[]", b"\xff\xfe{", b'{"headline": NaN}', b"[" * 100_000)


@pytest.mark.parametrize(("sent", "pointer"), WRONG)
def test_a_call_that_is_not_understood_names_the_part_at_fault(sent: Any, pointer: str) -> None:
    with pytest.raises(Wrong) as wrong:
        read_call(json.dumps(sent).encode(), is_new=True)

    assert wrong.value.pointer == pointer and wrong.value.detail


@pytest.mark.parametrize("content", NOT_JSON)
def test_a_body_that_is_no_json_object_is_named_as_that(content: bytes) -> None:
    with pytest.raises(Broken):
        read_call(content, is_new=True)


def test_the_document_names_every_field_and_every_problem() -> None:
    document = openapi.document()
    schemas = document["components"]["schemas"]

    assert schemas["NewArticle"]["properties"].keys() == FIELDS.keys()
    kinds = schemas["Problem"]["properties"]["type"]["enum"]
    assert {each.removeprefix("urn:visnyk:problem:") for each in kinds} == set(KINDS)
    page = (Path(__file__).parent.parent / "docs/api.md").read_text("utf-8")
    assert [name for name in (*FIELDS, *KINDS) if f"`{name}`" not in page] == []


def test_every_reference_of_the_document_leads_somewhere() -> None:
    document = openapi.document()
    text = json.dumps(document)

    for name in ("NewArticle", "Change", "Article", "Problem"):
        assert f"#/components/schemas/{name}" in text and name in document["components"]["schemas"]
    operations = [each for path in document["paths"].values() for each in path.values() if isinstance(each, dict)]
    assert len({each["operationId"] for each in operations}) == 4
    assert document["openapi"] == "3.1.0" and json.loads(openapi.DOCUMENT) == document


async def test_an_article_comes_in_is_changed_read_and_withdrawn(scene: Scene) -> None:
    secret = await new_key(scene)
    created = await call(scene, "POST", secret, json=ARTICLE)
    assert (created.status, created.headers["Location"]) == (201, f"{ARTICLES}/1")
    assert created.json["headline"] == ARTICLE["headline"] and created.json["body"] == ARTICLE["body"]
    assert created.json["state"] == "draft" and created.json["version"] == 1

    path, seen = created.headers["Location"], {"If-Match": created.headers["ETag"]}
    changed = await call(scene, "PATCH", secret, path, json={"lead": "Рух відновили.", "topics": []}, headers=seen)
    assert (changed.status, changed.json["lead"], changed.json["topics"]) == (200, "Рух відновили.", [])
    assert changed.json["body"] == ARTICLE["body"] and changed.json["version"] == 2
    read = await call(scene, "GET", secret, path)
    assert read.json == changed.json and read.headers["ETag"] == changed.headers["ETag"]
    same = await call(scene, "GET", secret, path, headers={"If-None-Match": read.headers["ETag"]})
    assert same.status == 304

    gone = await call(scene, "DELETE", secret, path, headers={"If-Match": read.headers["ETag"]})
    assert (gone.status, gone.json["state"]) == (200, "cancelled")
    again = await call(scene, "DELETE", secret, path, headers={"If-Match": "*"})
    assert again.problem == "in-other-hands"
    assert gone.json.keys() == openapi.document()["components"]["schemas"]["Article"]["properties"].keys()


async def test_a_whole_text_with_markup_is_read_as_a_paste_is(scene: Scene) -> None:
    text = "<p>Міст відкрили</p>\n\n<p>Рух відновили.</p>\n\n<p>Ремонт тривав два роки.</p>\n\nsource: ОВА"
    answer = await call(scene, "POST", await new_key(scene), json={"text": text, "urgent": True})

    assert answer.status == 201 and answer.json["headline"] == "Міст відкрили"
    assert answer.json["lead"] == "Рух відновили." and answer.json["sources"] == ["ОВА"] and answer.json["urgent"]
    assert any("<p>" in notice for notice in answer.json["notices"])


async def test_the_same_call_makes_one_article_however_often_and_whenever_it_comes(scene: Scene) -> None:
    secret, name = await new_key(scene), {"Idempotency-Key": "post-77"}
    answers = await asyncio.gather(*(call(scene, "POST", secret, json=ARTICLE, headers=name) for _ in range(40)))
    await scene.stop()
    await scene.start()
    last = await call(scene, "POST", secret, json=ARTICLE, headers=name)

    assert {answer.status for answer in answers} == {201}
    assert {answer.content for answer in (*answers, last)} == {answers[0].content}
    assert last.headers["Idempotent-Replayed"] == "true"
    assert sum("Idempotent-Replayed" not in answer.headers for answer in answers) == 1
    assert len(await scene.app.store.read.newest_open(10)) == 1
    other = await call(scene, "POST", secret, json={**ARTICLE, "lead": "Інше."}, headers=name)
    assert other.problem == "other-call"


async def test_every_refusal_is_a_problem_and_changes_nothing(scene: Scene) -> None:
    secret, foreign = await new_key(scene), await new_key(scene, name="Another")
    path = (await call(scene, "POST", secret, json=ARTICLE)).headers["Location"]
    forged = f"{secret[:-1]}{'A' if secret[-1] != 'A' else 'B'}"
    large, old = b'{"headline": "' + b"x" * 1_100_000 + b'"}', {"If-Match": '"1.9.draft"'}
    name = {"Idempotency-Key": "two words"}

    expected = {
        "no-key": [await call(scene, "POST", json=ARTICLE), await call(scene, "POST", forged, json=ARTICLE)],
        "not-found": [
            await call(scene, "GET", foreign, path),
            await call(scene, "PATCH", foreign, path, json={"lead": "x"}, headers={"If-Match": "*"}),
            await call(scene, "DELETE", foreign, path, headers={"If-Match": "*"}),
            await call(scene, "GET", secret, f"{ARTICLES}/99"),
            await call(scene, "GET", secret, "/api/v2/articles"),
        ],
        "wrong-method": [await call(scene, "PUT", secret, path, json=ARTICLE), await call(scene, "GET", secret)],
        "too-large": [await call(scene, "POST", secret, data=large)],
        "wrong-type": [
            await call(scene, "POST", secret, data=b"x", headers={"Content-Type": "text/plain"}),
            await call(scene, "POST", secret, data=b"x", headers={"Content-Encoding": "gzip"}),
        ],
        "not-json": [await call(scene, "POST", secret, data=b"{")],
        "invalid": [
            await call(scene, "POST", secret, json={**ARTICLE, "colour": "red"}),
            await call(scene, "POST", secret, json={**ARTICLE, "photo": "http://example.org/a.jpg"}),
            await call(scene, "POST", secret, json={**ARTICLE, "language": "klingon"}),
            await call(scene, "POST", secret, json={**ARTICLE, "body": ["x" * 30_000]}),
        ],
        "bad-header": [await call(scene, "POST", secret, json=ARTICLE, headers=name)],
        "not-allowed": [await call(scene, "POST", secret, json={**ARTICLE, "submit": True})],
        "no-if-match": [await call(scene, "PATCH", secret, path, json={"lead": "x"})],
        "changed-meanwhile": [await call(scene, "PATCH", secret, path, json={"lead": "x"}, headers=old)],
    }

    assert {(kind, answer.problem) for kind, answers in expected.items() for answer in answers} == {
        (kind, kind) for kind in expected
    }
    assert len(await scene.app.store.read.newest_open(10)) == 1
    assert (await call(scene, "GET", secret, path)).json["version"] == 1


async def test_what_the_desk_changed_meanwhile_is_not_written_over(scene: Scene) -> None:
    secret = await new_key(scene)
    created = await call(scene, "POST", secret, json=ARTICLE)
    path, seen = created.headers["Location"], {"If-Match": created.headers["ETag"]}
    await scene.says("/edit 1 lead: Редакція знає більше.", "#1")

    refused = await call(scene, "PATCH", secret, path, json={"lead": "x"}, headers=seen)

    assert (refused.status, refused.problem) == (412, "changed-meanwhile")
    now = await call(scene, "GET", secret, path)
    assert now.headers["ETag"] == refused.headers["ETag"] and now.json["lead"] == "Редакція знає більше."


async def test_an_article_with_a_time_is_the_desks_alone(scene: Scene) -> None:
    secret = await new_key(scene)
    path = (await call(scene, "POST", secret, json=ARTICLE)).headers["Location"]
    await scene.says("/at 1 18:30", "18:30")

    changed = await call(scene, "PATCH", secret, path, json={"lead": "x"}, headers={"If-Match": "*"})
    withdrawn = await call(scene, "DELETE", secret, path, headers={"If-Match": "*"})

    assert changed.problem == withdrawn.problem == "in-other-hands"
    assert (await call(scene, "GET", secret, path)).json["due"] == "2026-11-24T16:30:00+00:00"


async def test_what_is_out_is_put_to_the_desk_as_a_change_with_its_difference(scene: Scene) -> None:
    secret = await new_key(scene)
    path = (await call(scene, "POST", secret, json=ARTICLE)).headers["Location"]
    await scene.says("/now 1", "#1")
    await scene.until(scene.channel)

    any_version = {"If-Match": "*"}
    same = await call(scene, "PATCH", secret, path, json={"lead": ARTICLE["lead"]}, headers=any_version)
    changed = await call(scene, "PATCH", secret, path, json={"lead": "Рух відновили о 15:00."}, headers=any_version)

    assert (same.status, same.json["notices"]) == (200, [])
    assert (changed.status, changed.json["version"], changed.json["lead"]) == (200, 1, ARTICLE["lead"])
    assert changed.json["notices"] == ["It is out: the desk was asked to change what readers have."]
    await scene.until(lambda: "+ Рух відновили о 15:00." in scene.telegram()[-1].text)
    await scene.presses(scene.telegram()[-1], "📡 Узяти: Виправлення", "Що було не так")
    await scene.says("Було без часу. Правильно: о 15:00.", "Виправлення")
    assert (await call(scene, "GET", secret, path)).json["lead"] == ARTICLE["lead"]


async def test_a_key_that_calls_too_often_waits_and_the_others_do_not(scene: Scene) -> None:
    slow, other = await new_key(scene, rate=6), await new_key(scene, name="Another")
    answers = [await call(scene, "GET", slow, f"{ARTICLES}/1") for _ in range(6)]

    assert [answer.status for answer in answers] == [404] * 5 + [429]
    assert answers[-1].problem == "too-many-calls" and answers[-1].headers["Retry-After"] == "10"
    assert (await call(scene, "GET", other, f"{ARTICLES}/1")).status == 404
    scene.advance(seconds=10)
    assert (await call(scene, "GET", slow, f"{ARTICLES}/1")).status == 404


async def test_a_key_ends_with_the_authority_of_the_owner_who_made_it(scene: Scene) -> None:
    secret = await new_key(scene)
    assert (await call(scene, "POST", secret, json=ARTICLE)).status == 201
    member = await scene.app.store.read.person_at(Address(Platform.TELEGRAM, str(OWNER)))
    assert member is not None
    await scene.app.store.write(lambda tx: tx.set_role(member.id, Role.EDITOR, None))

    assert (await call(scene, "POST", secret, json=ARTICLE)).problem == "no-key"


@pytest.mark.parametrize(
    "sql",
    [
        "INSERT INTO system_key (digest, name, scope, rate, made_by, made_at) VALUES (:forged, 'F', 'submit', 9, 1, 0)",
        "UPDATE system_key SET digest = :forged",
        "UPDATE system_key SET scope = 'submit'",
        "UPDATE system_key SET revoked_at = NULL",
    ],
)
async def test_a_key_that_the_log_does_not_know_so_opens_nothing(scene: Scene, sql: str) -> None:
    secret, forged = await new_key(scene), "visnyk_" + "f" * 43
    if "revoked_at" in sql:
        await scene.says("/keys revoke 1", "CMS")
    await scene.app.store.write(lambda tx: tx.run(sql, {"forged": digest_of(forged)} if ":forged" in sql else {}))

    used = forged if ":forged" in sql else secret
    assert (await call(scene, "POST", used, json=ARTICLE)).problem == "no-key"


async def test_nothing_that_a_system_asks_for_publishes_or_approves(scene: Scene) -> None:
    secret = await new_key(scene, Scope.SUBMIT)
    answer = await call(scene, "POST", secret, json={**ARTICLE, "submit": True})

    assert answer.status == 201 and answer.json["state"] == "draft"
    assert any(notice.startswith("Not submitted: ") for notice in answer.json["notices"])
    assert scene.channel() == []


async def test_a_photo_is_kept_before_the_draft_names_it(scene: Scene) -> None:
    url = "https://photos.example/bridge.jpg"
    answer = await call(scene, "POST", await new_key(scene), json={**ARTICLE, "photo": url, "caption": "Міст"})

    assert answer.status == 201 and answer.json["photo"] == url
    assert await scene.app.store.read.found_at(url, scene.clock()) is not None


async def test_a_system_says_when_it_expires_what_it_follows_up_and_which_video(scene: Scene) -> None:
    secret, any_version = await new_key(scene), {"If-Match": "*"}
    url = "https://video.example/bridge.mp4"
    first = await call(scene, "POST", secret, json=ARTICLE)
    await scene.says("/now 1", "#1")
    await scene.until(scene.channel)
    more = {"about": 1, "video": url, "credit": "Ганна Поле", "expires": "2026-11-25T09:30:59+02:00", "topics": []}
    more |= {"after": "stub", "pin": 43_200}
    made = await call(scene, "POST", secret, json={**ARTICLE, "headline": "Міст: що далі", **more})

    assert {name: made.json[name] for name in more} == {**more, "expires": "2026-11-25T07:30:00+00:00"}
    assert [first.json[name] for name in ("after", "pin")] == ["", 0]
    assert (made.json["photo"], first.json["about"], first.json["expires"]) == ("", 0, "")
    await scene.says("/show 2", "заглушка")

    path = made.headers["Location"]
    same = await call(scene, "PATCH", secret, path, json=more, headers={"If-Match": made.headers["ETag"]})
    later = await call(
        scene,
        "PATCH",
        secret,
        path,
        json={"expires": "2026-11-26T07:30:00Z"},
        headers={"If-Match": same.headers["ETag"]},
    )
    stale = await call(scene, "PATCH", secret, path, json={"expires": ""}, headers={"If-Match": same.headers["ETag"]})
    never = await call(
        scene, "PATCH", secret, path, json={"expires": "", "about": 0, "after": "", "pin": 0}, headers=any_version
    )
    typed = await call(
        scene, "PATCH", secret, path, json={"text": "Міст\n\nДалі.\n\nexpires: 18:30"}, headers=any_version
    )
    assert (same.status, same.json["version"], later.json["expires"]) == (200, 1, "2026-11-26T07:30:00+00:00")
    assert stale.problem == "changed-meanwhile"
    assert (never.json["expires"], never.json["about"], never.json["version"]) == ("", 0, 2)
    assert typed.json["expires"] == "2026-11-24T16:30:00+00:00"

    for wrong in (
        {"expires": "2026-11-24T10:59:00Z"},
        {"expires": "2028-11-24T10:59:00Z"},
        {"about": 2},
        {"about": 99},
        {"photo": "https://photos.example/a.jpg", "video": url},
    ):
        assert (await call(scene, "PATCH", secret, path, json=wrong, headers=any_version)).problem == "invalid"
    out = await call(scene, "PATCH", secret, "/api/v1/articles/1", json={"expires": ""}, headers=any_version)
    assert (out.problem, out.json["pointer"]) == ("invalid", "/expires")


async def test_the_secret_of_a_key_is_kept_nowhere(scene: Scene) -> None:
    bubble = await scene.says("/keys new CMS", "visnyk_")
    secret = bubble.text[bubble.text.index("visnyk_") :].split()[0]
    await call(scene, "POST", secret, json=ARTICLE)

    database = scene.settings.database_path
    await scene.stop()
    files = [path for path in database.parent.iterdir() if path.is_file()]
    found = [path.name for path in files if secret.encode() in path.read_bytes()]
    await scene.start()
    assert found == []


async def test_a_tester_that_nobody_here_wrote_finds_the_api_as_it_is_described(tmp_path: Path) -> None:
    code, said = await play(tmp_path, examples=5)

    assert code == 0, said
    assert "Tested: 4" in said


async def test_the_document_is_served_to_everybody(scene: Scene) -> None:
    answer: Answer = await call(scene, "GET", path="/api/v1/openapi.json")

    assert answer.status == 200 and answer.json["info"]["title"] == "Visnyk"
    assert (await call(scene, "POST", path="/api/v1/openapi.json", json={})).problem == "wrong-method"
