"""Write the protocol's examples: `python -m tongban.exchange.tests.make_examples`.

Each file says what it shows, whether it is valid, and with which reason a receiver refuses it.
"""

import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from tongban.base.canonical import canonical_json, digest
from tongban.base.seal import Sealed, b64url, public_bytes, seal
from tongban.base.times import parse_moment
from tongban.exchange.rules import DIRECTORY_TYP, Outcome, directory_payload, letter_as_json
from tongban.exchange.signatures import sign_request
from tongban.exchange.tests import scenes
from tongban.exchange.tests.example_letters import (
    ASK,
    ASK_PARTS,
    STEP_1,
    STEP_2,
    WITHDRAW,
    Example,
    letters,
    malformed_letters,
    tampered_letters,
)
from tongban.exchange.tests.example_looks import QUESTION, all_looks
from tongban.exchange.tests.scenes import CASE, NOW, a_receipt

FOLDER = Path(__file__).parent / "examples"


def receipt(says: str, sealed: Sealed, to: str, **more: Any) -> Example:
    example = {"says": says, "shape": "receipt", "valid": True, "reason": None, "answers": to}
    return example | more | {"receipt": sealed.as_json()}


def request(says: str, *, method: str, path: str, body: bytes | None, by: str = "34-1", **more: Any) -> Example:
    url = f"https://{more.pop('to', '31')}.tongban.example{path}"
    created = parse_moment(more.pop("created", NOW))
    headers = sign_request(scenes.signer_of(by), method=method, url=url, body=body, created=created)
    example = {
        "says": says,
        "shape": "request",
        "valid": True,
        "reason": None,
        "now": NOW,
        "method": method,
        "target_uri": url,
        "headers": headers,
        "body": (body or b"").decode(),
    }
    return example | more


def receipts() -> Iterator[tuple[str, Example]]:
    good = a_receipt(ASK, 1, by="31", sender="34", kid="31-2")
    yield "receipt-taken", receipt("Shanghai has taken the ask.", good, "letter-ask")
    yield (
        "receipt-step-1",
        receipt("Anhui has taken step 1.", a_receipt(STEP_1, 2, by="34", sender="31", kid="34-1"), "letter-step-1"),
    )
    rejected = {"outcome": Outcome.REJECTED, "reason": "stale", "facts": {"head": "3"}}
    yield (
        "receipt-rejected",
        receipt(
            "Shanghai rejects an ask.",
            a_receipt(WITHDRAW, 6, by="31", sender="34", kid="31-2", **rejected),
            "letter-withdraw",
        ),
    )
    bad: dict[str, Any] = {"valid": False, "reason": "wrong_receipt"}
    yield (
        "receipt-x-other-letter",
        receipt("For another letter.", a_receipt(WITHDRAW, 6, by="31", sender="34", kid="31-2"), "letter-ask", **bad),
    )
    yield (
        "receipt-x-other-digest",
        receipt(
            "For other bytes.",
            a_receipt(ASK, 1, by="31", sender="34", kid="31-2", digest="0" * 64),
            "letter-ask",
            **bad,
        ),
    )
    yield (
        "receipt-x-other-node",
        receipt(
            "Signed by somebody else than the receiver.",
            a_receipt(ASK, 1, by="31", sender="34", kid="32-2"),
            "letter-ask",
            **bad,
        ),
    )
    changed = Sealed(good.protected, good.payload.replace(b'"taken"', b'"TAKEN"'), good.signature)
    yield "receipt-x-changed", receipt("Changed.", changed, "letter-ask", valid=False, reason="wrong_signature")


def requests() -> Iterator[tuple[str, Example]]:
    body = canonical_json(letter_as_json(ASK, ASK_PARTS))
    post: dict[str, Any] = {"method": "POST", "path": "/nodes/v1/letters", "body": body}
    yield "request-letter", request("One letter.", **post)
    batch = canonical_json({"letters": [letter_as_json(ASK, ASK_PARTS), letter_as_json(WITHDRAW, [])]})
    yield "request-batch", request("Two letters.", method="POST", path="/nodes/v1/letters/batch", body=batch)
    pull = f"/nodes/v1/letters?subject={CASE}&after={scenes.letter_id(2)}"
    yield (
        "request-pull",
        request("What was written to me about the case after step 1?", method="GET", path=pull, body=None),
    )
    question = canonical_json(QUESTION)
    yield (
        "request-looks",
        request("Who looked at the case of this person?", method="POST", path="/nodes/v1/looks", body=question),
    )
    content = b"%PDF-1.7 example"
    get: dict[str, Any] = {
        "method": "GET",
        "path": f"/nodes/v1/files/{digest(content)}?case={CASE}",
        "body": None,
        "by": "31-2",
        "to": "34",
    }
    yield "request-file", request("A file pull, and the bytes that answer it.", **get, answer=b64url(content))
    yield (
        "request-x-file-changed",
        request(
            "Other bytes than those asked for.", **get, answer=b64url(content + b"!"), valid=False, reason="file_wrong"
        ),
    )
    bad: dict[str, Any] = {"valid": False, "reason": "wrong_request_signature"}
    yield (
        "request-x-body",
        request("The body was changed.", **post) | bad | {"body": body.decode().replace('"parts"', '"Parts"')},
    )
    yield (
        "request-x-address",
        request("Meant for another address.", **post)
        | bad
        | {"target_uri": "https://32.tongban.example/nodes/v1/letters"},
    )
    yield "request-x-old", request("More than a minute old.", **post, created="2026-11-23T02:28:59.000Z", **bad)
    uncovered = request("The body is not covered.", **(post | {"body": None}), **bad) | {"body": body.decode()}
    yield "request-x-uncovered", uncovered
    yield "request-x-unsigned", request("No signature.", **post) | {"valid": False, "reason": "unsigned", "headers": {}}
    yield (
        "request-x-replaced-key",
        request("A key that has been replaced.", **post, by="31-1", valid=False, reason="key_expired"),
    )


def others() -> Iterator[tuple[str, Example]]:
    payload = directory_payload(scenes.the_directory())
    anchors = {"00-1": b64url(public_bytes(scenes.signer_of("00-1").key))}
    shape = {"shape": "directory", "valid": True, "reason": None, "anchors": anchors}
    sealed = seal(payload, scenes.signer_of("00-1"), typ=DIRECTORY_TYP)
    yield (
        "directory",
        {"says": "The directory by which all examples are judged."} | shape | {"directory": sealed.as_json()},
    )
    forged = seal(payload, scenes.signer_of("31-2"), typ=DIRECTORY_TYP)
    bad = {"says": "Not signed by the hub.", "valid": False, "reason": "directory_untrusted"}
    yield "directory-x-forged", shape | bad | {"directory": forged.as_json()}
    subjects = {CASE: digest("".join(sorted([ASK.digest, STEP_1.digest, STEP_2.digest])).encode())}
    day = digest(canonical_json([[subject, found] for subject, found in sorted(subjects.items())]))
    yield (
        "checkpoint",
        {
            "says": "The day of 34 and 31 after the ask and two steps.",
            "shape": "checkpoint",
            "valid": True,
            "reason": None,
            "letters": {CASE: ["letter-ask", "letter-step-1", "letter-step-2"]},
            "answer": {"day": "2026-11-23", "digest": day, "count": 1, "subjects": subjects},
        },
    )


def examples() -> dict[str, Example]:
    """Every example by its name; the names of those that must fail have an x."""
    found: dict[str, Example] = {}
    for source in (others, letters, tampered_letters, malformed_letters, receipts, requests, all_looks):
        found |= dict(source())
    return found


def text_of(example: Example) -> str:
    return json.dumps(example, ensure_ascii=False, indent=2) + "\n"


def main() -> None:
    FOLDER.mkdir(exist_ok=True)
    for path in FOLDER.glob("*.json"):
        path.unlink()
    for name, example in examples().items():
        (FOLDER / f"{name}.json").write_text(text_of(example), "utf-8")
    print(f"{len(examples())} examples in {FOLDER}")


if __name__ == "__main__":
    main()
