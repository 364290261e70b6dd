"""What happened to a case, step by step, in the words of a hall: what, when, by whom, and what was said."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from django.conf import settings

from tongban.base.times import legal_date, parse_moment
from tongban.base.words import say, say_day
from tongban.cases.queries.views import Entry
from tongban.cases.rules.table import Act
from tongban.catalogue.rules.definition import Definition
from tongban.orgs.queries import find_organ, place_names
from tongban.web.lines import node_name
from tongban.web.templatetags.wording import words
from tongban.web.timeline import paper_title, place_in, target_labels, where_and_until, words_of

SAID = (
    "reason",
    "text",
    "opinion",
    "amount",
    "certificate",
    "number",
    "handed_to",
    "approver",
    "waybill",
    "count",
)


@dataclass(frozen=True, slots=True)
class Moment:
    """One step for reading. said: label and text, nothing that identifies the applicant."""

    no: int
    act: str
    title: str
    day: date
    recorded_at: datetime
    by: str
    said: tuple[tuple[str, str], ...]
    documents: tuple[Mapping[str, str], ...]


def chronicle(timeline: Sequence[Entry], definition: Definition) -> list[Moment]:
    """The newest first."""
    organs = {entry.by.get("organ") for entry in timeline if entry.by.get("organ")}
    names = {code: organ.name for code in organs if (organ := find_organ(str(code)))}
    places = place_names({place_in(entry) for entry in timeline} - {""})
    return [_moment(entry, definition, names, places) for entry in reversed(timeline)]


def _moment(entry: Entry, definition: Definition, organs: Mapping[Any, str], places: Mapping[str, str]) -> Moment:
    return Moment(
        no=entry.no,
        act=entry.act,
        title=title_of(entry, definition),
        day=entry.day,
        recorded_at=entry.recorded_at,
        by=_by(entry.by, organs),
        said=tuple([*where_and_until(entry, places), *_said(entry, definition)]),
        documents=tuple({"number": paper["number"], "name": paper_title(entry, paper)} for paper in entry.documents),
    )


def _by(by: Mapping[str, Any], organs: Mapping[Any, str]) -> str:
    """The role, the organ, and the node where it is another one; an applicant with an organ was helped by it (帮办)."""
    role = words("role", by.get("role", "system"))
    organ = organs.get(by.get("organ"), "")
    node = node_name(str(by["node"])) if by.get("node") not in (None, settings.NODE) else ""
    if by.get("role") == "applicant" and by.get("organ"):
        return say("chronicle.helped", role=role, where=f"{node}{organ or say('chronicle.counter')}")
    return "　".join(part for part in (node, organ, role) if part)


def title_of(entry: Entry, definition: Definition) -> str:
    """The act by name; of a record what was recorded, of a stage which one and how it ended."""
    facts = entry.facts
    if entry.act in (Act.PART_DECIDED, Act.RENEW):
        key = str(facts.get("part", "")).partition("@")[0]
        name = next((stage.name for stage in definition.stages if stage.key == key), key)
        return f"{name}：{words('part', facts.get('outcome')) if 'outcome' in facts else words('act', entry.act)}"
    if entry.act == Act.GO_ON and facts.get("silent"):
        return say("chronicle.silent")
    if entry.act in (Act.RECORD, Act.DELIVER):
        return words("record" if entry.act == Act.RECORD else "delivery", facts.get("event"))
    detail = words("pause", facts["kind"]) if entry.act == Act.SUSPEND and "kind" in facts else ""
    return f"{words('act', entry.act)}（{detail}）" if detail else words("act", entry.act)


def _said(entry: Entry, definition: Definition) -> list[tuple[str, str]]:
    said = entry.said
    labels = target_labels(definition)
    told = () if entry.act == Act.OPEN else SAID
    found = [(say(f"label.{key}"), words_of(key, said[key])) for key in told if said.get(key)]
    targets = [row for row in said.get("targets") or [] if isinstance(row, Mapping)]
    found += [(labels.get(row.get("target", ""), ""), str(row.get("problem", ""))) for row in targets]
    if entry.erased:
        found.append((say("label.content"), say("retention.erased")))
    if entry.lost:
        found.append((say("label.content"), say("recovery.lost")))
    if entry.received:
        found += _received(entry.received)
    if entry.act == Act.DEEM_ACCEPTED:
        found.insert(0, (say("label.basis"), say("chronicle.article_32")))
    return found


def _received(received: Mapping[str, Any]) -> list[tuple[str, str]]:
    """Who took the papers in, and when: 收件 is another organisation's act than what follows."""
    at = str(received.get("at", ""))
    day = say_day(legal_date(parse_moment(at))) if at else ""
    where = node_name(str(received.get("node", "")))
    way = words("channel", received.get("channel", ""))
    return [
        (
            say("label.received"),
            "，".join(part for part in (f"{where}{way}", day, str(received.get("number", ""))) if part),
        )
    ]
