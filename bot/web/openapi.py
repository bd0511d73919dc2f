"""The API described for machines, in OpenAPI 3.1."""

from __future__ import annotations

import json
from typing import Any

from bot import __version__
from bot.domain import Verification
from bot.domain.change import After
from bot.domain.events import KINDS as EVENTS
from bot.domain.life import Stage
from bot.ingest.calls import PINNED
from bot.web.problems import KINDS

_TEXT = {"type": "string"}
_TEXTS = {"type": "array", "items": {"type": "string"}}
_NUMBER = {"type": "integer", "minimum": 1}
_STATUS = {"type": "string", "enum": ["", *Verification]}
_AFTER = {"type": "string", "enum": ["", *After]}
_PINNED = {"type": "integer", "minimum": 0, "maximum": PINNED}

#: The fields that a call may have, as they are described.
FIELDS: dict[str, dict[str, Any]] = {
    "headline": {**_TEXT, "description": "One line."},
    "lead": {**_TEXT, "description": "The first paragraph."},
    "body": {**_TEXTS, "description": "The paragraphs after the lead, plain text."},
    "text": {
        **_TEXT,
        "description": "A whole article instead of headline, lead and body: plain text or simple HTML. It is read as a "
        "paste is: the first line is the headline, and field lines such as “source: …” count.",
    },
    "sources": {**_TEXTS, "description": "Each is a name, with its address after it if there is one."},
    "status": {**_STATUS, "description": "How well it is verified."},
    "topics": _TEXTS,
    "link": {**_TEXT, "description": "The article's own address on the newsroom's site."},
    "language": {**_TEXT, "description": "A code such as uk or en; by default it is told by the words."},
    "urgent": {"type": "boolean"},
    "note": {**_TEXT, "description": "For the desk; readers never see it."},
    "photo": {**_TEXT, "description": "An address that starts with https://. What stands there now is kept."},
    "video": {**_TEXT, "description": "In place of a photo: an address of an MP4. What stands there now is kept."},
    "caption": {**_TEXT, "description": "The words under the photo or video."},
    "credit": {**_TEXT, "description": "Who made the photo or video."},
    "about": {
        "type": "integer",
        "minimum": 0,
        "maximum": 10**9 - 1,
        "description": "The number of the article that this one follows up, which must be out; 0: none.",
    },
    "expires": {
        "anyOf": [{"type": "string", "format": "date-time"}, {"const": ""}],
        "description": "From this minute on it is not published (RFC 3339 with its offset); empty: it does not expire.",
    },
    "after": {**_AFTER, "description": "What becomes of what is out when it expires; empty: it stays."},
    "pin": {**_PINNED, "description": "Minutes for which its post is pinned in Telegram channels; 0: it is not."},
    "submit": {"type": "boolean", "description": "Put it to the desk for approval; the key must allow it."},
}

_SHOWN: dict[str, dict[str, Any]] = {
    "id": _NUMBER,
    "state": {"type": "string", "enum": [*Stage]},
    "version": _NUMBER,
    "sha256": {"type": "string", "pattern": "^[0-9a-f]{64}$", "description": "Of this version's content."},
    "headline": _TEXT,
    "lead": _TEXT,
    "body": _TEXTS,
    "related": _TEXTS,
    "language": _TEXT,
    "link": _TEXT,
    "topics": _TEXTS,
    "sources": _TEXTS,
    "status": _STATUS,
    "urgent": {"type": "boolean"},
    "note": _TEXT,
    "photo": _TEXT,
    "video": _TEXT,
    "caption": _TEXT,
    "credit": _TEXT,
    "about": {"type": "integer", "minimum": 0},
    "expires": {**_TEXT, "description": "From when on it is not published (RFC 3339), or empty."},
    "after": _AFTER,
    "pin": _PINNED,
    "created": _TEXT,
    "due": {**_TEXT, "description": "When it goes out (RFC 3339), or empty."},
    "published": {**_TEXT, "description": "When it went out (RFC 3339), or empty."},
    "notices": {**_TEXTS, "description": "What the sender of this call should know."},
}

_ID = {"name": "id", "in": "path", "required": True, "schema": {**_NUMBER, "maximum": 10**18 - 1}}
_IF_MATCH = {
    "name": "If-Match",
    "in": "header",
    "required": True,
    "schema": {"type": "string", "minLength": 1},
    "description": "The ETag of the article as you know it; `*` for whatever it is.",
}
_CALL_NAME = {
    "name": "Idempotency-Key",
    "in": "header",
    "required": False,
    "schema": {"type": "string", "pattern": "^[!-~]{1,255}$"},
    "description": "A name of your own for this call: sent again within seven days it makes no second article.",
}
_ETAG = {"ETag": {"schema": _TEXT, "description": "Changes with its text and with its state."}}


def _refusals(*statuses: int) -> dict[str, Any]:
    known = dict(KINDS.values())
    return {
        str(status): {
            "description": known[status],
            "content": {"application/problem+json": {"schema": {"$ref": "#/components/schemas/Problem"}}},
        }
        for status in sorted({401, 408, 413, 429, 503, *statuses})
    }


def _article(description: str, **headers: Any) -> dict[str, Any]:
    return {
        "description": description,
        "headers": {**_ETAG, **headers},
        "content": {"application/json": {"schema": {"$ref": "#/components/schemas/Article"}}},
    }


def _sent(schema: str) -> dict[str, Any]:
    return {"required": True, "content": {"application/json": {"schema": {"$ref": f"#/components/schemas/{schema}"}}}}


_PATHS: dict[str, Any] = {
    "/api/v1/articles": {
        "post": {
            "operationId": "createArticle",
            "summary": "Bring an article in as a draft, or put it to the desk. It is never published by a call.",
            "parameters": [_CALL_NAME],
            "requestBody": _sent("NewArticle"),
            "responses": {
                "201": _article("The draft", Location={"schema": _TEXT}),
                **_refusals(400, 403, 415, 422),
            },
        }
    },
    "/api/v1/articles/{id}": {
        "parameters": [_ID],
        "get": {
            "operationId": "readArticle",
            "summary": "Read an article that came with this key, and where it is.",
            "responses": {
                "200": _article("The article"),
                "304": {"description": "It is what If-None-Match names"},
                **_refusals(404),
            },
        },
        "patch": {
            "operationId": "changeArticle",
            "summary": "Change the named fields. An empty one is cleared.",
            "parameters": [_IF_MATCH],
            "requestBody": _sent("Change"),
            "responses": {
                "200": _article("The new version"),
                **_refusals(400, 403, 404, 409, 412, 415, 422, 428),
            },
        },
        "delete": {
            "operationId": "withdrawArticle",
            "summary": "Withdraw an article that the desk has not given a time.",
            "parameters": [_IF_MATCH],
            "responses": {"200": _article("The cancelled article"), **_refusals(404, 409, 412, 422, 428)},
        },
    },
}


_WEBHOOKS: dict[str, Any] = {
    kind: {
        "post": {
            "summary": "Sent to EVENTS_URL, signed as Standard Webhooks has it.",
            "requestBody": _sent("Event"),
            "responses": {"2XX": {"description": "Taken"}},
        }
    }
    for kind in EVENTS.values()
}
_SCHEMAS: dict[str, Any] = {
    "NewArticle": {
        "type": "object",
        "properties": FIELDS,
        "additionalProperties": False,
        "oneOf": [
            {"required": ["headline"], "properties": {"headline": {"pattern": "\\S"}, "text": False}},
            {
                "required": ["text"],
                "properties": {"text": {"pattern": "\\S"}, "headline": False, "lead": False, "body": False},
            },
        ],
    },
    "Change": {"type": "object", "properties": FIELDS, "additionalProperties": False},
    "Article": {
        "type": "object",
        "properties": _SHOWN,
        "required": [*_SHOWN],
        "additionalProperties": False,
    },
    "Event": {
        "type": "object",
        "properties": {
            "type": {"type": "string", "enum": [*EVENTS.values()]},
            "timestamp": _TEXT,
            "data": {
                "type": "object",
                "properties": {name: _SHOWN[name] for name in ("id", "sha256", "headline", "link")}
                | {"version": {"type": "integer", "minimum": 0}, "why": _TEXT, "change": _TEXT},
                "required": ["id", "version"],
            },
        },
        "required": ["type", "timestamp", "data"],
    },
    "Problem": {
        "type": "object",
        "properties": {
            "type": {"type": "string", "enum": [f"urn:visnyk:problem:{kind}" for kind in KINDS]},
            "title": _TEXT,
            "status": {"type": "integer"},
            "detail": _TEXT,
            "pointer": {**_TEXT, "description": "The part of the body that is at fault (RFC 6901)."},
        },
        "required": ["type", "title", "status", "detail"],
    },
}


def document() -> dict[str, Any]:
    """Return the whole description."""
    return {
        "openapi": "3.1.0",
        "info": {
            "title": "Visnyk",
            "version": __version__,
            "description": "The newsroom's own systems bring articles in. An owner makes their keys with /keys.",
            "license": {"name": "MIT", "identifier": "MIT"},
        },
        "security": [{"key": []}],
        "paths": _PATHS,
        "webhooks": _WEBHOOKS,
        "components": {
            "securitySchemes": {"key": {"type": "http", "scheme": "bearer"}},
            "schemas": _SCHEMAS,
        },
    }


DOCUMENT = json.dumps(document(), ensure_ascii=False).encode()
