"""Reading one node over HTTP as its auditor, with the standard library."""

import json
import time
from collections.abc import Iterator
from dataclasses import dataclass
from http.client import HTTPException
from typing import Any
from urllib.error import HTTPError, URLError
from urllib.parse import quote, urlencode
from urllib.request import Request, urlopen

from verify.evidence import Holdings, Sent, read_copy, read_correspondence
from verify.faults import Fault
from verify.seals import Unreadable, read_object, sha256

ATTEMPTS = 5
SECONDS = 30


class Unreachable(Exception):
    """The node did not answer, or not with what an auditor may read."""


@dataclass(frozen=True, slots=True)
class Window:
    """An auditor's log-in at one node. base: "http://127.0.0.1:8001"."""

    node: str
    base: str
    token: str

    def get(self, path: str) -> bytes:
        return _call(Request(self.base + path, headers={"Authorization": f"Bearer {self.token}"}))

    def find(self, path: str) -> bytes | None:
        """None when the node says that there is no such thing."""
        try:
            return self.get(path)
        except Unreachable as error:
            if isinstance(error.__cause__, HTTPError) and error.__cause__.code in (404, 410):
                return None
            raise

    def entries(self, path: str) -> Iterator[dict[str, Any]]:
        """All entries of a list, page after page."""
        cursor: str | None = None
        while True:
            page = read_object(self.get(path + (f"?{urlencode({'cursor': cursor})}" if cursor else "")))
            yield from page["items"]
            cursor = page.get("next")
            if not cursor:
                return


def log_in(node: str, base: str, *, username: str, password: str) -> Window:
    body = json.dumps({"username": username, "password": password}).encode()
    request = Request(f"{base}/api/v1/sessions", data=body, headers={"Content-Type": "application/json"})
    return Window(node=node, base=base, token=str(read_object(_call(request))["token"]))


def gather(window: Window) -> tuple[Holdings, list[Fault]]:
    """Everything that the node holds; what cannot be read is a fault, not an end."""
    holdings = Holdings(node=window.node)
    faults: list[Fault] = []
    for entry in window.entries("/api/v1/audit/cases"):
        case = str(entry["case_id"])
        try:
            holdings.cases[case] = read_copy(case, read_object(window.get(f"/api/v1/audit/cases/{quote(case)}")))
        except Unreadable as error:
            faults.append(Fault("unreadable", window.node, case, 0, str(error)))
    for entry in window.entries("/api/v1/audit/letters"):
        try:
            found = read_correspondence(entry)
        except Unreadable as error:
            faults.append(Fault("unreadable", window.node, "", 0, str(error)))
            continue
        if isinstance(found, Sent):
            holdings.sent.append(found)
        else:
            holdings.heard.append(found)
    for copy in holdings.cases.values():
        for digest in copy.files:
            if digest not in holdings.contents:
                content = window.find(f"/api/v1/audit/files/{quote(digest)}")
                holdings.contents[digest] = sha256(content) if content is not None else None
    return holdings, faults


def _call(request: Request) -> bytes:
    """Tries again while the node is away or overloaded. Raises Unreachable."""
    last: Exception | None = None
    for attempt in range(ATTEMPTS):
        try:
            with urlopen(request, timeout=SECONDS) as answer:
                content: bytes = answer.read()
                return content
        except HTTPError as error:
            error.close()
            last = error
            if error.code not in (429, 502, 503, 504):
                break
        except (URLError, HTTPException, OSError) as error:
            last = error
        time.sleep(0.3 * 2**attempt)
    raise Unreachable(f"{request.get_method()} {request.full_url}: {last}") from last
