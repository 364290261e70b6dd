"""What our own rules say to an example of the protocol: None when it is believed, else the reason."""

from collections.abc import Callable, Mapping
from typing import Any, Final

from tongban.base.canonical import canonical_json, digest
from tongban.base.errors import NotYet, Rejected
from tongban.base.seal import from_b64url, parse_sealed
from tongban.base.times import parse_moment
from tongban.exchange.queries import Checkpoint
from tongban.exchange.rules import (
    Directory,
    check_letter,
    check_receipt,
    check_time,
    letter_of,
    read_directory,
    read_event,
)
from tongban.exchange.signatures import check_request

Example = Mapping[str, Any]
Examples = Mapping[str, Example]


def judge(example: Example, examples: Examples) -> str | None:
    try:
        return JUDGES[example["shape"]](example, examples)
    except (Rejected, NotYet) as refusal:
        return refusal.reason


def _known(examples: Examples) -> Directory:
    example = examples["directory"]
    return read_directory(parse_sealed(example["directory"]), _anchors(example))


def _anchors(example: Example) -> dict[str, bytes]:
    return {kid: from_b64url(key) for kid, key in example["anchors"].items()}


def _letter(example: Example, examples: Examples) -> str | None:
    sealed, parts = letter_of({"letter": example["letter"], "parts": example["parts"]})
    event = check_letter(_known(examples), sealed, parts, peer=example["peer"])
    check_time(event, now=parse_moment(example["now"]))
    for name in example.get("taken", ()):
        before = parse_sealed(examples[name]["letter"])
        if read_event(before.payload).id == event.id and before.digest != sealed.digest:
            return "fork"
    return None


def _receipt(example: Example, examples: Examples) -> str | None:
    letter = parse_sealed(examples[example["answers"]]["letter"])
    event = read_event(letter.payload)
    check_receipt(
        _known(examples),
        parse_sealed(example["receipt"]),
        sender=event.sender,
        receiver={"31": "34", "34": "31"}[event.sender],
        letter=event.id,
        digest=letter.digest,
    )
    return None


def _request(example: Example, examples: Examples) -> str | None:
    check_request(
        _known(examples),
        method=example["method"],
        url=example["target_uri"],
        headers=example["headers"],
        body=example["body"].encode(),
        now=parse_moment(example["now"]),
    )
    if "answer" in example and digest(from_b64url(example["answer"])) not in example["target_uri"]:
        return "file_wrong"
    return None


def _directory(example: Example, _examples: Examples) -> str | None:
    read_directory(parse_sealed(example["directory"]), _anchors(example))
    return None


def _checkpoint(example: Example, examples: Examples) -> str | None:
    subjects = {
        subject: digest("".join(sorted(parse_sealed(examples[name]["letter"]).digest for name in names)).encode())
        for subject, names in example["letters"].items()
    }
    found = {"day": example["answer"]["day"], "digest": Checkpoint(subjects).digest, "count": len(subjects)}
    return None if canonical_json(found | {"subjects": subjects}) == canonical_json(example["answer"]) else "differs"


JUDGES: Final[Mapping[str, Callable[[Example, Examples], str | None]]] = {
    "letter": _letter,
    "receipt": _receipt,
    "request": _request,
    "directory": _directory,
    "checkpoint": _checkpoint,
}
