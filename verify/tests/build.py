"""Two nodes with their own small signer: a person at 34 asks 31 for something; 31 opens, accepts, grants and closes."""

import base64
import hashlib
import json
from collections.abc import Callable, Iterator
from typing import Any

from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey

from verify.counts import Ledger, read_ledger
from verify.directory import Directory, read_directory
from verify.evidence import Holdings, Sent, read_copy, read_correspondence
from verify.report import Report, verify

CASE = "0197a000-0000-7000-8000-000000000001"
ORIGIN, HOME, HUB = "34", "31", "00"
SCAN = b"scan of an identity card"
NOTICE = "<!doctype html><title>受理通知书</title>"
LETTER, RECEIPT = "application/cloudevents+json", "tongban-receipt+json"

Json = dict[str, Any]


def sha256(content: bytes) -> str:
    return hashlib.sha256(content).hexdigest()


def b64url(content: bytes) -> str:
    return base64.urlsafe_b64encode(content).rstrip(b"=").decode()


def encode(value: object) -> bytes:
    return json.dumps(value, ensure_ascii=False, separators=(",", ":"), sort_keys=True).encode()


def key_of(node: str) -> Ed25519PrivateKey:
    return Ed25519PrivateKey.from_private_bytes(hashlib.sha256(f"test key of {node}".encode()).digest())


def sign(node: str, typ: str, content: Json, *, kid: str | None = None, by: str | None = None) -> Json:
    """A flattened JWS; by: sign with another node's key under this node's name."""
    protected = b64url(encode({"alg": "EdDSA", "kid": kid or f"{node}-1", "typ": typ}))
    payload = b64url(encode(content))
    signature = key_of(by or node).sign(f"{protected}.{payload}".encode())
    return {"protected": protected, "payload": payload, "signature": b64url(signature)}


def directory_text(*, by: str = HUB, until: str | None = None) -> bytes:
    nodes = [
        {
            "code": node,
            "name": node,
            "endpoint": f"http://127.0.0.1:80{node}",
            "phone": "",
            "keys": [
                {
                    "kid": f"{node}-1",
                    "x": b64url(key_of(node).public_key().public_bytes_raw()),
                    "from": "2026-01-01T00:00:00.000Z",
                    "until": until if node != HUB else None,
                    "revoked_at": None,
                }
            ],
        }
        for node in (HUB, HOME, ORIGIN)
    ]
    content = {"version": 1, "issued_at": "2026-01-01T00:00:00.000Z", "nodes": nodes}
    return encode(sign(HUB, "tongban-directory+json", content, by=by))


def digest_of(letter: Json) -> str:
    return sha256(payload_of(letter))


def payload_of(letter: Json) -> bytes:
    text = letter["payload"]
    return base64.urlsafe_b64decode(text + "=" * (-len(text) % 4))


def letter(sender: str, kind: str, number: int, data: Json, **signing: Any) -> Json:
    event = {
        "specversion": "1.0",
        "id": f"0197a000-0000-7000-9000-{number:012d}",
        "source": f"urn:tongban:node:{sender}",
        "type": f"tongban.{kind}",
        "subject": data["case"],
        "time": f"2026-11-23T10:00:{number:02d}.000Z",
        "datacontenttype": "application/json",
        "protocol": "1.0",
        "data": data,
    }
    return sign(sender, LETTER, event, **signing)


def receipt(sealed: Json, *, to: str, outcome: str = "taken", second: int = 30, by: str | None = None) -> Json:
    event = json.loads(payload_of(sealed))
    content = {
        "protocol": "1.0",
        "letter": digest_of(sealed),
        "id": event["id"],
        "from": event["source"].rpartition(":")[2],
        "to": to,
        "outcome": outcome,
        "reason": None if outcome == "taken" else "case_closed",
        "facts": {},
        "at": f"2026-11-23T10:00:{second:02d}.000Z",
    }
    return sign(to, RECEIPT, content, by=by)


class World:
    """What both nodes would serve, as JSON values that a test may spoil before `report` recomputes them.

    following: number of a step -> whether 34 follows with it, and whether it is removed by it; with all and by none
    unless told otherwise.
    """

    def __init__(self, following: dict[int, tuple[bool, bool]] | None = None) -> None:
        self.following = following or {}
        self.contents: dict[str, dict[str, bytes]] = {
            HOME: {sha256(SCAN): SCAN},
            ORIGIN: {sha256(SCAN): SCAN},
            HUB: {},
        }
        self.cases: dict[str, Json] = {HOME: {}, ORIGIN: {}, HUB: {}}
        self.letters: dict[str, list[Json]] = {HOME: [], ORIGIN: [], HUB: []}
        self.ledger: Json = {"cases": [], "acts": []}
        self.unlisted: list[str] = []
        self._fill()

    def _fill(self) -> None:
        ask = letter(ORIGIN, "ask", 1, {"case": CASE, "act": "open", "home": HOME, "from": ORIGIN, "seen": 0})
        self.deliver(ORIGIN, HOME, ask, receipt(ask, to=HOME, second=2))
        steps: list[Json] = []
        receipts: list[Json] = []
        for number, (act, status, role) in enumerate(
            [
                ("open", "submitted", "applicant"),
                ("accept", "accepted", "officer"),
                ("grant", "granted", "officer"),
                ("close", "closed", "system"),
            ],
            start=1,
        ):
            step = self.step(number, act, status, role, steps[-1]["letter"] if steps else None)
            if number == 1:
                step = self.step(number, act, status, role, None, answers=json.loads(payload_of(ask))["id"])
            steps.append(step)
        due = max(number for number in range(1, 5) if self.following.get(number, (True, False))[0])
        for number, step in enumerate(steps[:due], start=1):
            receipts.append(receipt(step["letter"], to=ORIGIN, second=30 + number))
            self.deliver(HOME, ORIGIN, step["letter"], receipts[-1])
        self.cases[HOME][CASE] = {"steps": steps, "receipts": receipts, "files": sorted(self.contents[HOME])}
        self.cases[ORIGIN][CASE] = {
            "steps": [
                {"letter": dict(step["letter"]), "bodies": {"applicant": step["bodies"]["applicant"]}}
                for step in steps[:due]
            ],
            "receipts": [],
            "files": sorted(self.contents[ORIGIN]),
        }
        self._write_ledger(ask, steps)

    def step(
        self, number: int, act: str, status: str, role: str, previous: Json | None, *, answers: str | None = None
    ) -> Json:
        said = {"salt": f"a{number}"} | ({"document": {"html": NOTICE}} if number == 2 else {})
        bodies = {"applicant": encode(said), "home": encode({"salt": f"h{number}"})}
        follows, removed = self.following.get(number, (True, False))
        documents = [{"kind": "notice", "number": "沪收〔2026〕1", "digest": sha256(NOTICE.encode())}]
        header = {
            "case": CASE,
            "no": number,
            "prev": digest_of(previous) if previous else None,
            "act": act,
            "status": status,
            "home": HOME,
            "by": {"role": role, "organ": None},
            "bodies": {audience: sha256(content) for audience, content in bodies.items()},
            "documents": documents if number == 2 else [],
            "followers": [ORIGIN] if follows else [],
            "removed": [ORIGIN] if removed else [],
            "answers": answers,
        }
        if number == 1:
            header["received"] = {"node": ORIGIN, "organ": "", "number": "S1", "at": "2026-11-23T10:00:00.000Z"}
        return {
            "letter": letter(HOME, "step", 10 + number, header),
            "bodies": {audience: b64url(content) for audience, content in bodies.items()},
        }

    def deliver(self, sender: str, receiver: str, sealed: Json, answer: Json | None) -> None:
        self.letters[sender].append({"direction": "sent", "receiver": receiver, "letter": sealed, "receipt": answer})
        if answer is not None:
            self.letters[receiver].append({"direction": "heard", "letter": sealed, "receipt": answer})

    def _write_ledger(self, ask: Json, steps: list[Json]) -> None:
        self.ledger["cases"].append(
            {
                "case": CASE,
                "item": "kstb-1-37",
                "node": ORIGIN,
                "home": HOME,
                "status": "closed",
                "materials": [sha256(SCAN)],
            }
        )
        ask_id = json.loads(payload_of(ask))["id"]
        acts = [("open", "ask", ask_id, ORIGIN)]
        acts += [("accept", "step", digest_of(steps[1]["letter"]), HOME)]
        acts += [("grant", "step", digest_of(steps[2]["letter"]), HOME)]
        self.ledger["acts"] += [
            {"case": CASE, "node": node, "role": "officer", "act": act, "answer": answer, "id": name}
            for act, answer, name, node in acts
        ]

    def holdings(self) -> dict[str, Holdings]:
        return {node: self._holdings_of(node) for node in self.cases}

    def _holdings_of(self, node: str) -> Holdings:
        holdings = Holdings(node=node)
        for case, value in self.cases[node].items():
            holdings.cases[case] = read_copy(case, value)
        for found in self.correspondence(node):
            if isinstance(found, Sent):
                holdings.sent.append(found)
            else:
                holdings.heard.append(found)
        named = {sha256(SCAN)}
        stored = self.contents[node]
        holdings.contents = {name: sha256(stored[name]) if name in stored else None for name in named}
        return holdings

    def correspondence(self, node: str) -> Iterator[Any]:
        return (read_correspondence(entry) for entry in self.letters[node])

    def report(self, *, directory: bytes | None = None, counted: bool = True) -> Report:
        known: Directory = read_directory(directory or directory_text())
        ledger: Ledger | None = read_ledger(self.ledger) if counted else None
        return verify(known, self.holdings(), ledger)


def change_byte(text: str, *, find: bytes, put: bytes) -> str:
    """base64url text with one run of bytes replaced by another of the same length."""
    content = base64.urlsafe_b64decode(text + "=" * (-len(text) % 4))
    changed = content.replace(find, put, 1)
    assert changed != content
    assert len(changed) == len(content)
    return b64url(changed)


def codes(spoil: Callable[[World], None]) -> set[str]:
    """The fault codes of a world after it was spoilt."""
    world = World()
    spoil(world)
    report = world.report()
    assert not report.passed
    return {fault.code for fault in report.faults}
