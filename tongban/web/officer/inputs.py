"""What the form of each act asks, in the words of an office; what the law wants of it is checked by the rules."""

from collections.abc import Mapping
from dataclasses import dataclass, replace
from typing import Any

from django.http import QueryDict

from tongban.base.words import say
from tongban.calendar.queries import days
from tongban.cases.queries.views import View
from tongban.cases.rules.clocks import part_due
from tongban.cases.rules.guards import PAUSES, WAITING_STAGES, stage_of
from tongban.cases.rules.state import Part, PartStatus
from tongban.cases.rules.table import Act
from tongban.cases.templatetags.legal import limit
from tongban.catalogue.rules import Definition, OnRefusal, Option, Pattern
from tongban.orgs.queries import place_name
from tongban.web.boxes import Box, choices_of, place_box, read_place

Typed = Mapping[str, Any]


@dataclass(frozen=True, slots=True)
class Form:
    """What a form depends on: the case as the officer sees it, its item, and what was typed so far."""

    view: View
    definition: Definition
    typed: Typed


REASON = Box("reason", "理由", "long_text", hint="写进文书，申请人和收件窗口都能看到。")
TEXT = Box("text", "说明", "long_text", required=False, hint="写进文书，申请人和收件窗口都能看到。")
OPINION = Box("opinion", "内部意见", "long_text", required=False, hint="只留在本地，不写进文书，也不发给其他地区。")
WAYS = ("online", "post", "counter")
RECORDS = ("precheck_passed", "precheck_failed", "custody_arrived", "custody_returned", "materials_checked", "note")
SIMPLE: dict[Act, tuple[Box, ...]] = {
    Act.DECLINE: (REASON,),
    Act.SEND_BACK: (REASON,),
    Act.DENY: (replace(REASON, hint="写明事实和法律依据，写进决定书；救济途径由系统附上。"),),
    Act.RECTIFY: (replace(REASON, label="更正的内容和理由"),),
    Act.REVOKE: (REASON,),
    Act.REOPEN: (REASON,),
    Act.ISSUE: (Box("certificate", "证照名称"), Box("number", "证照编号")),
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
    hint = "收件日期不变，由接收地重新立案。"
    return [place_box("place", "转到哪里", str(form.typed.get("place", "")), hint=hint), REASON]


def _suspend(form: Form) -> list[Box]:
    kinds = {kind: say(f"pause.{kind}") for kind in PAUSES if not form.view.state.suspended}
    hint = "所需时间不计入办理期限，须书面告知申请人（行政许可法第四十五条）。"
    return [_choice("kind", "种类", kinds, hint=hint), replace(REASON, label="事由和预计时间")]


def _extend(form: Form) -> list[Box]:
    longest = form.definition.limits.extension
    hint = f"依法最多 {limit(longest)}。" if longest else "本事项没有可以延长的依据。"
    return [
        Box("days", "延长天数", "integer", hint=hint),
        Box("approver", "批准人", hint="经本行政机关负责人批准（行政许可法第四十二条）。"),
        REASON,
    ]


def _part(form: Form) -> list[Box]:
    mine = [part for part in form.view.state.current_parts if not part.co_case]
    names = {part.id: _part_words(part, form.definition) for part in mine}
    outcomes = {str(PartStatus.DONE): "完成", str(PartStatus.PARTIAL): "部分完成", str(PartStatus.REFUSED): "未通过"}
    return [
        _choice("part", "环节", names, value=mine[0].id if len(mine) == 1 else ""),
        _choice("outcome", "结果", outcomes, hint="公示期收到的意见和处理情况，写在内部意见里。"),
        TEXT,
    ]


def _part_words(part: Part, definition: Definition) -> str:
    stage = stage_of(definition, part)
    place = part.id.partition("@")[2]
    where = f"（{place_name(place)}）" if place else ""
    if part.opened_on is None:
        return f"{stage.name}{where}"
    last = part_due(part, definition, days())
    if stage.kind in WAITING_STAGES:
        return f"{stage.name}{where}：{part.opened_on.isoformat()} 至 {last.isoformat()}，期满次日起可以办结"
    return f"{stage.name}{where}：{last.isoformat()} 前"


def _answer(form: Form) -> list[Box]:
    text = replace(TEXT, label="答复内容")
    if form.view.case.pattern == Pattern.HANDOFF:
        return [
            Box("handed_to", "在哪里办理", value=form.definition.handoff.to if form.definition.handoff else ""),
            text,
        ]
    return [text]


def _grant(form: Form) -> list[Box]:
    boxes = [TEXT]
    if form.view.case.pattern == Pattern.MONEY:
        boxes.insert(0, Box("amount", "核定金额（元）", "money", hint="两位小数，例如 1200.00。付款按这个金额发出。"))
    may_be_partial = form.view.case.pattern == Pattern.ASSIST or any(
        part.status in (PartStatus.PARTIAL, PartStatus.REFUSED)
        and stage_of(form.definition, part).on_refusal is not OnRefusal.FAIL
        for part in form.view.state.parts
    )
    if may_be_partial:
        boxes.append(_choice("partial", "是否只准予一部分", {"no": "全部准予", "yes": "部分准予"}, value="no"))
    return boxes


def _deliver(form: Form) -> list[Box]:
    ordered = form.view.case.pattern == Pattern.MONEY and form.view.state.money == "ordered"
    events = ("money_arrived", "money_bounced", "delivery") if ordered else ("delivery",)
    drawn = f"{form.view.money[-1].drawn:.2f}" if form.view.money else ""
    boxes = [_choice("event", "登记什么", {event: say(f"delivery.{event}") for event in events}, value=events[0])]
    if ordered:
        boxes.append(
            Box("amount", "到账金额（元）", "money", drawn, required=False, hint="登记到账时填写，须与核定金额一致。")
        )
    ways = {way: say(f"way.{way}") for way in WAYS}
    way = replace(_choice("way", "送达方式", ways, value="" if ordered else "online"), required=not ordered)
    return [*boxes, way, Box("waybill", "运单号", required=False, hint="邮寄的填写。"), TEXT]


def _record(form: Form) -> list[Box]:
    events = RECORDS if form.view.case.receiving_organ else ("materials_checked", "note")
    return [_choice("event", "登记什么", {event: say(f"record.{event}") for event in events}), TEXT]


_SPECIAL = {
    Act.TRANSFER: _transfer,
    Act.SUSPEND: _suspend,
    Act.EXTEND: _extend,
    Act.PART_DECIDED: _part,
    Act.ANSWER: _answer,
    Act.GRANT: _grant,
    Act.DELIVER: _deliver,
    Act.RECORD: _record,
}
