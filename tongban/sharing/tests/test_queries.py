"""Looking up at a department's system that really answers over HTTP, or does not."""

import threading
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

import pytest

from simulators.department import NOTE, Department
from tongban.base.errors import NotYet
from tongban.sharing.queries import look_up

KNOWN, UNKNOWN = "999934198603121023", "999934195504185190"


@contextmanager
def department(answers, settings):
    server = ThreadingHTTPServer(("127.0.0.1", 0), answers)
    threading.Thread(target=server.serve_forever, daemon=True).start()
    settings.DEPARTMENT = f"http://127.0.0.1:{server.server_port}"
    try:
        yield
    finally:
        server.shutdown()
        server.server_close()


def asked(number):
    return look_up(item="kstb-1-06", organ="social_insurance", subject={"id_number": number}, answers={})


def saying(status, body):
    class Answers(BaseHTTPRequestHandler):
        def do_POST(self):
            self.send_response(status)
            self.send_header("Content-Length", str(len(body)))
            self.end_headers()
            self.wfile.write(body)

        def log_message(self, *args):
            pass

    return Answers


def test_what_is_found_comes_in_the_order_of_the_department_with_its_remark(settings):
    with department(Department, settings):
        found = asked(KNOWN)
    assert found.matched
    assert [record["label"] for record in found.records][:2] == ["参保险种", "累计缴费月数"]
    assert found.note == NOTE


def test_a_person_that_the_department_does_not_know_matches_nothing(settings):
    with department(Department, settings):
        found = asked(UNKNOWN)
    assert (found.matched, found.records) == (False, ())


@pytest.mark.parametrize(
    ("status", "body"),
    [
        (500, b"{}"),
        (200, b"<html>"),
        (200, b"{}"),
        (200, b"[]"),
        (200, b'{"matched": true, "records": [1], "note": ""}'),
        (200, b'{"matched": true, "records": 7, "note": ""}'),
    ],
)
def test_a_department_that_talks_nonsense_is_asked_again_later(settings, status, body):
    with department(saying(status, body), settings), pytest.raises(NotYet, match="department_away"):
        asked(KNOWN)


def test_a_department_that_is_away_is_asked_again_later(settings):
    settings.DEPARTMENT = "http://127.0.0.1:9"
    with pytest.raises(NotYet, match="department_away"):
        asked(KNOWN)
