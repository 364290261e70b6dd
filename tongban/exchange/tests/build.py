"""Builders for tests of letters: this node is 34, the others are 31, 32 and the hub 00."""

import json
import time
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any
from uuid import UUID

from django.db import connection, transaction
from django.test import Client
from django.utils import timezone

from tongban.base import keys
from tongban.base.canonical import canonical_json
from tongban.base.seal import Sealed, Signer, b64url, parse_sealed, public_bytes, seal
from tongban.base.uuid7 import uuid7
from tongban.exchange import actions, vault
from tongban.exchange.actions.incoming import heard_of
from tongban.exchange.models import Delivery, Letter, Memory
from tongban.exchange.models import Part as PartRow
from tongban.exchange.queries import sealed_of
from tongban.exchange.registry import Rebuild
from tongban.exchange.rules import (
    LETTER_TYP,
    RECEIPT_TYP,
    Directory,
    Event,
    Heard,
    Node,
    NodeKey,
    Outcome,
    Part,
    Recalled,
    Receipt,
    event_payload,
    letter_as_json,
    read_event,
    read_receipt,
    receipt_payload,
)
from tongban.exchange.signatures import sign_request
from tongban.exchange.tests.other_province import OtherProvince

NODES = ("00", "31", "32", "34")
LONG_AGO = datetime(2020, 1, 1, tzinfo=UTC)


def signer_of(node: str, *, number: int = 1) -> Signer:
    ring = keys.ring_for_tests(node if number == 1 else f"{node} {number}", "signing")
    return Signer(kid=f"{node}-{number}", key=keys.signer(ring).key)


def a_key(node: str, *, number: int = 1, **more: Any) -> NodeKey:
    signer = signer_of(node, number=number)
    return NodeKey(kid=signer.kid, public=public_bytes(signer.key), **{"since": LONG_AGO, **more})


def a_directory(
    *,
    codes: Sequence[str] = NODES,
    endpoints: dict[str, str] | None = None,
    keys_of: dict[str, Sequence[NodeKey]] | None = None,
) -> Directory:
    nodes = {
        code: Node(
            code=code,
            name=code,
            endpoint=(endpoints or {}).get(code, f"http://{code}.example"),
            phone="0551-12345",
            keys=tuple((keys_of or {}).get(code, [a_key(code)])),
        )
        for code in codes
    }
    return Directory(version=1, issued_at=timezone.now(), nodes=nodes)


def a_federation(settings: Any, folder: Path, **more: Any) -> None:
    """Keys and a directory that the hub signed, in a folder of the test."""
    settings.NODE, settings.STATE, settings.DIRECTORY = "34", folder / "34", folder / "directory.json"
    hub = keys.ring_for_tests("00", "signing")
    (folder / "34" / "keys").mkdir(parents=True, exist_ok=True)
    keys.write_public(folder / "34" / "keys", hub.keys)
    (folder / "34" / "keys" / "signing.pub").rename(folder / "34" / "keys" / "hub.pub")
    actions.publish_directory(a_directory(**more), signer_of("00"), settings.DIRECTORY)


@contextmanager
def another_province(code: str = "31") -> Iterator[OtherProvince]:
    """A node that was written from the protocol alone, serving for as long as the block lasts."""
    known = {f"{node}-1": public_bytes(signer_of(node).key) for node in NODES}
    seed = signer_of(code).key.private_bytes_raw()
    province = OtherProvince(code=code, kid=f"{code}-1", seed=seed, known=known)
    try:
        yield province
    finally:
        province.close()


def write_signing_key(settings: Any, *, number: int) -> None:
    """Have this node sign with the key of a number."""
    signer = signer_of(settings.NODE, number=number)
    key = keys.Key(signer.kid, signer.key.private_bytes_raw())
    keys.write_ring(settings.STATE / "keys", "signing", [key])


def a_letter(*, kind: str = "greeting", subject: str = "s-1", data: Any = None, **more: Any) -> Letter:
    """A letter of this node, to 31 unless told otherwise."""
    with transaction.atomic():
        return actions.send(kind=kind, subject=subject, data=data or {"text": "您好"}, **{"receivers": ["31"], **more})


def an_event(*, sender: str = "31", at: datetime | None = None, **more: Any) -> Event:
    given = {"id": uuid7(), "kind": "greeting", "subject": "s-1", "data": {"text": "您好"}, **more}
    return Event(sender=sender, at=at or timezone.now(), **given)


def a_sealed(
    *, signer: Signer | None = None, payload: bytes | None = None, typ: str = LETTER_TYP, **event: Any
) -> Sealed:
    """A letter of another node, 31 unless told otherwise."""
    made = an_event(**event)
    return seal(payload or event_payload(made), signer or signer_of(made.sender), typ=typ)


def a_receipt(letter: Letter, /, *, by: str = "31", signer: Signer | None = None, **more: Any) -> Sealed:
    receipt = Receipt(
        **{
            "letter": letter.digest,
            "id": letter.id,
            "sender": "34",
            "receiver": by,
            "outcome": Outcome.TAKEN,
            "reason": None,
            "facts": {},
            "at": timezone.now(),
            **more,
        }
    )
    return seal(receipt_payload(receipt), signer or signer_of(by), typ=RECEIPT_TYP)


@contextmanager
def hearing(hear: Callable[[Heard], None], *, kind: str = "greeting", **more: Any) -> Iterator[None]:
    """Have letters of a kind heard by the function, for as long as the block lasts."""
    before = dict(actions.kinds)
    actions.register(kind, hear=hear, **more)
    try:
        yield
    finally:
        actions.kinds.clear()
        actions.kinds.update(before)


@contextmanager
def rebuilding(*kinds: str, rebuild: Rebuild, **more: Any) -> Iterator[None]:
    """Have what followed from letters of these kinds rebuilt by the function, for as long as the block lasts."""
    before = list(actions.rebuildings)
    actions.rebuildings[:] = []
    actions.register_rebuilding(*kinds, rebuild=rebuild, **more)
    try:
        yield
    finally:
        actions.rebuildings[:] = before


@dataclass
class Life:
    """recalled: what its peers remember of it, once it is over."""

    recalled: list[Recalled] = field(default_factory=list)

    def about(self, subject: object) -> list[Recalled]:
        return [entry for entry in self.recalled if entry.letter.subject == str(subject)]


@contextmanager
def a_lost_life(taken: Callable[[Delivery], bool] = lambda delivery: True) -> Iterator[Life]:
    """Everything that is written in the block is gone after it, as by a restore from a backup made before it.

    taken: which of the letters that this node sent had arrived.
    """
    here = transaction.savepoint()
    last = Delivery.objects.order_by("-id").values_list("id", flat=True).first() or 0
    life = Life()
    yield life
    sent = Delivery.objects.filter(id__gt=last).select_related("letter").order_by("id")
    life.recalled += [_as_remembered(delivery) for delivery in sent if taken(delivery)]
    transaction.savepoint_rollback(here)


def _as_remembered(delivery: Delivery) -> Recalled:
    letter, peer = delivery.letter, delivery.receiver
    mine = PartRow.objects.filter(letter=letter, receiver=peer).order_by("id")
    parts = tuple(Part(part.audience, vault.unlock(part.content)) for part in mine)
    said = read_receipt(a_receipt(letter, by=peer).payload)
    event = read_event(bytes(letter.payload))
    return Recalled(heard_of(event, sealed_of(letter), parts), peer, ours=True, receipt=said)


def as_taken(letter: Heard, *, reason: str | None = None) -> Recalled:
    """A letter of another node that this one had answered before the restore."""
    said = Receipt(
        letter=letter.digest,
        id=letter.id,
        sender=letter.sender,
        receiver="34",
        outcome=Outcome.REJECTED if reason else Outcome.TAKEN,
        reason=reason,
        facts={},
        at=timezone.now(),
    )
    return Recalled(letter, letter.sender, ours=False, receipt=said)


def put_back(recalled: Sequence[Recalled]) -> None:
    """Lay what peers told beside, as the duty of a restored node does, believed already."""
    for entry in recalled:
        letter = entry.letter
        event = Event(letter.id, letter.kind, letter.sender, letter.subject, letter.at, letter.data)
        sealed = seal(event_payload(event), signer_of(letter.sender), typ=LETTER_TYP)
        answer = seal(receipt_payload(entry.receipt), signer_of(entry.receipt.receiver), typ=RECEIPT_TYP)
        parts = {part.audience: b64url(part.content) for part in letter.parts}
        Memory.objects.create(
            peer=entry.peer,
            ours=entry.ours,
            letter_id=letter.id,
            kind=letter.kind,
            subject=letter.subject,
            protected=sealed.protected,
            payload=sealed.payload,
            signature=sealed.signature,
            receipt=canonical_json(answer.as_json()),
            parts=vault.lock(canonical_json(parts)),
        )


def restore(settings: Any, *, at: str = "2026-11-23T00:00:00+00:00") -> None:
    """What a restore leaves in the node's folder."""
    (settings.STATE / "restored").write_text(at)


def brought(sealed: Sealed, parts: Sequence[Part] = ()) -> bytes:
    return canonical_json(letter_as_json(sealed, parts))


def post(client: Client, body: bytes, *, path: str = "/nodes/v1/letters", by: str = "31", **more: Any) -> Any:
    """A signed request of another node to this one. more: headers that replace the right ones."""
    headers = sign_request(signer_of(by), method="POST", url=f"http://34.example{path}", body=body)
    return client.post(path, data=body, content_type="application/json", headers={**headers, **more})


def get(client: Client, path: str, *, by: str = "31") -> Any:
    headers = sign_request(signer_of(by), method="GET", url=f"http://34.example{path}")
    return client.get(path, headers=headers)


def receipt_in(response: Any) -> Receipt:
    return read_receipt(parse_sealed(json.loads(response.content)["receipt"]).payload)


def later(**units: float) -> datetime:
    return timezone.now() + timedelta(**units)


def any_id() -> UUID:
    return uuid7()


def wait_until_somebody_waits() -> None:
    """Until a session of the database waits for a lock that another one holds."""
    for _ in range(200):
        with connection.cursor() as cursor:
            cursor.execute("SELECT count(*) FROM pg_locks WHERE NOT granted")
            if cursor.fetchone()[0]:
                return
        time.sleep(0.05)
    raise AssertionError("nobody waits")
