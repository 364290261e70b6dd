"""People at their keyboards: HTTP clients with their own log-ins, patient while a node is away.

POST /api/v1/sessions {username, password} -> {"token"}; everything else under /api/v1 with that token.
An act answers 201 {"no", "digest"} for a step at this home, 202 {"ask"} for an ask to another one; so does `submit`.
A refusal is an RFC 9457 problem with a member "reason".
"""

import random
import threading
import time
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any
from uuid import UUID

import httpx

PASSWORD = "tongban-demo"
AWAY = frozenset({429, 502, 503, 504})
SECONDS = 20.0

Json = dict[str, Any]


class Refused(Exception):
    """The node said no: an RFC 9457 problem. reason: its code; status: 4xx."""

    def __init__(self, request: str, status: int, problem: Json) -> None:
        self.status = status
        self.problem = problem
        self.reason = str(problem.get("reason") or problem.get("type") or status)
        super().__init__(f"{request} → {status} {problem}")


class Gone(Exception):
    """The node did not answer for longer than the client's patience."""


@dataclass(frozen=True, slots=True)
class Answer:
    status: int
    body: Json


@dataclass
class Client:
    """One log-in at one node. patience: seconds for which an absent node is asked again, a POST under the same key."""

    node: str
    base: str
    username: str
    patience: float
    keys: random.Random
    _http: httpx.Client = field(init=False)
    _token: str = field(init=False, default="")
    _door: threading.Lock = field(init=False, default_factory=threading.Lock)

    def __post_init__(self) -> None:
        self._http = httpx.Client(base_url=self.base, timeout=SECONDS, trust_env=False)

    def get(self, path: str, **query: str) -> Json:
        return self._call("GET", path, params=query).body

    def find(self, path: str, **query: str) -> Json | None:
        """None while the node knows no such thing."""
        try:
            return self.get(path, **query)
        except Refused as refusal:
            if refusal.status in (403, 404):
                return None
            raise

    def all(self, path: str, **query: str) -> list[Json]:
        """Every entry of a list, page after page."""
        found: list[Json] = []
        cursor = ""
        while True:
            page = self.get(path, **query, **({"cursor": cursor} if cursor else {}))
            found += page["items"]
            cursor = page.get("next") or ""
            if not cursor:
                return found

    def bytes_of(self, path: str) -> bytes:
        return self._send("GET", path, {}).content

    def post(self, path: str, body: Json) -> Answer:
        return self._call("POST", path, json=body, headers={"Idempotency-Key": self.new_key()})

    def put(self, path: str, body: Json) -> Answer:
        return self._call("PUT", path, json=body)

    def upload(self, content: bytes, media_type: str) -> str:
        """The digest under which the node keeps the file."""
        headers = {"Content-Type": media_type, "Idempotency-Key": self.new_key()}
        return str(self._call("POST", "/api/v1/files", content=content, headers=headers).body["digest"])

    def new_key(self) -> str:
        with self._door:
            return str(UUID(int=self.keys.getrandbits(128), version=4))

    def close(self) -> None:
        self._http.close()

    def _call(self, method: str, path: str, **options: Any) -> Answer:
        response = self._send(method, path, options)
        body = response.json() if response.content else {}
        return Answer(response.status_code, body if isinstance(body, dict) else {"items": body})

    def _send(self, method: str, path: str, options: Mapping[str, Any]) -> httpx.Response:
        """Raises Refused for 4xx and Gone when patience ends. A token that the node no longer knows is renewed once."""
        renewed = False
        until = time.monotonic() + self.patience
        pause = 0.1
        last = ""
        while time.monotonic() < until:
            try:
                response = self._once(method, path, options)
            except httpx.TransportError as error:
                last = f"{type(error).__name__}: {error}"
            else:
                if response.status_code == 401 and not renewed and path != "/api/v1/sessions":
                    renewed, self._token = True, ""
                    continue
                if response.status_code not in AWAY:
                    return _accepted(method, path, response)
                last = f"{response.status_code} {response.text[:300]}"
            time.sleep(pause)
            pause = min(pause * 2, 2.0)
        raise Gone(f"{method} {self.base}{path}: {last}")

    def _once(self, method: str, path: str, options: Mapping[str, Any]) -> httpx.Response:
        headers = dict(options.get("headers", {}))
        with self._door:
            if not self._token:
                self._token = self._log_in()
            headers["Authorization"] = f"Bearer {self._token}"
        return self._http.request(method, path, **{**options, "headers": headers})

    def _log_in(self) -> str:
        body = {"username": self.username, "password": PASSWORD}
        response = self._http.post("/api/v1/sessions", json=body)
        if response.status_code in AWAY:
            raise httpx.TransportError(f"log-in answered {response.status_code}")
        return str(_accepted("POST", "/api/v1/sessions", response).json()["token"])


def _accepted(method: str, path: str, response: httpx.Response) -> httpx.Response:
    if response.is_success:
        return response
    try:
        problem = response.json()
    except ValueError:
        problem = {"detail": response.text[:300]}
    raise Refused(
        f"{method} {path}", response.status_code, problem if isinstance(problem, dict) else {"detail": problem}
    )


class Cast:
    """All the people of the journey, logged in when they are first needed."""

    def __init__(self, bases: Mapping[str, str], *, patience: float, seed: int) -> None:
        self.bases = dict(bases)
        self._patience = patience
        self._seed = seed
        self._clients: dict[tuple[str, str], Client] = {}
        self._door = threading.Lock()

    def citizen(self, node: str, number: int = 1) -> Client:
        return self.who(node, f"citizen-{node}-{number}")

    def company(self, node: str) -> Client:
        """The handler of a company, who acts on its behalf."""
        return self.who(node, f"company-{node}-1")

    def school(self, node: str) -> Client:
        """The handler of a public institution, who acts on its behalf."""
        return self.who(node, f"school-{node}-1")

    def clerk(self, node: str) -> Client:
        return self.who(node, f"clerk-{node}")

    def officer(self, node: str) -> Client:
        return self.who(node, f"officer-{node}")

    def operator(self, node: str) -> Client:
        return self.who(node, f"operator-{node}")

    def auditor(self, node: str) -> Client:
        return self.who(node, f"auditor-{node}")

    def who(self, node: str, username: str) -> Client:
        with self._door:
            known = self._clients.get((node, username))
            if known is None:
                keys = random.Random(f"{self._seed}/{username}/{time.time_ns()}")
                known = Client(node, self.bases[node], username, self._patience, keys)
                self._clients[node, username] = known
            return known

    def close(self) -> None:
        for client in self._clients.values():
            client.close()
