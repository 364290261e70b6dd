"""The timeline of a case in words: what happened, what was asked for, whose turn it is."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from tongban.base.times import legal_date
from tongban.base.words import has, say, say_day
from tongban.cases.actions.stepping import EX_OFFICIO
from tongban.cases.models import Ask, Case
from tongban.cases.queries import Entry, View
from tongban.cases.rules.parts import read_date
from tongban.cases.rules.state import State
from tongban.cases.rules.table import ENDS, Act, Status
from tongban.cases.rules.turns import Turn, Whose, turn_of
from tongban.catalogue.rules import Definition, Pattern
from tongban.orgs.queries import place_names
from tongban.web.context import nodes
from tongban.web.shown import readable

PERSONS_ACTS = frozenset({Act.SUPPLY, Act.GO_ON, Act.WITHDRAW})
TOLD = ("reason", "text", "handed_to", "channels", "amount", "certificate", "waybill")
ENDED_BADLY = frozenset({Status.DECLINED, Status.SENT_BACK, Status.DENIED})


@dataclass(frozen=True, slots=True)
class Line:
    """One entry. details: label and text, what the step says to its reader. mark: class of its dot."""

    title: str
    at: datetime
    day: date | None
    details: tuple[tuple[str, str], ...] = ()
    documents: tuple[tuple[str, str], ...] = ()
    mark: str = ""


@dataclass(frozen=True, slots=True)
class Standing:
    """Where a case stands: the word on its label, the sentence of whose turn it is, and the colour of the label.

    until: what is done by the last day of the turn, empty where no clock runs.
    """

    word: str
    sentence: str
    tone: str
    turn: Turn
    until: str = ""


def authority_of(definition: Definition, place: str) -> str:
    """Who decides, for a person: the place and the kind of authority."""
    return f"{place}（{definition.authority.label}）"


def standing_of(case: Case, state: State, definition: Definition, *, place: str, since: date | None) -> Standing:
    turn = turn_of(
        state,
        definition,
        Pattern(case.pattern),
        since=since,
        notice=case.notice_due,
        decision=case.decision_due,
    )
    pause = say(f"pause.{turn.pause}") if turn.pause and has(f"pause.{turn.pause}") else ""
    sentence = say(f"turn.{turn.doing}", authority=authority_of(definition, place), stage=turn.stage, pause=pause)
    if turn.whose is Whose.NOBODY and has(f"ended.{state.outcome}"):
        sentence = say(f"ended.{state.outcome}")
    if state.ex_officio and has(f"ended_ex_officio.{state.outcome}"):
        sentence = say(f"ended_ex_officio.{state.outcome}")
    until = say(f"until.{turn.doing}") if turn.until else ""
    word = say("choice.yours") if turn.doing == "choose" else status_word(state)
    return Standing(word, sentence, _tone(state, turn), turn, until)


def pending(view: View, home: str, phone: str) -> Standing | None:
    """What the person has sent and the home has not registered yet goes before what the home last said."""
    ask = next((ask for ask in reversed(view.waiting) if ask.outcome == "waiting" and ask.act in PERSONS_ACTS), None)
    if ask is None:
        return None
    turn = Turn(Whose.AUTHORITY, "register_ask", legal_date(ask.made_at))
    sentence = f"{say(f'asked.{ask.act}', home=home)}。{say('turn.register_ask', home=home, phone=phone)}"
    return Standing(say("turn.unregistered"), sentence, "wait", turn)


def status_word(state: State) -> str:
    if state.suspended:
        return say("standing.suspended")
    if state.outcome == "revoked":
        return say("standing.revoked")
    if state.ex_officio and has(f"status_ex_officio.{state.status}"):
        return say(f"status_ex_officio.{state.status}")
    return say(f"status.{state.status}") if state.status else ""


def _tone(state: State, turn: Turn) -> str:
    if turn.whose is Whose.APPLICANT:
        return "wait"
    if state.status in ENDED_BADLY or state.outcome in ("denied", "revoked"):
        return "warn"
    if state.status is Status.GRANTED or state.status in ENDS:
        return "good"
    return "blue"


def lines_of(view: View, definition: Definition, *, place: str) -> list[Line]:
    """The newest first; above them what was asked of the home and is not registered there yet."""
    home = nodes().get(view.case.home, (view.case.home, ""))[0]
    asked = [ask_line(ask, home) for ask in view.waiting]
    places = place_names({place_in(entry) for entry in view.timeline} - {""})
    return [*reversed(asked), *(_line(entry, view, definition, place, places) for entry in reversed(view.timeline))]


def place_in(entry: Entry) -> str:
    """Division code of the other place of which the step tells; empty for none."""
    return str(entry.facts.get("part", "")).partition("@")[2]


def ask_line(ask: Ask, home: str) -> Line:
    if ask.outcome in ("waiting", "taken"):
        key = f"asked.{ask.act}" if has(f"asked.{ask.act}") else "asked.record"
        return Line(say(key, home=home), ask.made_at, None, mark="waits")
    reason = f"reason.{ask.reason}"
    why = say(reason if has(reason) else "reason.invalid", **readable(ask.facts))
    title = say("asked.refused", home=home, act=say(f"act.{ask.act}"))
    return Line(title, ask.made_at, None, ((say("label.cause"), why),), mark="waits")


def _line(entry: Entry, view: View, definition: Definition, place: str, places: Mapping[str, str]) -> Line:
    ended = entry.status in {str(status) for status in ENDS} and entry.act not in (Act.ARCHIVE, Act.RECORD)
    last = entry.no == view.case.head
    return Line(
        title=title_of(entry, definition, place),
        at=entry.recorded_at,
        day=entry.day,
        details=tuple([*where_and_until(entry, places), *_details(entry, definition)]),
        documents=tuple((paper["number"], paper_title(entry, paper)) for paper in entry.documents),
        mark="ended" if ended else "now" if last else "",
    )


def title_of(entry: Entry, definition: Definition, place: str) -> str:
    """What the step did, in one line."""
    facts = entry.facts
    if entry.act == Act.RECORD:
        return _say_known(f"record.{facts.get('event')}")
    key = f"timeline.{facts.get('event')}" if entry.act == Act.DELIVER else f"timeline.{entry.act}"
    if entry.act == Act.GO_ON and facts.get("silent"):
        key = "timeline.go_on_silent"
    if entry.act == Act.WITHDRAW and facts.get("lapsed"):
        key = "timeline.withdraw_lapsed"
    if entry.act == Act.GRANT and facts.get("partial"):
        key = "timeline.grant_partly"
    kind = entry.documents[0]["kind"] if entry.documents else ""
    if facts.get("ex_officio") or kind in EX_OFFICIO.values():
        key = f"timeline_ex_officio.{entry.act}"
    stages = {stage.key: stage.name for stage in definition.stages}
    return _say_known(
        key,
        authority=authority_of(definition, place),
        days=facts.get("days", ""),
        pause=_say_known(f"pause.{facts.get('kind')}") if entry.act == Act.SUSPEND else "",
        way=_say_known(f"way.{facts.get('way')}") if facts.get("way") else say("act.deliver"),
        stage=stages.get(str(facts.get("part", "")).partition("@")[0], ""),
        outcome=_say_known(f"part.{facts.get('outcome')}") if entry.act == Act.PART_DECIDED else "",
    )


def _say_known(key: str, **facts: Any) -> str:
    """Other nodes may be ahead of this one: what it has no words for is told in general."""
    return say(key, **facts) if has(key) else say("timeline.unknown")


def where_and_until(entry: Entry, places: Mapping[str, str]) -> list[tuple[str, str]]:
    """At which other place, and until when the document that it put out holds: both stand in the signed header."""
    found = [(say("label.place"), places[place])] if (place := place_in(entry)) in places else []
    until = read_date(entry.facts.get("valid_until"))
    return [*found, *([(say("label.valid_until"), say_day(until))] if until else [])]


def _details(entry: Entry, definition: Definition) -> list[tuple[str, str]]:
    if entry.erased:
        return [(say("label.content"), say("retention.erased"))]
    if entry.lost:
        return [(say("label.content"), say("recovery.lost"))]
    said: Mapping[str, Any] = entry.said
    labels = target_labels(definition)
    found = [
        (labels.get(row["target"], ""), str(row["problem"])) for row in said.get("targets") or [] if "problem" in row
    ]
    keys = [key for key in TOLD if said.get(key) and said[key] != "lead_ended"]
    if said.get("certificate") and said.get("number"):
        keys.append("number")
    return found + [(say(f"label.{key}"), words_of(key, said[key])) for key in keys]


def words_of(key: str, value: Any) -> str:
    """What a step says under the key, for reading."""
    if key == "channels":
        return "、".join(value)
    return say("format.yuan", amount=value) if key == "amount" else str(value)


def target_labels(definition: Definition) -> dict[str, str]:
    """What a correction can ask for -> its name on the form."""
    labels = {f"field:{field.name}": field.label for field in definition.fields}
    return labels | {f"material:{material.key}": material.name for material in definition.materials}


def paper_title(entry: Entry, paper: Mapping[str, str]) -> str:
    """What the document calls itself, when its body may be read here and says so; else the name of its kind."""
    for said in (entry.said.get("document") or {}, entry.said.get("co_document") or {}):
        if said.get("number") == paper["number"] and said.get("title"):
            return str(said["title"])
    kind = f"document.{paper['kind']}"
    return say(kind if has(kind) else "document.stage_document")
