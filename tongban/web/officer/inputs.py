"""What the form of each act asks, in the words of an office; what the law wants of it is checked by the rules."""

from collections.abc import Mapping
from dataclasses import dataclass, replace
from typing import Any

from django.http import QueryDict

from tongban.base.words import say, say_day
from tongban.calendar.queries import days, today
from tongban.cases.queries import papers_needed
from tongban.cases.queries.views import View
from tongban.cases.rules.clocks import part_due
from tongban.cases.rules.guards import PAUSES
from tongban.cases.rules.parts import WAITING_STAGES, Part, PartStatus, stage_of
from tongban.cases.rules.table import Act
from tongban.cases.rules.validity import Hold, Needed
from tongban.cases.templatetags.legal import limit
from tongban.catalogue.rules import Definition, OnRefusal, Option, Pattern
from tongban.catalogue.rules.taking_part import persons
from tongban.orgs.queries import place_name
from tongban.web.boxes import Box, choices_of, place_box, read_place

Typed = Mapping[str, Any]


@dataclass(frozen=True, slots=True)
class Form:
    """What a form depends on: the case as the officer sees it, its item, and what was typed so far."""

    view: View
    definition: Definition
    typed: Typed


REASON = Box("reason", say("label.reason"), "long_text", hint=say("input.on_paper"))
TEXT = Box("text", say("label.text"), "long_text", required=False, hint=say("input.on_paper"))
OPINION = Box("opinion", say("label.opinion"), "long_text", required=False, hint=say("input.stays_here"))
WAYS = ("online", "post", "counter")
OUTCOMES = (PartStatus.DONE, PartStatus.PARTIAL, PartStatus.REFUSED)
RECORDS = ("precheck_passed", "precheck_failed", "custody_arrived", "custody_returned", "materials_checked", "note")
SIMPLE: dict[Act, tuple[Box, ...]] = {
    Act.DECLINE: (REASON,),
    Act.SEND_BACK: (REASON,),
    Act.DENY: (replace(REASON, hint=say("input.deny_hint")),),
    Act.RECTIFY: (replace(REASON, label=say("input.rectify")),),
    Act.REVOKE: (REASON,),
    Act.REOPEN: (REASON,),
    Act.GO_ON: (TEXT,),
    Act.ISSUE: (Box("certificate", say("input.certificate")), Box("number", say("input.certificate_number"))),
}
NUMBERS = frozenset({"days"})
NOT_ASKED = frozenset({Act.ARCHIVE, Act.CLOSE, Act.RECORD})


def boxes_for(act: Act, view: View, definition: Definition, typed: Typed, faults: Mapping[str, str]) -> list[Box]:
    """The boxes of the form, with what was typed and what is wrong with it."""
    special = _SPECIAL.get(act)
    boxes = list(special(Form(view, definition, typed))) if special else list(SIMPLE.get(act, ()))
    if act not in NOT_ASKED:
        boxes.append(OPINION)
    return [_filled(box, typed, faults) for box in boxes]


def _filled(box: Box, typed: Typed, faults: Mapping[str, str]) -> Box:
    value = typed.get(box.name, box.value)
    if box.kind == "place":
        return replace(box, wrong=faults.get(box.name, ""))
    chosen = tuple(replace(choice, chosen=choice.value == value) for choice in box.choices)
    return replace(box, value=value, choices=chosen, wrong=faults.get(box.name, ""))


def read_content(boxes: list[Box], post: QueryDict) -> dict[str, Any]:
    """What was typed, in the form that the rules want; what was left empty is left out."""
    content: dict[str, Any] = {}
    for box in boxes:
        value: Any = read_place(box.name, post) if box.kind == "place" else post.get(box.name, "").strip()
        value = value.replace("\r\n", "\n")
        if box.kind == "money":
            value = _two_decimals(value)
        if box.name in NUMBERS and value.isascii() and value.isdigit():
            value = int(value[:6])
        if value not in ("", None):
            content[box.name] = value
    return content


def _two_decimals(text: str) -> str:
    plain = text.replace(",", "").replace("，", "")
    return f"{plain}.00" if plain.isascii() and plain.isdigit() else plain


def _choice(name: str, label: str, options: Mapping[str, str], *, value: str = "", hint: str = "") -> Box:
    choices = choices_of([Option(key, text) for key, text in options.items()], value)
    return Box(name, label, "choice", value, hint=hint, choices=choices)


def _transfer(form: Form) -> list[Box]:
    place = str(form.typed.get("place", ""))
    return [place_box("place", say("input.transfer"), place, hint=say("input.transfer_hint")), REASON]


def _suspend(form: Form) -> list[Box]:
    kinds = {kind: say(f"pause.{kind}") for kind in PAUSES if not form.view.state.suspended}
    kind = _choice("kind", say("input.suspend"), kinds, hint=say("input.suspend_hint"))
    return [kind, replace(REASON, label=say("input.suspend_reason"))]


def _extend(form: Form) -> list[Box]:
    longest = form.definition.limits.extension
    hint = say("input.extend_most", limit=limit(longest)) if longest else say("input.extend_never")
    return [
        Box("days", say("input.extend_days"), "integer", hint=hint),
        Box("approver", say("label.approver"), hint=say("input.approver_hint")),
        REASON,
    ]


def _part(form: Form) -> list[Box]:
    mine = [part for part in form.view.state.current_parts if not part.co_case]
    names = {part.id: _part_words(part, form.definition) for part in mine}
    outcomes = {str(status): say(f"part.{status}") for status in OUTCOMES}
    return [
        _choice("part", say("input.part"), names, value=mine[0].id if len(mine) == 1 else ""),
        _choice("outcome", say("input.outcome"), outcomes, hint=say("input.outcome_hint")),
        replace(TEXT, hint=say("input.refused_hint")) if any(_asks(part, form) for part in mine) else TEXT,
    ]


def _asks(part: Part, form: Form) -> bool:
    return stage_of(form.definition, part).on_refusal is OnRefusal.ASK_APPLICANT


def _part_words(part: Part, definition: Definition) -> str:
    stage = stage_of(definition, part)
    place = part.id.partition("@")[2]
    where = f"（{place_name(place)}）" if place else ""
    if part.opened_on is None:
        return f"{stage.name}{where}"
    last = say_day(part_due(part, definition, days()))
    if stage.kind in WAITING_STAGES:
        return say("input.part_waits", stage=stage.name, where=where, first=say_day(part.opened_on), last=last)
    return say("input.part_due", stage=stage.name, where=where, last=last)


def _renew(form: Form) -> list[Box]:
    day = today()
    papers = papers_needed(form.view.case, form.definition)
    ended = {paper.part.id: _paper_words(paper) for paper in papers if paper.hold(day) is Hold.ENDED}
    only = next(iter(ended), "") if len(ended) == 1 else ""
    return [_choice("part", say("input.paper"), ended, value=only), replace(REASON, hint=say("input.seen_hint"))]


def _paper_words(paper: Needed) -> str:
    where = f"（{place_name(paper.part.place)}）" if paper.part.place else ""
    return say("input.paper_ended", paper=paper.name, where=where, last=say_day(paper.until))


def _answer(form: Form) -> list[Box]:
    text = replace(TEXT, label=say("input.answer"))
    if form.view.case.pattern == Pattern.HANDOFF:
        channel = form.definition.handoff.to if form.definition.handoff else ""
        return [Box("handed_to", say("input.handed_to"), value=channel), text]
    return [text]


def _grant(form: Form) -> list[Box]:
    boxes = [TEXT]
    if form.view.case.pattern == Pattern.MONEY:
        boxes.insert(0, Box("amount", say("input.draw"), "money", hint=say("input.draw_hint")))
    dossier = form.view.dossier
    if dossier and persons(form.definition, dossier["answers"]):
        return boxes
    may_be_partial = form.view.case.pattern == Pattern.ASSIST or any(
        part.status in (PartStatus.PARTIAL, PartStatus.REFUSED)
        and stage_of(form.definition, part).on_refusal is not OnRefusal.FAIL
        for part in form.view.state.parts
    )
    if may_be_partial:
        extent = {value: say(f"input.partial_{value}") for value in ("no", "yes")}
        usual = "yes" if any(part.answered_on for part in form.view.state.parts) else "no"
        boxes.append(_choice("partial", say("input.partial"), extent, value=usual))
    return boxes


def _deliver(form: Form) -> list[Box]:
    ordered = form.view.case.pattern == Pattern.MONEY and form.view.state.money == "ordered"
    events = ("money_arrived", "money_bounced", "delivery") if ordered else ("delivery",)
    drawn = f"{form.view.money[-1].drawn:.2f}" if form.view.money else ""
    names = {event: say(f"delivery.{event}") for event in events}
    boxes = [_choice("event", say("input.event"), names, value=events[0])]
    if ordered:
        hint = say("input.arrived_hint")
        boxes.append(Box("amount", say("input.arrived"), "money", drawn, required=False, hint=hint))
    ways = {way: say(f"way.{way}") for way in WAYS}
    chosen = "" if ordered else "online"
    way = replace(_choice("way", say("input.way"), ways, value=chosen), required=not ordered)
    return [*boxes, way, Box("waybill", say("label.waybill"), required=False, hint=say("input.waybill_hint")), TEXT]


def _record(form: Form) -> list[Box]:
    events = RECORDS if form.view.case.receiving_organ else ("materials_checked", "note")
    names = {event: say(f"record.{event}") for event in events}
    return [_choice("event", say("input.event"), names), TEXT]


_SPECIAL = {
    Act.TRANSFER: _transfer,
    Act.SUSPEND: _suspend,
    Act.EXTEND: _extend,
    Act.PART_DECIDED: _part,
    Act.RENEW: _renew,
    Act.ANSWER: _answer,
    Act.GRANT: _grant,
    Act.DELIVER: _deliver,
    Act.RECORD: _record,
}
