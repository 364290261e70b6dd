"""Reading over HTTP: pages, log-in, files that are gone, and the whole command against a stand-in for the nodes."""

import json
import threading
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from urllib.parse import parse_qs, urlsplit

import pytest

from verify.counts import read_ledger
from verify.directory import read_directory
from verify.fetch import Unreachable, gather, log_in
from verify.report import verify
from verify.tests.build import HOME, HUB, ORIGIN, World, directory_text


class Stand(BaseHTTPRequestHandler):
    """Serves one node of a world: two entries a page."""

    def do_POST(self):
        body = json.loads(self.rfile.read(int(self.headers["Content-Length"])))
        known = body == {"username": "auditor", "password": "secret"}
        self._answer(200 if known else 401, json.dumps({"token": "t"}).encode())

    def do_GET(self):
        parts = urlsplit(self.path)
        world, node = self.server.world, self.server.node
        if self.headers["Authorization"] != "Bearer t":
            self._answer(401, b"{}")
        elif parts.path == "/api/v1/audit/cases":
            self._page([{"case_id": case} for case in world.cases[node]], parts.query)
        elif parts.path == "/api/v1/audit/letters":
            self._page(world.letters[node], parts.query)
        elif parts.path.startswith("/api/v1/audit/cases/"):
            self._answer(200, json.dumps(world.cases[node][parts.path.rpartition("/")[2]]).encode())
        else:
            content = world.contents[node].get(parts.path.rpartition("/")[2])
            self._answer(404 if content is None else 200, content or b"{}")

    def _page(self, entries, query):
        start = int(parse_qs(query).get("cursor", ["0"])[0])
        following = str(start + 2) if start + 2 < len(entries) else None
        self._answer(200, json.dumps({"items": entries[start : start + 2], "next": following}).encode())

    def _answer(self, status, content):
        self.send_response(status)
        self.send_header("Content-Length", str(len(content)))
        self.end_headers()
        self.wfile.write(content)

    def log_message(self, *arguments):
        pass


@contextmanager
def standing(world, node):
    server = ThreadingHTTPServer(("127.0.0.1", 0), Stand)
    server.world, server.node = world, node
    thread = threading.Thread(target=server.serve_forever, daemon=True)
    thread.start()
    try:
        yield f"http://127.0.0.1:{server.server_port}"
    finally:
        server.shutdown()
        server.server_close()
        thread.join()


def fetched(world):
    holdings, unread = {}, []
    for node in (HUB, HOME, ORIGIN):
        with standing(world, node) as base:
            holdings[node], faults = gather(log_in(node, base, username="auditor", password="secret"))
            unread += faults
    return verify(read_directory(directory_text()), holdings, read_ledger(world.ledger), unread=tuple(unread))


def test_what_is_fetched_over_pages_is_complete():
    assert fetched(World()).last_line == "cases 1, letters 5, digests equal 1/1"
    assert fetched(World()).passed


def test_a_case_that_cannot_be_read_is_a_fault():
    world = World()
    for entry in world.cases[ORIGIN].values():
        entry["steps"][0]["letter"]["payload"] = "not base64url!"
    assert "unreadable" in {fault.code for fault in fetched(world).faults}


def test_a_wrong_password_is_told():
    with standing(World(), HOME) as base, pytest.raises(Unreachable):
        log_in(HOME, base, username="auditor", password="wrong")
