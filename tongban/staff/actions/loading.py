"""Carry out what the sheets of a bureau say: all of it or nothing, and a report that names every fault."""

from collections import Counter
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from functools import partial
from typing import Any

from django.db import transaction

from tongban.base.actor import Actor, Role
from tongban.base.errors import Rejected
from tongban.base.identifiers import tidy
from tongban.base.words import has, say
from tongban.catalogue.queries import item_names
from tongban.orgs.actions import Outcome
from tongban.orgs.actions.rights import only_operator
from tongban.orgs.queries import find_organ, is_closed, organ_kinds
from tongban.people.queries import find_account, staff
from tongban.staff.actions.organs import check_empty, note_closing, save_organ
from tongban.staff.actions.people import appoint, leave
from tongban.staff.actions.rights import settle_rights
from tongban.staff.queries import region_is_here
from tongban.staff.rules import REQUIRED, Fault, Reader, Right, Row, Sheet, check_right, heading, read_sheet


@dataclass
class Report:
    """faults: empty when everything was done, or would be. counts: rows of a sheet by what became of them."""

    faults: list[Fault] = field(default_factory=list)
    counts: Counter[tuple[Sheet, Outcome]] = field(default_factory=Counter)

    def refuse(self, sheet: Sheet, row: int, refusal: Rejected) -> None:
        """One fault for each column that is wrong, or one for the row."""
        if not refusal.fields:
            self.faults.append(Fault(sheet, row, "", _sentence(refusal.reason, refusal.facts)))
        for column, code in refusal.fields.items():
            self.faults.append(Fault(sheet, row, heading(sheet, column), _sentence(code, {})))


@dataclass
class _Loading:
    """named: the first cells of the rows of a sheet, faulty ones too, so that one fault is not told as three."""

    actor: Actor
    reader: Reader
    report: Report
    rows: dict[Sheet, list[Row]] = field(default_factory=dict)
    named: dict[Sheet, set[str]] = field(default_factory=dict)


def load(actor: Actor, *, sheets: Mapping[Sheet, bytes], dry_run: bool) -> Report:
    """Carry out the sheets in one transaction; with a fault, or in a dry run, nothing is changed.

    A row says how things are: what is so already is left alone. Organs and staff that no row names are left alone too;
    the rights of an officer whom a row names become those of his rows. Raises Rejected("not_allowed").
    """
    only_operator(actor)
    reader = Reader(organ_kinds(), {name: key for key, name in item_names().items()}, actor.node)
    loading = _Loading(actor, reader, Report())
    with transaction.atomic():
        for sheet in Sheet:
            _read(loading, sheet, sheets.get(sheet, b""))
        _carry_out(loading, Sheet.ORGANS, partial(_organ, loading))
        _carry_out(loading, Sheet.STAFF, partial(_member, loading))
        _carry_out_rights(loading)
        _check_closed(loading)
        _check_operators(loading)
        if loading.report.faults or dry_run:
            transaction.set_rollback(True)
    loading.report.faults.sort(key=lambda fault: (list(Sheet).index(fault.sheet), fault.row))
    return loading.report


def _read(loading: _Loading, sheet: Sheet, content: bytes) -> None:
    """The rows whose form is right. An organ or a person stands in one row alone: two could say different things."""
    rows, faults = read_sheet(sheet, content) if content else ([], [])
    key = REQUIRED[sheet][0]
    first: dict[str, int] = {}
    for row in rows:
        if sheet is not Sheet.GRANTS and first.setdefault(row.values[key], row.number) != row.number:
            sentence = say("fault.twice", row=first[row.values[key]])
            faults.append(Fault(sheet, row.number, heading(sheet, key), sentence))
    loading.report.faults += faults
    wrong = {fault.row for fault in faults}
    loading.named[sheet] = {row.values[key] for row in rows}
    loading.rows[sheet] = [row for row in rows if row.number not in wrong]


def _carry_out(loading: _Loading, sheet: Sheet, apply: Callable[[Row], Outcome | None]) -> None:
    for row in loading.rows[sheet]:
        try:
            with transaction.atomic():
                outcome = apply(row)
        except Rejected as refusal:
            loading.report.refuse(sheet, row.number, refusal)
        else:
            if outcome:
                loading.report.counts[sheet, outcome] += 1


def _organ(loading: _Loading, row: Row) -> Outcome:
    reader, values = loading.reader, dict(row.values)
    closed_on = _day(reader, values.pop("closed_on"), "closed_on")
    values |= {"kind": reader.kind(values["kind"]), "nature": reader.nature(values["nature"])}
    organ, outcome = save_organ(loading.actor, **values)
    closing = note_closing(loading.actor, code=organ.code, on=closed_on)
    return closing if outcome is Outcome.SAME else outcome


def _member(loading: _Loading, row: Row) -> Outcome | None:
    reader, values = loading.reader, row.values
    role = reader.role(values["role"])
    if role is None:
        raise Rejected("invalid", fields={"role": "staff_role_unknown"})
    if values["organ"] in loading.named[Sheet.ORGANS] and find_organ(tidy(values["organ"])) is None:
        return None
    left_on = _day(reader, values["left_on"], "left_on")
    account = find_account(values["username"])
    if left_on and account and not account.is_active:
        return Outcome.SAME
    account, outcome = appoint(
        loading.actor, username=values["username"], name=values["name"], role=role, organ=values["organ"]
    )
    return leave(loading.actor, account=account.id, on=left_on) if left_on else outcome


def _carry_out_rights(loading: _Loading) -> None:
    """Officer by officer, and those alone of whose rows none is wrong."""
    rights: dict[str, list[Right] | None] = {}
    rows: dict[str, int] = {}
    for row in loading.rows[Sheet.GRANTS]:
        username = row.values["username"]
        rows.setdefault(username, row.number)
        try:
            right = _right(loading, row)
        except Rejected as refusal:
            loading.report.refuse(Sheet.GRANTS, row.number, refusal)
            rights[username] = None
        else:
            held = rights.setdefault(username, [])
            if held is not None and right is not None:
                held.append(right)
    for username, wanted in rights.items():
        if wanted is not None:
            _settle(loading, username, rows[username], wanted)


def _right(loading: _Loading, row: Row) -> Right | None:
    """None for a row that says that he may do nothing."""
    reader = loading.reader
    acts, region = reader.acts(row.values["acts"]), reader.region(row.values["region"])
    if not acts:
        return None
    places = [region] if region_is_here(loading.actor, region) else []
    item = reader.item(row.values["item"])
    return check_right(acts=acts, item=item, region=region, items=set(reader.items.values()), places=places)


def _settle(loading: _Loading, username: str, row: int, rights: Sequence[Right]) -> None:
    account = find_account(username)
    try:
        if account is None and username not in loading.named[Sheet.STAFF]:
            raise Rejected("invalid", fields={"username": "staff_unknown"})
        if account is not None:
            outcome = settle_rights(loading.actor, account=account.id, rights=rights)
            loading.report.counts[Sheet.GRANTS, outcome] += 1
    except Rejected as refusal:
        loading.report.refuse(Sheet.GRANTS, row, refusal)


def _check_closed(loading: _Loading) -> None:
    """Now that everybody has been moved who is."""
    for row in loading.rows[Sheet.ORGANS]:
        organ = find_organ(tidy(row.values["code"])) if row.values["closed_on"] else None
        if organ is None or not is_closed(organ):
            continue
        try:
            check_empty(loading.actor, organ.code)
        except Rejected as refusal:
            loading.report.refuse(Sheet.ORGANS, row.number, refusal)


def _check_operators(loading: _Loading) -> None:
    """A node without an operator can be mended by nobody who comes in by its pages."""
    if not loading.report.faults and not staff(loading.actor).filter(role=Role.OPERATOR, is_active=True).exists():
        title = heading(Sheet.STAFF, "role")
        loading.report.faults.append(Fault(Sheet.STAFF, 0, title, say("fault.no_operator")))


def _day(reader: Reader, text: str, column: str) -> date | None:
    try:
        return reader.day(text)
    except Rejected as refusal:
        raise Rejected("invalid", fields={column: refusal.reason}) from refusal


def _sentence(code: str, facts: Mapping[str, Any]) -> str:
    return say(f"reason.{code}", **facts) if has(f"reason.{code}") else code
