"""Whether a guide is good enough to be published."""

import re
from collections.abc import Iterator

from tongban.base.limits import Limit, Unit
from tongban.base.words import say
from tongban.catalogue.rules.definition import Definition
from tongban.catalogue.rules.kinds import LICENCE, Mode, Pattern

AT_ONCE = "1"
PROMISED = "2"
QUESTIONS = 2
BY_APPLICATION = frozenset({"01", "05", "07", "08", "09", "10", "20"})
SERVED = frozenset("123456")
NEEDED_PHASES = ("受理", "审核", "审批", "办结", "送达")
DECIDING = frozenset({Pattern.APPROVAL, Pattern.JOINT, Pattern.ANYWHERE, Pattern.COLLECTED, Pattern.MONEY})
WAYS = frozenset({"online", "post", "counter", "home_counter"})

_VAGUE = re.compile(
    r"按规定|按照有关规定|详见|其他材料|其它材料|相关材料|有关材料|等(?=[，。；、）)]|$|材料|文件|证明|证件|情形|情况)"
)
_PHONE = re.compile(r"1[0-9]{4}|0[0-9]{2,3}-[0-9]{7,8}")
_HOURS = {Unit.HOURS: 1, Unit.NATURAL: 24, Unit.WORKING: 24}


def guide_faults(definition: Definition) -> dict[str, str]:
    """Dotted path -> what a reader of the guide would miss or misread; empty when it may be published."""
    return dict(
        fault
        for rule in (
            _kind_faults,
            _limit_faults,
            _visit_faults,
            _fee_faults,
            _sharing_faults,
            _help_faults,
            _phase_faults,
            _vague_faults,
        )
        for fault in rule(definition)
    )


def _kind_faults(definition: Definition) -> Iterator[tuple[str, str]]:
    if definition.item_type not in BY_APPLICATION:
        yield "item_type", say("guide.item_type", allowed="、".join(sorted(BY_APPLICATION)))
    if not set(definition.served) or not set(definition.served) <= SERVED:
        yield "served", say("guide.served")
    if not definition.conditions:
        yield "conditions", say("guide.conditions")
    if not definition.basis:
        yield "basis", say("guide.basis")
    if definition.result.name.endswith(("证", "证书", "执照")) and not definition.result.sample:
        yield "result.sample", say("guide.sample")
    if not set(definition.delivery.ways) or not set(definition.delivery.ways) <= WAYS:
        yield "delivery.ways", say("guide.ways", allowed="、".join(sorted(WAYS)))


def _limit_faults(definition: Definition) -> Iterator[tuple[str, str]]:
    limits = definition.limits
    if definition.case_type not in (AT_ONCE, PROMISED):
        yield "case_type", say("guide.case_type")
    if (definition.case_type == AT_ONCE) != (limits.promised.count == 0):
        yield "case_type", say("guide.at_once")
    if _hours(limits.promised) > _hours(limits.statutory):
        yield "limits.promised", say("guide.promised")
    if limits.silence_accepts and limits.silence_source is None:
        yield "limits.silence_source", say("guide.silence")
    if limits.extension is not None and limits.extension_source is None:
        yield "limits.extension_source", say("guide.extension")
    counted = [phase.limit for phase in definition.phases if phase.limit is not None]
    if counted and {limit.unit for limit in counted if limit.count} - {limits.promised.unit}:
        yield "phases", say("guide.phase_units")
    elif counted and sum(limit.count for limit in counted) != limits.promised.count:
        yield "phases", say("guide.phase_sum")


def _hours(limit: Limit) -> int:
    return limit.count * _HOURS[limit.unit]


def _visit_faults(definition: Definition) -> Iterator[tuple[str, str]]:
    if definition.visits.count and not definition.visits.reason:
        yield "visits.reason", say("guide.visit_reason")
    if Mode.ONLINE in definition.modes and definition.visits.count:
        yield "visits.count", say("guide.visit_count")
    if not definition.visits.count and Mode.ONLINE not in definition.modes and "post" not in definition.delivery.ways:
        yield "delivery.ways", say("guide.post")


def _fee_faults(definition: Definition) -> Iterator[tuple[str, str]]:
    fee = definition.fee
    if fee.charged and not fee.payer:
        yield "fee.payer", say("guide.payer")
    if fee.charged and not (fee.standard and fee.online_payment and not fee.source.is_example):
        yield "fee", say("guide.charged")
    if not fee.charged and fee.amount != "0":
        yield "fee.amount", say("guide.free")


def _sharing_faults(definition: Definition) -> Iterator[tuple[str, str]]:
    for index, material in enumerate(definition.materials):
        if material.shared != bool(material.certificate or material.register):
            yield f"materials.{index}.shared", say("guide.shared")


def _help_faults(definition: Definition) -> Iterator[tuple[str, str]]:
    contact = definition.contact
    for name, phone in (("consult", contact.consult), ("complain", contact.complain)):
        if not _PHONE.fullmatch(phone):
            yield f"contact.{name}", say("guide.phone")
    if contact.consult == contact.complain:
        yield "contact.complain", say("guide.complain")
    if not contact.hours:
        yield "contact.hours", say("guide.hours")
    if definition.pattern in DECIDING and not definition.remedies:
        yield "remedies", say("guide.remedies")
    if len(definition.questions) < QUESTIONS:
        yield "questions", say("guide.questions", least=QUESTIONS)


def _phase_faults(definition: Definition) -> Iterator[tuple[str, str]]:
    if not definition.phases:
        yield "phases", say("guide.phases")
    if definition.item_type == LICENCE:
        names = {phase.name for phase in definition.phases}
        if missing := [name for name in NEEDED_PHASES if name not in names]:
            yield "phases", say("guide.licence_phases", missing="、".join(missing))


def _vague_faults(definition: Definition) -> Iterator[tuple[str, str]]:
    for path, text in _sentences(definition):
        if found := _VAGUE.search(text):
            yield path, say("guide.vague", word=found.group())


def _sentences(definition: Definition) -> Iterator[tuple[str, str]]:
    for table in ("conditions", "exclusions", "remedies"):
        for index, fact in enumerate(getattr(definition, table)):
            yield f"{table}.{index}.text", fact.text
    for index, material in enumerate(definition.materials):
        yield f"materials.{index}.name", material.name
        yield f"materials.{index}.accept_standard", material.accept_standard
        yield f"materials.{index}.fill_explain", material.fill_explain
    for index, phase in enumerate(definition.phases):
        yield f"phases.{index}.by", phase.by
    yield "fee.standard", definition.fee.standard
    yield "result.name", definition.result.name
