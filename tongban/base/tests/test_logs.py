import json
import logging

import pytest

from tongban.base.logs import JsonLines


def line_of(formatter=None, **record):
    made = logging.makeLogRecord({"name": "tongban.test", "levelname": "INFO", "msg": "letter_waits", **record})
    return json.loads((formatter or JsonLines(node="34")).format(made))


def test_a_line_holds_the_event_and_its_facts():
    line = line_of(peer="31", attempts=2)
    assert (line["event"], line["node"], line["peer"], line["attempts"]) == ("letter_waits", "34", "31", "2")


@pytest.mark.parametrize("number", ["999934199001011234", "99993419900101123X", "13800000000"])
def test_numbers_of_persons_are_blacked_out_wherever_they_stand(number):
    line = line_of(msg=f"found {number}。", fact=f"of {number}")
    assert number not in json.dumps(line)
    assert line["event"] == "found ***。"


def test_digests_and_times_stay_readable():
    digest = "1" * 64
    assert line_of(letter=digest)["letter"] == digest


def failure():
    try:
        raise ValueError("张三 13800000000")
    except ValueError as error:
        return (type(error), error, error.__traceback__)


def test_the_message_of_an_exception_is_left_out_unless_it_is_allowed():
    line = line_of(exc_info=failure())
    assert line["exception"] == "ValueError"
    assert "failure" in line["places"][-1]
    assert "why" not in line
    assert line_of(JsonLines(node="34", messages=True), exc_info=failure())["why"] == "张三 ***"


def test_a_line_is_one_line():
    formatter = JsonLines(node="34")
    assert "\n" not in formatter.format(logging.makeLogRecord({"msg": "a\nb"}))
