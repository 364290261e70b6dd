"""Whether a guide is good enough to be published, and which of its facts have which source."""

import re
from collections.abc import Iterator
from dataclasses import dataclass

from tongban.base.limits import Limit, Unit
from tongban.catalogue.rules.definition import Definition
from tongban.catalogue.rules.form import Source
from tongban.catalogue.rules.kinds import Mode, Pattern

AT_ONCE = "1"
PROMISED = "2"
LICENCE = "01"
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


@dataclass(frozen=True, slots=True)
class Provenance:
    """One fact of a definition and where it comes from. path: where it stands in the content, dotted."""

    path: str
    text: str
    source: Source


def guide_faults(definition: Definition) -> dict[str, str]:
    """Dotted path -> what a reader of the guide would miss or misread; empty when it may be published."""
    return dict(
        fault
        for rule in (
            _kind_faults,
            _limit_faults,
            _visit_faults,
            _fee_faults,
            _help_faults,
            _phase_faults,
            _vague_faults,
        )
        for fault in rule(definition)
    )


def _kind_faults(definition: Definition) -> Iterator[tuple[str, str]]:
    if definition.item_type not in BY_APPLICATION:
        yield "item_type", "事项类型须是依申请的一类：" + "、".join(sorted(BY_APPLICATION))
    if not set(definition.served) or not set(definition.served) <= SERVED:
        yield "served", "服务对象按 GB/T 39046 A.4 填写 1 至 6"
    if not definition.conditions:
        yield "conditions", "须写明办理条件"
    if not definition.basis:
        yield "basis", "须写明设定依据"
    if definition.result.name.endswith(("证", "证书", "执照")) and not definition.result.sample:
        yield "result.sample", "结果是证照的，须有样本说明"
    if not set(definition.delivery.ways) or not set(definition.delivery.ways) <= WAYS:
        yield "delivery.ways", "送达方式须从 online、post、counter、home_counter 中选择"


def _limit_faults(definition: Definition) -> Iterator[tuple[str, str]]:
    limits = definition.limits
    if definition.case_type not in (AT_ONCE, PROMISED):
        yield "case_type", "办件类型为 1 即办件或 2 承诺件"
    if (definition.case_type == AT_ONCE) != (limits.promised.count == 0):
        yield "case_type", "即办件的承诺时限为零，承诺件不为零"
    if _hours(limits.promised) > _hours(limits.statutory):
        yield "limits.promised", "承诺时限不得长于法定时限"
    if limits.silence_accepts and limits.silence_source is None:
        yield "limits.silence_source", "逾期不告知即视为受理的，须有依据"
    if limits.extension is not None and limits.extension_source is None:
        yield "limits.extension_source", "可以延期的，须有依据"
    counted = [phase.limit for phase in definition.phases if phase.limit is not None]
    if counted and {limit.unit for limit in counted if limit.count} - {limits.promised.unit}:
        yield "phases", "各环节与承诺时限的单位须一致"
    elif counted and sum(limit.count for limit in counted) != limits.promised.count:
        yield "phases", "各环节时限之和须等于承诺时限"


def _hours(limit: Limit) -> int:
    return limit.count * _HOURS[limit.unit]


def _visit_faults(definition: Definition) -> Iterator[tuple[str, str]]:
    if definition.visits.count and not definition.visits.reason:
        yield "visits.reason", "须到现场的，写明原因"
    if Mode.ONLINE in definition.modes and definition.visits.count:
        yield "visits.count", "可以全程网办的，到现场次数为零"
    if not definition.visits.count and Mode.ONLINE not in definition.modes and "post" not in definition.delivery.ways:
        yield "delivery.ways", "不到现场又不能网办的，须支持寄送"


def _fee_faults(definition: Definition) -> Iterator[tuple[str, str]]:
    fee = definition.fee
    if fee.charged and not (fee.standard and fee.online_payment and not fee.source.is_example):
        yield "fee", "收费的，须有依据、标准和网上支付"
    if not fee.charged and fee.amount != "0":
        yield "fee.amount", "不收费的，金额为零"


def _help_faults(definition: Definition) -> Iterator[tuple[str, str]]:
    contact = definition.contact
    for name, phone in (("consult", contact.consult), ("complain", contact.complain)):
        if not _PHONE.fullmatch(phone):
            yield f"contact.{name}", "填写带区号的电话，或全国统一的短号码"
    if contact.consult == contact.complain:
        yield "contact.complain", "咨询电话与监督投诉电话不能相同"
    if not contact.hours:
        yield "contact.hours", "须写明办理时间"
    if definition.pattern in DECIDING and not definition.remedies:
        yield "remedies", "作决定的事项须写明救济途径"
    if definition.item_type == LICENCE and not definition.questions:
        yield "questions", "行政许可至少有一个常见问题"


def _phase_faults(definition: Definition) -> Iterator[tuple[str, str]]:
    if not definition.phases:
        yield "phases", "须写明办理流程"
    if definition.item_type == LICENCE:
        names = {phase.name for phase in definition.phases}
        if missing := [name for name in NEEDED_PHASES if name not in names]:
            yield "phases", "行政许可缺少环节：" + "、".join(missing)


def _vague_faults(definition: Definition) -> Iterator[tuple[str, str]]:
    for path, text in _sentences(definition):
        if found := _VAGUE.search(text):
            yield path, f"用语不明确：“{found.group()}”，请逐项写清"


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


def provenance(definition: Definition) -> tuple[Provenance, ...]:
    """Every fact with its source, in the order of the file."""
    return tuple(Provenance(path, text, source) for path, text, source in _facts(definition) if source is not None)


def examples_in(definition: Definition) -> tuple[Provenance, ...]:
    """The facts that are invented (示例) and wait for a source."""
    return tuple(fact for fact in provenance(definition) if fact.source.is_example)


def _facts(definition: Definition) -> Iterator[tuple[str, str, Source | None]]:
    yield "modes", "、".join(definition.modes), definition.modes_source
    yield "home", definition.home.explains, definition.home.source
    yield "authority", definition.authority.label, definition.authority.source
    for table in ("conditions", "exclusions", "remedies"):
        for index, fact in enumerate(getattr(definition, table)):
            yield f"{table}.{index}", fact.text, fact.source
    for table, label in (("situations", "question"), ("materials", "name"), ("stages", "name"), ("phases", "name")):
        for index, entry in enumerate(getattr(definition, table)):
            yield f"{table}.{index}", getattr(entry, label), entry.source
    limits = definition.limits
    yield "limits.statutory", str(limits.statutory), limits.source
    yield "limits.promised", str(limits.promised), limits.promised_source
    yield "limits.silence_accepts", "逾期不告知视为受理", limits.silence_source
    yield "limits.extension", str(limits.extension), limits.extension_source
    yield "fee", definition.fee.standard or "不收费", definition.fee.source
    yield "result", definition.result.name, definition.result.source
    yield "delivery", "、".join(definition.delivery.ways), definition.delivery.source
    yield "closing", definition.closing, definition.closing_source
    yield "effect_from", definition.effect_from, definition.effect_source
    yield "visits", str(definition.visits.count), definition.visits.source
    yield "contact", definition.contact.consult, definition.contact.source
    for index, question in enumerate(definition.questions):
        yield f"questions.{index}", question.ask, question.source
    if definition.handoff is not None:
        yield "handoff", definition.handoff.to, definition.handoff.source
