"""Logs as lines of JSON that hold no personal data.

A line is an event's name and its facts. Identity and mobile numbers are blacked out wherever they appear; of an
exception the type and the places are written, its message only where `messages` allows it.
"""

import json
import logging
import re
import traceback
from datetime import UTC, datetime
from typing import Any, Final

from tongban.base.times import moment

NUMBER: Final = re.compile(r"(?<![0-9A-Za-z])(?:[0-9]{17}[0-9Xx]|1[0-9]{10})(?![0-9A-Za-z])")
LONGEST: Final = 500
OWN: Final = frozenset(logging.makeLogRecord({}).__dict__) | {"message", "asctime", "taskName", "request"}


class JsonLines(logging.Formatter):
    """node: stands in every line. messages: whether the texts of exceptions are written, for demo and test."""

    def __init__(self, *, node: str, messages: bool = False) -> None:
        super().__init__()
        self.node = node
        self.messages = messages

    def format(self, record: logging.LogRecord) -> str:
        line: dict[str, Any] = {
            "at": moment(datetime.fromtimestamp(record.created, UTC)),
            "level": record.levelname.lower(),
            "node": self.node,
            "logger": record.name,
            "event": clean(record.getMessage()),
        }
        line |= {name: clean(str(value)) for name, value in record.__dict__.items() if name not in OWN}
        if record.exc_info and record.exc_info[1]:
            line["exception"] = type(record.exc_info[1]).__name__
            line["places"] = _places(record.exc_info[1])
            if self.messages:
                line["why"] = clean(str(record.exc_info[1]))
        return json.dumps(line, ensure_ascii=False)


def clean(text: str) -> str:
    """The text in one short line, without what looks like an identity or a mobile number."""
    return NUMBER.sub("***", text.replace("\n", " "))[:LONGEST]


def _places(error: BaseException) -> list[str]:
    frames = traceback.extract_tb(error.__traceback__)
    return [f"{frame.filename.rpartition('/site-packages/')[2]}:{frame.lineno} {frame.name}" for frame in frames[-8:]]
