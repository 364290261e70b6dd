"""The world of the protocol's examples: four nodes, one case between Anhui (34) and Shanghai (31). All of it is 示例.

The keys are made from their names, so that anybody can repeat every byte.
"""

import hashlib
from collections.abc import Mapping
from datetime import datetime
from typing import Any
from uuid import UUID

from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey

from tongban.base.canonical import canonical_json, digest
from tongban.base.seal import Sealed, Signer, public_bytes, seal
from tongban.base.times import parse_moment
from tongban.exchange.rules import (
    LETTER_TYP,
    RECEIPT_TYP,
    Directory,
    Event,
    Node,
    NodeKey,
    Outcome,
    Receipt,
    event_payload,
    receipt_payload,
)

CASE = "0198c0de-0000-7000-8000-00000000ca5e"
NOW = "2026-11-23T02:30:00.000Z"
NAMES = {"00": "国家枢纽", "31": "上海市", "32": "江苏省", "34": "安徽省"}


def letter_id(number: int) -> UUID:
    return UUID(f"0198c0de-0000-7000-8000-{number:012d}")


def seed_of(kid: str) -> bytes:
    return hashlib.sha256(f"tongban example key {kid}".encode()).digest()


def signer_of(kid: str) -> Signer:
    return Signer(kid=kid, key=Ed25519PrivateKey.from_private_bytes(seed_of(kid)))


def a_key(kid: str, since: str, until: str | None = None, revoked_at: str | None = None) -> NodeKey:
    return NodeKey(
        kid=kid,
        public=public_bytes(signer_of(kid).key),
        since=_day(since),
        until=_day(until) if until else None,
        revoked_at=_day(revoked_at) if revoked_at else None,
    )


def the_directory() -> Directory:
    """31 has replaced its key on 1 July; a key of 32 was stolen and revoked on 1 August."""
    held = {
        "00": (a_key("00-1", "2026-01-01"),),
        "31": (a_key("31-2", "2026-07-01"), a_key("31-1", "2026-01-01", "2026-07-01")),
        "32": (a_key("32-2", "2026-08-01"), a_key("32-1", "2026-01-01", "2026-08-01", "2026-08-01")),
        "34": (a_key("34-1", "2026-01-01"),),
    }
    nodes = {
        code: Node(code, NAMES[code], f"https://{code}.tongban.example", "12345（示例）", keys)
        for code, keys in held.items()
    }
    return Directory(version=3, issued_at=_day("2026-08-01"), nodes=nodes)


def a_letter(number: int, kind: str, data: Mapping[str, Any], **more: Any) -> Sealed:
    """sender 31 and its key unless told otherwise; payload and typ replace what would be right."""
    sender = more.get("sender", "31")
    event = Event(
        id=letter_id(number),
        kind=kind,
        sender=sender,
        subject=more.get("subject", CASE),
        at=parse_moment(more.get("at", f"2026-11-23T02:{number:02d}:00.000Z")),
        data=data,
    )
    kid = more.get("kid", {"31": "31-2", "32": "32-2", "34": "34-1"}[sender])
    signer = Signer(kid=kid, key=signer_of(more.get("signed_with", kid)).key)
    return seal(more.get("payload", event_payload(event)), signer, typ=more.get("typ", LETTER_TYP))


def a_receipt(letter: Sealed, number: int, *, by: str, sender: str, kid: str, **more: Any) -> Sealed:
    receipt = Receipt(
        letter=more.get("digest", letter.digest),
        id=letter_id(number),
        sender=sender,
        receiver=by,
        outcome=more.get("outcome", Outcome.TAKEN),
        reason=more.get("reason"),
        facts=more.get("facts", {}),
        at=parse_moment(f"2026-11-23T02:{number:02d}:00.500Z"),
    )
    return seal(receipt_payload(receipt), signer_of(kid), typ=RECEIPT_TYP)


OPENING = {
    "item": "kstb-1-37",
    "version": 1,
    "standard": "31",
    "place": "310115000000",
    "mode": "online",
    "applicant": {
        "kind": "natural",
        "name": "王示例",
        "id_type": "identity_card",
        "id_number": "999934199001010011",
        "phone": None,
    },
    "agent": None,
    "answers": {"trade_name": "示例小吃店"},
    "materials": [],
    "custody": [],
    "identity_check": None,
    "received": {
        "node": "34",
        "place": "340100000000",
        "organ": "",
        "number": "SJ3420261123000001",
        "at": "2026-11-23T02:01:00.000Z",
        "channel": "portal",
    },
    "lead": None,
    "predecessor": None,
}
HOME_BODY = canonical_json({"salt": "00112233445566778899aabbccddeeff", "content": OPENING})
OPEN_BODY = canonical_json({"salt": "ffeeddccbbaa99887766554433221100", "number": "3120261123000001"})
ACCEPT_BODY = canonical_json({"salt": "0f1e2d3c4b5a69788796a5b4c3d2e1f0", "note": "材料齐全（示例）"})


def ask(minute: int, act: str, body: bytes, *, seen: int | None = None) -> dict[str, Any]:
    return {
        "case": CASE,
        "act": act,
        "home": "31",
        "from": "34",
        "seen": seen,
        "made_at": f"2026-11-23T02:{minute:02d}:00.000Z",
        "by": {"role": "applicant", "organ": None},
        "bodies": {"home": digest(body)},
    }


def header(minute: int, no: int, prev: str | None, act: str, status: str, /, **more: Any) -> dict[str, Any]:
    return {
        "case": CASE,
        "no": no,
        "prev": prev,
        "act": act,
        "status": status,
        "home": "31",
        "legal_date": "2026-11-23",
        "recorded_at": f"2026-11-23T02:{minute:02d}:00.000Z",
        "by": {"role": "officer", "organ": "91310000DEMO000001", "node": "31"},
        "facts": {},
        "bodies": {},
        "documents": [],
        "followers": ["34"],
        "removed": [],
        "answers": None,
        **more,
    }


def first_members() -> dict[str, Any]:
    named = ("item", "version", "standard", "mode", "place", "received", "lead", "predecessor")
    return {
        **{name: OPENING[name] for name in named},
        "pattern": "approval",
        "organ": "91310000DEMO000001",
        "number": "3120261123000001",
    }


def _day(text: str) -> datetime:
    return parse_moment(f"{text}T00:00:00.000Z")
