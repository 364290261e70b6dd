"""谁看过我的信息: every look at a person's data, at this node and at every other that holds his cases."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from urllib.parse import urlencode
from uuid import UUID

from django.conf import settings
from django.http import HttpResponse
from django.shortcuts import render
from django.utils.timezone import localtime
from django.views.decorators.http import require_safe

from tongban.base.errors import Rejected
from tongban.base.words import has, say
from tongban.cases.models import Case
from tongban.cases.queries import get_readable, my_cases
from tongban.cases.rules.table import Who
from tongban.catalogue.queries import item_names
from tongban.looks.actions import ask_around
from tongban.looks.queries import Line, Source, further_lines, newest_lines, other_lines, sources_of
from tongban.looks.rules import MOST_CASES, Position, read_position
from tongban.orgs.queries import place_names
from tongban.web.context import nodes
from tongban.web.door import Visit, for_persons
from tongban.web.lines import node_name
from tongban.web.paging import Pager, cursor_of, read_cursor

CASES = min(10, MOST_CASES)
NEWEST, ALL, OTHERS = 5, 50, 20


@dataclass(frozen=True, slots=True)
class Shown:
    """One look in words."""

    at: datetime
    who: str
    role: str
    officer: str
    what: str
    purpose: str


@dataclass(frozen=True, slots=True)
class Silent:
    """A place that did not answer. last: when it answered last about any of the cases shown; cases: about how many."""

    name: str
    phone: str
    last: datetime | None
    cases: int


@dataclass(frozen=True, slots=True)
class Entry:
    """A case with the looks at it. asked: what is said of each place that was asked. more: there are older ones."""

    case: Case
    item: str
    place: str
    looks: tuple[Shown, ...]
    asked: tuple[str, ...]
    more: bool


@require_safe
@for_persons
def looks(request: Visit) -> HttpResponse:
    """Case by case the newest looks; on the first page those that belong to no case as well."""
    after = read_cursor(request.GET.get("after", ""))
    found = list(my_cases(request.actor, after=after)[: CASES + 1])
    cases, more = found[:CASES], len(found) > CASES
    ask_around(request.actor, cases)
    sources = sources_of(cases)
    lines = newest_lines(request.actor, cases, most=NEWEST + 1)
    content = {
        "entries": _entries(cases, lines, sources),
        "silent": _silent(sources.values()),
        "others": [] if after else [_shown(line) for line in other_lines(request.actor, most=OTHERS)],
        "first": after is None,
        "pager": Pager(
            "/my/looks/" if after else "",
            f"/my/looks/?after={cursor_of(cases[-1].received_at, cases[-1].id)}" if more else "",
        ),
    }
    return render(request, "web/citizen/looks.html", content)


@require_safe
@for_persons
def case_looks(request: Visit, case_id: UUID) -> HttpResponse:
    """Every look at one case, a page at a time."""
    case, who = get_readable(request.actor, case_id)
    if Who.APPLICANT not in who:
        raise Rejected("not_found")
    after = _position(request.GET.get("after", ""))
    ask_around(request.actor, [case])
    sources = sources_of([case])
    found = further_lines(request.actor, case, after=after, most=ALL + 1)
    here = f"/cases/{case_id}/looks/"
    older = f"{here}?{urlencode({'after': found[ALL - 1].position})}" if len(found) > ALL else ""
    content = {
        "entry": _entries([case], {case.id: found[:ALL]}, sources, most=ALL)[0],
        "silent": _silent(sources.values()),
        "first": after is None,
        "pager": Pager(here if after else "", older),
    }
    return render(request, "web/citizen/case_looks.html", content)


def _position(text: str) -> Position | None:
    """Raises Rejected("not_found") for what no page of ours gave out."""
    try:
        return read_position(text)
    except ValueError as error:
        raise Rejected("not_found") from error


def _entries(
    cases: Sequence[Case],
    lines: Mapping[UUID, Sequence[Line]],
    sources: Mapping[UUID, Sequence[Source]],
    *,
    most: int = NEWEST,
) -> list[Entry]:
    items = item_names()
    places = place_names({case.place for case in cases})
    return [
        Entry(
            case=case,
            item=items.get(case.item, case.item),
            place=places[case.place],
            looks=tuple(_shown(line) for line in lines[case.id][:most]),
            asked=(say("looks.here", node=node_name(settings.NODE)), *(_asked(one) for one in sources[case.id])),
            more=len(lines[case.id]) > most,
        )
        for case in cases
    ]


def _asked(source: Source) -> str:
    name, at = node_name(source.node), _moment(source.answered_at)
    if source.answered:
        return say("looks.more" if source.more else "looks.answered", node=name, at=at)
    return say("looks.silent_since", node=name, at=at) if at else say("looks.silent", node=name)


def _moment(at: datetime | None) -> str:
    here = localtime(at) if at else None
    return say("format.moment", month=here.month, day=here.day, time=f"{here:%H:%M}") if here else ""


def _silent(sources: Iterable[Sequence[Source]]) -> list[Silent]:
    """Each place that owes an answer, once, however many cases it is about."""
    owing: dict[str, list[Source]] = {}
    for source in (one for of_case in sources for one in of_case if not one.answered):
        owing.setdefault(source.node, []).append(source)
    return [
        Silent(
            name=node_name(node),
            phone=nodes().get(node, ("", ""))[1],
            last=max((one.answered_at for one in owed if one.answered_at), default=None),
            cases=len(owed),
        )
        for node, owed in sorted(owing.items())
    ]


def _shown(line: Line) -> Shown:
    return Shown(
        at=line.position.at,
        who=line.organ or node_name(line.node),
        role=_said(f"role.{line.role}", "looks.somebody"),
        officer=line.officer,
        what=_said(f"looked.{line.what}", "looked.other"),
        purpose=line.purpose,
    )


def _said(key: str, otherwise: str) -> str:
    """The word for a code of this node or another's; what there is no word for here is told in general."""
    return say(key if has(key) else otherwise)
