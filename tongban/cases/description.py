"""`docs/case.md`: the table of acts as people read it, with a picture of the statuses."""

from collections.abc import Iterable

from tongban.base.words import say
from tongban.cases.rules.bodies import AUDIENCES_OF, Follows
from tongban.cases.rules.following import TERMS
from tongban.cases.rules.table import ANY, ENDS, FROM_AFAR, TABLE, Act, Move, Status, Who
from tongban.catalogue.rules.kinds import Pattern

WHO = {
    Who.APPLICANT: "applicant",
    Who.RECEIVER: "receiving counter",
    Who.OFFICER: "officer of the home",
    Who.LEAD: "organ of the lead case",
    Who.INFORMED: "informed organ",
    Who.SYSTEM: "the home by itself",
}
HEAD = """# What can happen to a case

Written by `python manage.py describe_cases --settings tests.settings` from `tongban/cases/rules/table.py`; CI fails
when the two differ.

A case (办件) has one home, the 业务属地, and only the home writes it. Each act below is one step: a signed header,
chained to the step before. An act marked † may be asked for by another node: the ask travels as a letter, the home
answers it with the step or with a signed rejection.

## The statuses

"""
FOLLOWS = {
    Follows.RECEIVING: "receiving node",
    Follows.DELIVERING: "delivering counter",
    Follows.CO_HANDLING: "home of an assist case, for the lead",
    Follows.LEAD: "home of the lead, for the assist case",
    Follows.INFORMED: "informed place (抄告)",
    Follows.PREDECESSOR: "home of the predecessor, for the successor",
}
FOLLOWING = """
## Who follows, and until when

Written from `tongban/cases/rules/following.py`. A node may follow for several reasons; it ceases with the step after
which none is left. That step goes to it as its last and names it among `removed`: its copy then says that it is not
current, shows no due dates, and its contents are kept as long as those of an ended case. A node that is added again
gets the headers that it missed.

"""
PATTERNS = """
## In which patterns

An empty box means that cases of the pattern never see the act.

"""


def describe() -> str:
    return f"{HEAD}{_picture()}\n## The acts\n\n{_acts()}{PATTERNS}{_patterns()}{FOLLOWING}{_following()}"


def _picture() -> str:
    lines = ["```mermaid", "stateDiagram-v2", "    [*] --> submitted: open"]
    edges: dict[tuple[str, str], list[str]] = {}
    for move in TABLE:
        if move.after is None or not move.before:
            continue
        for status in sorted(move.before):
            edges.setdefault((status, move.after), []).append(move.act)
    lines += [f"    {before} --> {after}: {', '.join(acts)}" for (before, after), acts in edges.items()]
    lines += [f"    {status} --> [*]" for status in sorted(ENDS)]
    return "\n".join([*lines, "```", "", _statuses()])


def _statuses() -> str:
    rows = [f"| `{status}` | {say(f'status.{status}')} | {'end' if status in ENDS else ''} |" for status in Status]
    return _table(("status", "on screens", ""), rows)


def _acts() -> str:
    rows = []
    for move in TABLE:
        mark = " †" if move.act in FROM_AFAR else ""
        paper = say(f"document.{move.document}") if move.document else ""
        who = ", ".join(WHO[entry] for entry in Who if entry in move.who)
        after = f"`{move.after}`" if move.after else "unchanged"
        rows.append(f"| `{move.act}`{mark} {say(f'act.{move.act}')} | {_before(move)} | {after} | {who} | {paper} |")
    return _table(("act", "status before", "status after", "who may", "paper"), rows)


def _before(move: Move) -> str:
    if not move.before:
        return "no case yet"
    if move.before == ANY:
        return "any"
    if move.before == ENDS:
        return "any end"
    return ", ".join(f"`{status}`" for status in Status if status in move.before)


def _patterns() -> str:
    rows = []
    for act in Act:
        boxes = [
            "●" if any(move.act is act and pattern in move.patterns for move in TABLE) else "" for pattern in Pattern
        ]
        rows.append(f"| `{act}` | " + " | ".join(boxes) + " |")
    return _table(("act", *(str(pattern) for pattern in Pattern)), rows)


def _following() -> str:
    rows = []
    for role, term in TERMS.items():
        bodies = ", ".join(f"`{audience}`" for audience in sorted(AUDIENCES_OF[role])) or "none"
        back = f"`{term.back}`" if term.back else ""
        rows.append(f"| {FOLLOWS[role]} | {bodies} | {term.until} | {term.because} | {back} |")
    return _table(("who follows", "bodies", "until", "because", "added again by"), rows)


def _table(heads: Iterable[str], rows: Iterable[str]) -> str:
    heads = list(heads)
    lines = [f"| {' | '.join(heads)} |", "|" + "---|" * len(heads), *rows]
    return "\n".join(lines) + "\n"
