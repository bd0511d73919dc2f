"""Problems: why a call of the API is refused, as machines read it (RFC 9457)."""

from __future__ import annotations

import json
from collections.abc import Mapping

from aiohttp import web

#: The title of each kind of problem, and its status.
KINDS: Mapping[str, tuple[int, str]] = {
    "not-json": (400, "The body is not JSON"),
    "bad-header": (400, "A header is not understood"),
    "no-key": (401, "There is no valid key"),
    "not-allowed": (403, "The key does not allow that"),
    "not-found": (404, "There is nothing here"),
    "wrong-method": (405, "That can't be done here"),
    "timeout": (408, "The body did not arrive"),
    "in-other-hands": (409, "The desk has the article"),
    "changed-meanwhile": (412, "The article was changed meanwhile"),
    "too-large": (413, "The body is too large"),
    "wrong-type": (415, "The body is of another type"),
    "invalid": (422, "A field is not understood"),
    "other-call": (422, "This Idempotency-Key stands for another call"),
    "no-if-match": (428, "If-Match is missing"),
    "too-many-calls": (429, "There are too many calls"),
    "not-stored": (503, "Nothing can be stored right now"),
}
#: Kinds by the status of what the doors themselves refuse.
_OF_THE_DOORS = {408: "timeout", 413: "too-large", 415: "wrong-type", 503: "not-stored"}


class Problem(Exception):
    """A refusal of a call. `pointer` leads to the part of the body that is at fault."""

    def __init__(self, kind: str, detail: str, *, pointer: str = "", **headers: str) -> None:
        super().__init__(detail)
        self.kind = kind
        self.detail = detail
        self.pointer = pointer
        self.headers = {name.replace("_", "-"): value for name, value in headers.items()}

    @property
    def status(self) -> int:
        return KINDS[self.kind][0]

    def answer(self) -> web.Response:
        status, title = KINDS[self.kind]
        said = {"type": f"urn:visnyk:problem:{self.kind}", "title": title, "status": status, "detail": self.detail}
        more = {"pointer": self.pointer} if self.pointer else {}
        body = json.dumps({**said, **more}, ensure_ascii=False).encode()
        headers = {"Cache-Control": "no-store", **self.headers}
        return web.Response(status=status, body=body, headers=headers, content_type="application/problem+json")


def problem_of(refused: web.HTTPException) -> Problem:
    """Return the problem for what the doors refuse, whatever is called."""
    kind = _OF_THE_DOORS.get(refused.status, "not-found")
    waits = {"Retry_After": refused.headers["Retry-After"]} if "Retry-After" in refused.headers else {}
    return Problem(kind, f"{KINDS[kind][1]}.", **waits)
