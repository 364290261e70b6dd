"""The letters among the protocol's examples, good and tampered."""

import json
from collections.abc import Iterator
from typing import Any

from tongban.base.canonical import canonical_json, digest
from tongban.base.seal import Sealed
from tongban.exchange.rules import Part, letter_as_json
from tongban.exchange.tests import scenes
from tongban.exchange.tests.scenes import CASE, NOW, a_letter, ask, first_members, header

Example = dict[str, Any]

ASK = a_letter(1, "ask", ask(1, "open", scenes.HOME_BODY), sender="34")
ASK_PARTS = [Part("home", scenes.HOME_BODY)]
STEP_1 = a_letter(
    2,
    "step",
    header(
        2,
        1,
        None,
        "open",
        "submitted",
        by={"role": "applicant", "organ": None, "node": "34"},
        facts={"received_on": "2026-11-23"},
        bodies={"applicant": digest(scenes.OPEN_BODY)},
        answers=str(scenes.letter_id(1)),
        **first_members(),
    ),
)
STEP_1_PARTS = [Part("applicant", scenes.OPEN_BODY)]
STEP_2_DATA = header(
    4,
    2,
    STEP_1.digest,
    "accept",
    "accepted",
    bodies={"applicant": digest(scenes.ACCEPT_BODY)},
    documents=[{"kind": "acceptance_notice", "number": "3120261123000001-02", "digest": digest(b"<html>...</html>")}],
)
STEP_2 = a_letter(4, "step", STEP_2_DATA)
REFUSED = {"part": "survey@320100000000", "outcome": "refused", "co_case": "0198c0de-0000-7000-8000-00000000c0ca"}
STEP_3_DATA = header(
    11,
    3,
    STEP_2.digest,
    "part_decided",
    "accepted",
    by={"role": "system", "organ": None, "node": "31"},
    facts=REFUSED | {"co_head": digest(b"the last step of the assist case")},
    followers=["32", "34"],
    removed=["32"],
)
WITHDRAW_BODY = canonical_json({"salt": "a1" * 16, "content": {"reason": "不再需要（示例）"}})
WITHDRAW = a_letter(6, "ask", ask(6, "withdraw", WITHDRAW_BODY, seen=2), sender="34")
ASKED_BODY = canonical_json({"salt": "b2" * 16, "part": REFUSED["part"], "reason": "本地没有缴费记录（示例）"})
ASKED_DATA = header(
    14,
    3,
    STEP_2.digest,
    "part_decided",
    "accepted",
    by={"role": "system", "organ": None, "node": "31"},
    facts=REFUSED | {"co_head": digest(b"the last step of the assist case"), "answer_by": "2026-11-30"},
    bodies={"applicant": digest(ASKED_BODY)},
    documents=[{"kind": "choice_notice", "number": "3120261123000001-03", "digest": digest(b"<html>?</html>")}],
)
GO_ON_BODY = canonical_json({"salt": "c3" * 16, "content": {"parts": [REFUSED["part"]]}})
GO_ON = a_letter(15, "ask", ask(15, "go_on", GO_ON_BODY), sender="34")
GREETING = {"text": "您好（示例）"}


def letter(says: str, sealed: Sealed, parts: list[Part] | None = None, **more: Any) -> Example:
    brought = letter_as_json(sealed, parts or [])
    return {"says": says, "shape": "letter", "valid": True, "reason": None, "peer": "31", "now": NOW} | more | brought


def wrong(says: str, reason: str, sealed: Sealed, parts: list[Part] | None = None, **more: Any) -> Example:
    return letter(says, sealed, parts, valid=False, reason=reason, **more)


def letters() -> Iterator[tuple[str, Example]]:
    yield "letter-ask", letter("An ask: Anhui's portal asks Shanghai to open a case.", ASK, ASK_PARTS, peer="34")
    yield "letter-step-1", letter("Step 1 answers the ask; it has the members of the opening.", STEP_1, STEP_1_PARTS)
    parts = [Part("applicant", scenes.ACCEPT_BODY)]
    yield "letter-step-2", letter("Step 2 carries the digest of step 1.", STEP_2, parts, chain=["letter-step-1"])
    yield "letter-step-2-without-body", letter("The same header after its body was erased.", STEP_2)
    yield (
        "letter-step-3-removed",
        letter(
            "32 has refused its part: this step goes to it as its last.",
            a_letter(11, "step", STEP_3_DATA),
            chain=["letter-step-1", "letter-step-2"],
        ),
    )
    yield (
        "letter-step-3-asked",
        letter(
            "Another place has refused its part, and the person is asked what he wants.",
            a_letter(14, "step", ASKED_DATA),
            [Part("applicant", ASKED_BODY)],
            chain=["letter-step-1", "letter-step-2"],
        ),
    )
    yield "letter-go-on", letter("An ask: he goes on without it.", GO_ON, [Part("home", GO_ON_BODY)], peer="34")
    due = {"case": CASE, "notice": "2026-11-30", "decision": "2026-12-14", "statutory": "2026-12-21"}
    yield "letter-due", letter("Due dates: outside the chain.", a_letter(5, "due", due | {"provisional": False}))
    held = {"case": CASE, "files": [digest(b"%PDF-1.7 example")]}
    yield "letter-held", letter("The home keeps the files now.", a_letter(7, "held", held))
    yield (
        "letter-withdraw",
        letter("An ask that names what it has seen.", WITHDRAW, [Part("home", WITHDRAW_BODY)], peer="34"),
    )
    old = a_letter(8, "greeting", GREETING, kid="31-1", at="2026-03-01T00:00:00.000Z")
    yield "letter-old-key", letter("Signed while a key was in force that has been replaced since.", old)
    value = json.loads(a_letter(9, "greeting", GREETING).payload)
    minor = canonical_json({**value, "protocol": "1.9", "novelty": "ignored"})
    yield (
        "letter-later-minor",
        letter("A later minor version: unknown attributes are ignored.", a_letter(9, "greeting", {}, payload=minor)),
    )


def tampered_letters() -> Iterator[tuple[str, Example]]:
    changed = STEP_2.payload.replace(b'"accepted"', b'"declined"')
    yield (
        "letter-x-changed",
        wrong(
            "One word of the payload changed.", "wrong_signature", Sealed(STEP_2.protected, changed, STEP_2.signature)
        ),
    )
    protected = STEP_2.protected.replace(b"31-2", b"34-1")
    yield (
        "letter-x-other-kid",
        wrong("The kid changed.", "wrong_signature", Sealed(protected, STEP_2.payload, STEP_2.signature)),
    )
    yield (
        "letter-x-forged",
        wrong(
            "Signed by 32 under the name of 31.",
            "wrong_signature",
            a_letter(4, "step", STEP_2_DATA, signed_with="32-2"),
        ),
    )
    yield (
        "letter-x-unknown-key",
        wrong("A kid that the directory does not list.", "unknown_key", a_letter(4, "step", STEP_2_DATA, kid="31-9")),
    )
    yield (
        "letter-x-revoked-key",
        wrong(
            "A stolen key with a backdated time.",
            "key_revoked",
            a_letter(10, "greeting", GREETING, sender="32", kid="32-1", at="2026-05-01T00:00:00.000Z"),
            peer="32",
        ),
    )
    yield (
        "letter-x-expired-key",
        wrong("A replaced key used after its end.", "key_expired", a_letter(10, "greeting", GREETING, kid="31-1")),
    )
    yield "letter-x-relayed", wrong("Brought by somebody else than its source.", "not_the_sender", STEP_2, peer="34")
    yield (
        "letter-x-other-source",
        wrong("34 signs in the name of 31.", "not_the_sender", a_letter(4, "step", STEP_2_DATA, kid="34-1"), peer="34"),
    )
    yield (
        "letter-x-receipt-as-letter",
        wrong("typ of a receipt.", "malformed", a_letter(4, "step", STEP_2_DATA, typ="tongban-receipt+json")),
    )
    yield (
        "letter-x-part-changed",
        wrong("A body that does not have the digest.", "part_changed", STEP_1, [Part("applicant", b"{}")]),
    )
    yield (
        "letter-x-part-unnamed",
        wrong(
            "A body for an audience that the letter does not name.",
            "part_changed",
            STEP_1,
            [Part("deciding", scenes.OPEN_BODY)],
        ),
    )
    yield (
        "letter-x-future",
        wrong(
            "Eleven minutes ahead.",
            "from_the_future",
            a_letter(11, "greeting", GREETING, at="2026-11-23T02:41:00.001Z"),
        ),
    )
    fork = a_letter(4, "step", STEP_2_DATA | {"status": "declined", "act": "decline"})
    yield "letter-x-fork", wrong("Another content under the id of step 2.", "fork", fork, taken=["letter-step-2"])
    broken = a_letter(12, "step", header(12, 3, STEP_1.digest, "grant", "granted"))
    yield (
        "letter-x-chain",
        wrong(
            "Step 3 that does not carry the digest of step 2.", "fork", broken, chain=["letter-step-1", "letter-step-2"]
        ),
    )
    missing = a_letter(13, "step", header(13, 4, "0" * 64, "grant", "granted"))
    yield "letter-x-gap", wrong("Step 4 before step 3.", "gap", missing, chain=["letter-step-1", "letter-step-2"])


def malformed_letters() -> Iterator[tuple[str, Example]]:
    good = a_letter(20, "greeting", GREETING).payload
    value = json.loads(good)
    texts = {
        "duplicate-key": good[:-1] + b',"type":"tongban.other"}',
        "deep": good.replace(b'{"text":"', b'{"deep":' + b"[" * 40 + b"]" * 40 + b',"text":"'),
        "float": good.replace(b'"data":{', b'"data":{"n":1.5,'),
        "big-integer": good.replace(b'"data":{', b'"data":{"n":9007199254740992,'),
        "not-utf-8": good.replace("您".encode(), b"\xff\xfe\xfd"),
        "nul": good.replace("您".encode(), b"\\u0000"),
        "time": canonical_json(value | {"time": "2026-11-23T10:20:00+08:00"}),
        "no-subject": canonical_json({name: part for name, part in value.items() if name != "subject"}),
        "id": canonical_json(value | {"id": "0198C0DE-0000-7000-8000-000000000020"}),
    }
    for name, payload in texts.items():
        example = wrong(f"Properly signed, but: {name}.", "malformed", a_letter(20, "greeting", {}, payload=payload))
        yield f"letter-x-{name}", example
    major = canonical_json(value | {"protocol": "2.0"})
    yield (
        "letter-x-major",
        wrong("Another major version.", "protocol_version", a_letter(20, "greeting", {}, payload=major)),
    )
