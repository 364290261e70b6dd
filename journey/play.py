"""One case being played: who does what next, and what the clients wrote down."""

import hashlib
import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from typing import Any

from journey.clients import Answer, Cast, Client, Refused
from journey.items import Item, Places, invented_scan
from journey.ledger import ActEntry, AnswerKind, CaseEntry, Ledger
from journey.parties import Other, with_demo_people
from journey.people import shown_at_counter
from journey.views import View

Json = dict[str, Any]
Turn = Callable[["Play"], Iterator[int] | None]
"""One turn of a script: acts through the clients; may yield how many natural days have to pass before it goes on."""

COMPANY, SCHOOL = "company", "school"
"""Organisations among the demo persons."""

MADE, ASKED, CONFLICT = 201, 202, 409
PASSING = frozenset({"stale", "files_missing", "not_now"})
"""Refusals that time heals: somebody was quicker, or a file is still on its way."""


class Stuck(Exception):
    """What should have come did not come in time."""


@dataclass(frozen=True, slots=True)
class Plan:
    """What is to be played: an item in a mode to an outcome, by the example and at the places given.

    person: which of the demo persons it is for ("1", …, "company", "school"). bundle: the event of which it is a part.
    """

    item: Item
    mode: str
    outcome: str
    places: Places
    example: int
    person: str
    bundle: str = ""

    @property
    def title(self) -> str:
        return f"{self.item.key} {self.mode} {self.bundle or self.outcome}"


@dataclass
class Play:
    """seconds: how long anything may take to arrive."""

    plan: Plan
    cast: Cast
    ledger: Ledger
    seconds: float
    case: str = ""
    home: str = ""
    answers: Json = field(default_factory=dict)
    siblings: dict[str, str] = field(default_factory=dict)
    others: list[Other] = field(default_factory=list)
    application: Json = field(default_factory=dict)

    @property
    def item(self) -> Item:
        return self.plan.item

    @property
    def origin(self) -> str:
        return self.plan.places.origin

    @property
    def at_counter(self) -> bool:
        return not self.plan.bundle and self.item.is_handed_in_at_counter(self.plan.mode)

    @property
    def applicant(self) -> Client:
        """The person's own log-in, or the handler's who acts for a company or a school."""
        if self.plan.person == COMPANY:
            return self.cast.company(self.origin)
        if self.plan.person == SCHOOL:
            return self.cast.school(self.origin)
        return self.cast.citizen(self.origin, int(self.plan.person))

    @property
    def receiver(self) -> Client:
        return self.cast.clerk(self.origin)

    @property
    def officer(self) -> Client:
        return self.cast.officer(self.home)

    @property
    def beside_the_person(self) -> Client:
        """Who hands in at the origin: the clerk at a counter, otherwise the person."""
        return self.receiver if self.at_counter else self.applicant

    @property
    def hand(self) -> str:
        """The role of who hands in."""
        return "receiver" if self.at_counter else "applicant"

    def look(self, client: Client, case: str = "") -> View | None:
        body = client.find(f"/api/v1/cases/{case or self.case}")
        return View(body) if body is not None else None

    def until(self, client: Client, wanted: Callable[[View], bool], what: str, *, case: str = "") -> View:
        """Look until it is so. Raises Stuck."""
        end = time.monotonic() + self.seconds
        pause = 0.05
        view: View | None = None
        while time.monotonic() < end:
            view = self.look(client, case)
            if view is not None and wanted(view):
                return view
            time.sleep(pause)
            pause = min(pause * 1.6, 1.0)
        seen = f"{view.status}, step {view.head}, may {sorted(view.allowed)}" if view else "nothing"
        raise Stuck(f"{what} did not come at node {client.node} for {client.username}; seen: {seen}")

    def act(self, client: Client, role: str, act: str, content: Json, *, case: str = "", taken_as: str = "") -> View:
        """Do it as soon as the client may, as the page's button would; again when somebody else was quicker.

        taken_as: the act that the home writes, where it is another.
        """
        end = time.monotonic() + self.seconds
        while True:
            view = self.until(client, lambda seen: act in seen.allowed, f"the button {act}", case=case)
            reason = self.attempt(client, role, act, content, seen=view.head, case=case, taken_as=taken_as)
            if not reason:
                return view
            if reason not in PASSING or time.monotonic() > end:
                raise Stuck(f"node {client.node} was refused {act}: {reason}")
            time.sleep(0.2)

    def attempt(
        self, client: Client, role: str, act: str, content: Json, *, seen: int, case: str = "", taken_as: str = ""
    ) -> str:
        """Try once. Why it was refused, at once or in the home's answer to the ask; empty when it was done."""
        body = {"act": act, "seen": seen, "content": content}
        try:
            answer = client.post(f"/api/v1/cases/{case or self.case}/acts", body)
        except Refused as refusal:
            if refusal.status == CONFLICT:
                return refusal.reason
            raise
        reason = self._refusal_of(client, answer, case) if answer.status == ASKED else ""
        self.note(client, role, taken_as or act, case or self.case, answer, refused=bool(reason))
        return reason

    def _refusal_of(self, client: Client, answer: Answer, case: str) -> str:
        """Why the home refused the ask; empty when it took it."""
        name = str(answer.body["ask"])
        view = self.until(client, lambda seen: not _waits(seen, name), f"the answer to {answer.body['act']}", case=case)
        return next((str(ask["reason"]) for ask in view.body["asks"] if ask["ask"] == name), "")

    def status_reached(self, status: str) -> View:
        """The home and the person both see the status. Raises Stuck."""
        return self._reached(self.case, self.home, status)

    def all_reached(self, status: str) -> None:
        """As `status_reached`, for every home that was asked."""
        for case, home in {self.case: self.home, **self.siblings}.items():
            self._reached(case, home, status)

    def _reached(self, case: str, home: str, status: str) -> View:
        officer, person = self.cast.officer(home), self.beside_the_person
        at_home = self.until(officer, lambda view: view.status == status, f"status {status}", case=case)
        self.ledger.stood(case, status)
        seen = self.until(person, lambda view: view.head >= at_home.head, f"step {at_home.head}", case=case)
        if seen.status != status:
            raise Stuck(f"node {self.origin} shows {seen.status}, the home {status}")
        return at_home

    def fill_in(self) -> None:
        """Fill in, hand over the papers, save midway."""
        plan, client = self.plan, self.beside_the_person
        self.answers, self.others = with_demo_people(
            self.item, self.item.answers(plan.example, plan.places), node=self.origin, applicant=plan.person
        )
        self.home = self.item.home_places(self.answers, plan.places)[0][:2]
        standard = client.get(f"/api/v1/items/{self.item.key}", province=self.home)
        marker = f"{plan.title} {time.time_ns()}"
        materials = [self.paper(client, marker, material) for material in self.item.materials(self.answers)]
        application = {
            "item": self.item.key,
            "province": self.home,
            "version": standard["version"],
            "place": self.item.home_places(self.answers, plan.places)[0],
            "receiving_place": plan.places.filled()["applicant_place"],
            "mode": plan.mode,
            "channel": "counter" if self.at_counter else "online",
            "answers": {},
            "materials": [],
        }
        if self.at_counter:
            application["applicant"] = shown_at_counter(self.origin, plan.person)
        made = client.post("/api/v1/applications", application).body
        self.case = str(made["case_id"])
        self.application = {**application, "answers": self.answers, "materials": materials}
        client.put(f"/api/v1/applications/{self.case}", self.application)

    def submit(self) -> None:
        client = self.beside_the_person
        digests = [str(material["digest"]) for material in self.application["materials"]]
        sent = client.post(f"/api/v1/applications/{self.case}/submit", {})
        self.ledger.opened(CaseEntry(self.case, self.item.key, self.origin, self.home, "submitted", digests))
        self.note(client, self.hand, "open", self.case, sent)
        for sibling in sent.body.get("cases", ()):
            if sibling != self.case:
                self._note_sibling(client, str(sibling), digests)

    def _note_sibling(self, client: Client, case: str, digests: list[str]) -> None:
        """A query sent to several homes became several cases; the answer names them, the application says where."""
        home = str(client.get(f"/api/v1/applications/{case}")["place"])[:2]
        self.siblings[case] = home
        self.ledger.opened(CaseEntry(case, self.item.key, self.origin, home, "submitted", digests))
        answer: AnswerKind = "step" if home == self.origin else "ask"
        self.ledger.acted(ActEntry(case, client.node, self.hand, "open", answer, ""))

    def paper(self, client: Client, marker: str, material: Json) -> Json:
        content = invented_scan(marker, material["key"])
        digest = client.upload(content, "application/pdf")
        if digest != hashlib.sha256(content).hexdigest():
            raise Stuck(f"node {client.node} gave the file another digest")
        return {
            "key": material["key"],
            "digest": digest,
            "name": f"{material['name']}.pdf",
            "original": bool(material.get("original")) and self.at_counter,
        }

    def note(self, client: Client, role: str, act: str, case: str, answer: Answer, *, refused: bool = False) -> None:
        kind: AnswerKind = "step" if answer.status == MADE else "ask"
        name = str(answer.body["digest" if kind == "step" else "ask"])
        self.ledger.acted(ActEntry(case, client.node, role, act, "refused" if refused else kind, name))


def _waits(view: View, name: str) -> bool:
    return any(ask["ask"] == name and ask["outcome"] == "waiting" for ask in view.body["asks"])
