"""Another province that speaks the protocol without a line of this project: written from docs/protocol.md alone.

It takes letters, answers them by receipts, and can be told to misbehave.
"""

import base64
import hashlib
import json
import re
import threading
import time
from collections.abc import Callable
from datetime import UTC, datetime
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any

from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from joserfc import jws
from joserfc.jwk import OKPKey

from tongban.exchange.tests.other_judge import Refused, from_b64url, request_fault


def b64url(content: bytes) -> str:
    return base64.urlsafe_b64encode(content).rstrip(b"=").decode()


class OtherProvince:
    """One node, served from a thread.

    seed: its Ed25519 private key. known: kid -> public key of the others. lost: how many of the next answers are lost.
    behave: called with each letter's event; a string rejects the letter, a number refuses it by that HTTP status.
    tell: called with each question of who looked at a case; gives the answer, which waits until holds is set.
    memory: what it tells a node that was restored, by the last word of the path: "written" by itself, "taken" by it.
    """

    def __init__(self, *, code: str, kid: str, seed: bytes, known: dict[str, bytes]) -> None:
        self.code, self.kid, self.known = code, kid, known
        self.key = OKPKey.import_key({"kty": "OKP", "crv": "Ed25519", "d": b64url(seed), "x": b64url(_public(seed))})
        self.taken: dict[str, dict[str, Any]] = {}
        self.receipts: dict[str, dict[str, str]] = {}
        self.arrived: list[str] = []
        self.written: list[dict[str, Any]] = []
        self.requests: list[str] = []
        self.behave: Callable[[dict[str, Any]], str | int | None] = lambda event: None
        self.tell: Callable[[dict[str, Any]], dict[str, Any]] = lambda question: {"cases": []}
        self.questions: list[dict[str, Any]] = []
        self.holds: threading.Event | None = None
        self.lost = 0
        self.day: dict[str, Any] = {}
        self.memory: dict[str, list[dict[str, Any]]] = {"written": [], "taken": []}
        self._lock = threading.Lock()
        self.server = ThreadingHTTPServer(("127.0.0.1", 0), _door(self))
        threading.Thread(target=self.server.serve_forever, daemon=True).start()

    @property
    def endpoint(self) -> str:
        return f"http://127.0.0.1:{self.server.server_port}"

    def close(self) -> None:
        if self.holds is not None:
            self.holds.set()
        self.server.shutdown()
        self.server.server_close()

    def answer(self, entry: dict[str, Any]) -> tuple[int, dict[str, Any]]:
        letter = entry["letter"]
        kid = json.loads(from_b64url(letter["protected"]))["kid"]
        public = OKPKey.import_key({"kty": "OKP", "crv": "Ed25519", "x": b64url(self.known[kid])})
        payload = jws.deserialize_json(letter, public, algorithms=["EdDSA"]).payload
        event = json.loads(payload)
        with self._lock:
            self.arrived.append(event["id"])
            if event["id"] not in self.receipts:
                said = self.behave(event)
                if isinstance(said, int):
                    return said, {"type": "about:blank", "status": said, "reason": f"refused_{said}", "retry_after": 1}
                self.taken[event["id"]] = event
                self.receipts[event["id"]] = self.receipt(payload, event, said)
            return 200, {"receipt": self.receipts[event["id"]]}

    def answer_question(self, question: dict[str, Any]) -> tuple[int, dict[str, Any]]:
        self.questions.append(question)
        if self.holds is not None:
            self.holds.wait()
        return 200, self.tell(question)

    def receipt(self, payload: bytes, event: dict[str, Any], rejected: str | None) -> dict[str, str]:
        said = {
            "protocol": "1.0",
            "letter": hashlib.sha256(payload).hexdigest(),
            "id": event["id"],
            "from": event["source"].removeprefix("urn:tongban:node:"),
            "to": self.code,
            "outcome": "rejected" if rejected else "taken",
            "reason": rejected,
            "facts": {},
            "at": time.strftime("%Y-%m-%dT%H:%M:%S.000Z", time.gmtime()),
        }
        return self.sign(said, "tongban-receipt+json")

    def write(self, subject: str, data: dict[str, Any], *, number: int, kind: str = "greeting") -> None:
        """A letter of its own, to be pulled by the other side."""
        event = {
            "specversion": "1.0",
            "id": f"00000000-0000-7000-8000-{number:012d}",
            "source": f"urn:tongban:node:{self.code}",
            "type": f"tongban.{kind}",
            "subject": subject,
            "time": time.strftime("%Y-%m-%dT%H:%M:%S.000Z", time.gmtime()),
            "datacontenttype": "application/json",
            "protocol": "1.0",
            "data": data,
        }
        self.written.append(
            {"letter": self.sign(event, "application/cloudevents+json"), "parts": [], "id": event["id"]}
        )

    def sign(self, content: dict[str, Any], typ: str) -> dict[str, str]:
        header = {"protected": {"alg": "EdDSA", "kid": self.kid, "typ": typ}}
        signed = jws.serialize_json(header, json.dumps(content), self.key, algorithms=["EdDSA"])
        return {name: str(signed[name]) for name in ("payload", "protected", "signature")}

    def is_signed(self, method: str, path: str, headers: Any, body: bytes) -> bool:
        try:
            request_fault(method, self.endpoint + path, headers, body, now=datetime.now(UTC), keys=self.known)
        except Refused:
            return False
        return True


def _public(seed: bytes) -> bytes:
    return Ed25519PrivateKey.from_private_bytes(seed).public_key().public_bytes_raw()


def _door(province: OtherProvince) -> type[BaseHTTPRequestHandler]:
    class Door(BaseHTTPRequestHandler):
        protocol_version = "HTTP/1.1"

        def do_POST(self) -> None:
            body = self.rfile.read(int(self.headers["Content-Length"]))
            province.requests.append(f"POST {self.path}")
            if not province.is_signed("POST", self.path, self.headers, body):
                self._say(401, {"status": 401, "reason": "wrong_request_signature"})
                return
            content = json.loads(body)
            single = {"/nodes/v1/letters": province.answer, "/nodes/v1/looks": province.answer_question}
            if self.path in single:
                self._say(*single[self.path](content))
                return
            answers = [province.answer(entry) for entry in content["letters"]]
            self._say(200, {"answers": [said if status == 200 else {"problem": said} for status, said in answers]})

        def do_GET(self) -> None:
            province.requests.append(f"GET {self.path}")
            if not province.is_signed("GET", self.path, self.headers, b""):
                self._say(401, {"status": 401, "reason": "wrong_request_signature"})
                return
            if self.path.startswith("/nodes/v1/checkpoints/"):
                self._say(200, province.day)
                return
            what = self.path.partition("?")[0].rsplit("/", 1)[-1]
            kept = province.memory.get(what, province.written)
            after = re.search(r"after=([0-9a-f-]+)", self.path)
            ids = [entry["id"] for entry in kept]
            start = ids.index(after[1]) + 1 if after and after[1] in ids else 0
            page = kept[start : start + 2]
            letters = [{name: value for name, value in entry.items() if name != "id"} for entry in page]
            self._say(200, {"letters": letters, "more": len(kept) > start + 2})

        def _say(self, status: int, content: dict[str, Any]) -> None:
            if province.lost > 0 and self.command == "POST":
                province.lost -= 1
                self.close_connection = True
                return
            body = json.dumps(content).encode()
            self.send_response(status)
            self.send_header("Content-Type", "application/json")
            self.send_header("Content-Length", str(len(body)))
            self.end_headers()
            self.wfile.write(body)

        def log_message(self, format: str, *args: Any) -> None:
            pass

    return Door
