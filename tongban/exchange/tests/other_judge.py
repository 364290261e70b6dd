"""The same judgement by somebody else: joserfc, cloudevents and the standard library, from docs/protocol.md alone.

Nothing here may import this project.
"""

import base64
import hashlib
import json
import re
from collections.abc import Mapping
from datetime import datetime, timedelta
from typing import Any
from uuid import UUID

from cloudevents.core.formats.json import JSONFormat
from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PublicKey
from joserfc import jws
from joserfc.errors import BadSignatureError, JoseError
from joserfc.jwk import OKPKey

Example = Mapping[str, Any]
Examples = Mapping[str, Example]

SIGNATURE_INPUT = re.compile(r"tongban=(?P<params>\((?P<covered>[^)]*)\)(?P<rest>;.*))")
MOMENT = re.compile(r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{3}Z")
DEEPEST = 32


class Refused(Exception):
    """reason: the code of section 10."""

    def __init__(self, reason: str) -> None:
        super().__init__(reason)
        self.reason = reason


def judge(example: Example, examples: Examples) -> str | None:
    judges = {
        "letter": judge_letter,
        "receipt": judge_receipt,
        "request": judge_request,
        "directory": judge_directory,
        "checkpoint": judge_checkpoint,
        "looks": judge_looks,
    }
    try:
        judges[example["shape"]](example, examples)
    except Refused as refusal:
        return refusal.reason
    return None


def from_b64url(text: str) -> bytes:
    return base64.urlsafe_b64decode(text + "=" * (-len(text) % 4))


def moment(text: object) -> datetime:
    if not isinstance(text, str) or not MOMENT.fullmatch(text):
        raise Refused("malformed")
    return datetime.fromisoformat(text)


def open_seal(sealed: Mapping[str, str], public: str, *, reason: str = "wrong_signature") -> bytes:
    key = OKPKey.import_key({"kty": "OKP", "crv": "Ed25519", "x": public})
    try:
        payload: bytes = jws.deserialize_json(dict(sealed), key, algorithms=["EdDSA"]).payload
    except (BadSignatureError, JoseError) as error:
        raise Refused(reason) from error
    return payload


def header_of(sealed: Mapping[str, str]) -> dict[str, str]:
    return dict(json.loads(from_b64url(sealed["protected"])))


def known_keys(examples: Examples) -> dict[str, tuple[str, dict[str, Any]]]:
    example = examples["directory"]
    kid = header_of(example["directory"])["kid"]
    content = json.loads(open_seal(example["directory"], example["anchors"][kid]))
    return {key["kid"]: (node["code"], key) for node in content["nodes"] for key in node["keys"]}


def open_signed(sealed: Mapping[str, str], typ: str, examples: Examples) -> tuple[str, dict[str, Any], bytes]:
    header = header_of(sealed)
    if header.get("typ") != typ:
        raise Refused("malformed")
    held = known_keys(examples).get(header["kid"])
    if held is None:
        raise Refused("unknown_key")
    if held[1]["revoked_at"] is not None:
        raise Refused("key_revoked")
    return *held, open_seal(sealed, held[1]["x"])


def strict_json(content: bytes) -> dict[str, Any]:
    def once(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
        if len(dict(pairs)) != len(pairs):
            raise ValueError("duplicate key")
        return dict(pairs)

    def no_float(text: str) -> Any:
        raise ValueError(text)

    def integer(text: str) -> int:
        if abs(int(text)) >= 2**53:
            raise ValueError(text)
        return int(text)

    try:
        text = content.decode()
        value = json.loads(text, object_pairs_hook=once, parse_float=no_float, parse_int=integer)
    except ValueError as error:
        raise Refused("malformed") from error
    if depth(value) > DEEPEST or "\x00" in str(value) or "\\x00" in repr(value):
        raise Refused("malformed")
    return dict(value)


def depth(value: Any) -> int:
    if isinstance(value, dict):
        value = list(value.values())
    return 1 + max(map(depth, value), default=0) if isinstance(value, list) else 0


def judge_letter(example: Example, examples: Examples) -> None:
    node, key, payload = open_signed(example["letter"], "application/cloudevents+json", examples)
    value = strict_json(payload)
    at = check_members(value)
    event = JSONFormat().read(None, payload)
    if not event.get_source() == f"urn:tongban:node:{example['peer']}" == f"urn:tongban:node:{node}":
        raise Refused("not_the_sender")
    if at < moment(key["from"]) or (key["until"] and at >= moment(key["until"])):
        raise Refused("key_expired")
    for part in example["parts"]:
        named = value["data"].get("bodies", {}).get(part["audience"])
        if named != hashlib.sha256(from_b64url(part["content"])).hexdigest():
            raise Refused("part_changed")
    if at > moment(example["now"]) + timedelta(minutes=10):
        raise Refused("from_the_future")
    check_history(example, examples, value, payload)


def check_members(value: Mapping[str, Any]) -> datetime:
    """The letter's time, when it has what section 3 asks for."""
    if str(value.get("protocol")).split(".")[0] != "1":
        raise Refused("protocol_version")
    for name in ("id", "source", "type", "subject", "time", "data"):
        if not value.get(name) and value.get(name) != {}:
            raise Refused("malformed")
    if str(UUID(value["id"])) != value["id"]:
        raise Refused("malformed")
    return moment(value["time"])


def check_history(example: Example, examples: Examples, value: Mapping[str, Any], payload: bytes) -> None:
    for name in example.get("taken", ()):
        before = from_b64url(examples[name]["letter"]["payload"])
        if json.loads(before)["id"] == value["id"] and before != payload:
            raise Refused("fork")
    chain = [from_b64url(examples[name]["letter"]["payload"]) for name in example.get("chain", ())]
    if chain and value["data"]["no"] > len(chain) + 1:
        raise Refused("gap")
    if chain and value["data"]["prev"] != hashlib.sha256(chain[-1]).hexdigest():
        raise Refused("fork")


def judge_receipt(example: Example, examples: Examples) -> None:
    letter = from_b64url(examples[example["answers"]]["letter"]["payload"])
    event = json.loads(letter)
    node, _, payload = open_signed(example["receipt"], "tongban-receipt+json", examples)
    said = strict_json(payload)
    sender = event["source"].removeprefix("urn:tongban:node:")
    receiver = {"31": "34", "34": "31"}[sender]
    meant = (hashlib.sha256(letter).hexdigest(), event["id"], sender, receiver, receiver)
    if (said["letter"], said["id"], said["from"], said["to"], node) != meant:
        raise Refused("wrong_receipt")
    if (said["outcome"], said["reason"] is None) not in {("taken", True), ("rejected", False)}:
        raise Refused("malformed")


def judge_request(example: Example, examples: Examples) -> None:
    headers = example["headers"]
    if "Signature" not in headers:
        raise Refused("unsigned")
    kid = request_fault(
        example["method"],
        example["target_uri"],
        headers,
        example["body"].encode(),
        now=moment(example["now"]),
        keys={kid: from_b64url(key["x"]) for kid, (_, key) in known_keys(examples).items()},
    )
    until = known_keys(examples)[kid][1]["until"]
    if until is not None and moment(until) <= moment(example["now"]):
        raise Refused("key_expired")
    if "answer" in example:
        digest = hashlib.sha256(from_b64url(example["answer"])).hexdigest()
        if f"/files/{digest}?" not in example["target_uri"]:
            raise Refused("file_wrong")


def request_fault(method: str, url: str, headers: Any, body: bytes, *, now: datetime, keys: Mapping[str, bytes]) -> str:
    """The kid that signed the request, by the signature base of RFC 9421 section 2.5. Raises Refused."""
    found = SIGNATURE_INPUT.fullmatch(headers["Signature-Input"])
    signature = re.fullmatch(r"tongban=:(.+):", headers["Signature"])
    kid = re.search(r'keyid="([^"]+)"', found["rest"]) if found else None
    created = re.search(r"created=(\d+)", found["rest"]) if found else None
    if not (found and signature and kid and created):
        raise Refused("wrong_request_signature")
    covered = re.findall(r'"([^"]+)"', found["covered"])
    values = {"@method": method, "@target-uri": url, "content-digest": headers.get("Content-Digest")}
    base = "".join(f'"{name}": {values[name]}\n' for name in covered) + f'"@signature-params": {found["params"]}'
    try:
        key = Ed25519PublicKey.from_public_bytes(keys[kid[1]])
        key.verify(base64.b64decode(signature[1]), base.encode())
    except (InvalidSignature, KeyError) as error:
        raise Refused("wrong_request_signature") from error
    needed = {"@method", "@target-uri"} | ({"content-digest"} if body else set())
    digest = "sha-256=:" + base64.b64encode(hashlib.sha256(body).digest()).decode() + ":"
    age = now.timestamp() - int(created[1])
    if not needed <= set(covered) or not -30 <= age <= 60 or (body and headers["Content-Digest"] != digest):
        raise Refused("wrong_request_signature")
    return kid[1]


def judge_directory(example: Example, _examples: Examples) -> None:
    kid = header_of(example["directory"])["kid"]
    if kid not in example["anchors"]:
        raise Refused("directory_untrusted")
    open_seal(example["directory"], example["anchors"][kid], reason="directory_untrusted")


def judge_checkpoint(example: Example, examples: Examples) -> None:
    subjects = {}
    for subject, names in example["letters"].items():
        payloads = [from_b64url(examples[name]["letter"]["payload"]) for name in names]
        digests = sorted(hashlib.sha256(payload).hexdigest() for payload in payloads)
        subjects[subject] = hashlib.sha256("".join(digests).encode()).hexdigest()
    listed = json.dumps(sorted(map(list, subjects.items())), separators=(",", ":"))
    answer = {"subjects": subjects, "digest": hashlib.sha256(listed.encode()).hexdigest(), "count": len(subjects)}
    if answer != {name: example["answer"][name] for name in answer}:
        raise Refused("differs")


def judge_looks(example: Example, _examples: Examples) -> None:
    question, answer = example["question"], example["answer"]
    said = json.dumps({"id_number": example["applies"], "salt": question["salt"]}, separators=(",", ":"))
    fits = question["person"] == hashlib.sha256(said.encode()).hexdigest()
    if not fits or example["peer"] not in example["follow"]:
        raise Refused("may_not_ask")
    for asked, told in zip(question["cases"], answer["cases"], strict=True):
        if asked["case"] != told["case"] or not isinstance(told["more"], bool):
            raise Refused("malformed")
        for look in told["looks"]:
            if set(look) != {"id", "at", "role", "organ", "officer", "what", "purpose"}:
                raise Refused("malformed")
            moment(look["at"])
