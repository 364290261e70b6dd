"""A province's whole catalogue, taken in from a table: all of it or none, or row by row; first tried, if wanted."""

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass

from django.conf import settings
from django.db import transaction

from tongban.base.actor import Actor
from tongban.base.errors import Rejected
from tongban.calendar.queries import now
from tongban.catalogue.actions.publishing import HUB, check_may_publish
from tongban.catalogue.models import Entry as EntryRow
from tongban.catalogue.queries import shipped_synonyms
from tongban.catalogue.rules.entries import ColumnMap, Entry, Fault, read_rows
from tongban.catalogue.rules.words import vector
from tongban.catalogue.sheets import read_table
from tongban.orgs.queries import known_places

AT_A_TIME = 1000
COLUMNS = ["base_code", "name", "item_type", "basis", "place", "content", "search", "changed_at"]
Progress = Callable[[int, int], None]


@dataclass(frozen=True, slots=True)
class Report:
    """What an import did, or in a dry run would have done, with the faults that each row has.

    written: whether anything was put into the catalogue.
    """

    rows: int
    new: int
    changed: int
    same: int
    faults: tuple[Fault, ...]
    written: bool


def import_entries(
    actor: Actor,
    *,
    province: str,
    content: bytes,
    form: str,
    mapping: ColumnMap,
    dry_run: bool,
    per_row: bool,
    progress: Progress = lambda _done, _of: None,
) -> Report:
    """Take in a table (csv, xlsx or json). per_row: good rows are written though others are not; else all or none.

    Raises Rejected("not_allowed") for another province's catalogue, ("file_unreadable").
    """
    check_may_publish(actor)
    if settings.NODE not in (province, HUB):
        raise Rejected("not_allowed")
    headings, rows = read_table(content, form=form)
    read = read_rows(rows, headings, mapping)
    misplaced = _misplaced(read.entries, province)
    wrong = {fault.row for fault in misplaced}
    entries = [entry for number, entry in read.entries if number not in wrong]
    faults = tuple(sorted([*read.faults, *misplaced], key=lambda fault: (fault.row, fault.column)))
    if dry_run or (faults and not per_row):
        new, changed, same = _compared(province, entries)
        return Report(len(entries) + len({fault.row for fault in faults}), len(new), len(changed), same, faults, False)
    with transaction.atomic():
        new, changed, same = _compared(province, entries)
        _write(province, [*new, *changed], progress)
    rows_read = len(entries) + len({fault.row for fault in faults})
    return Report(rows_read, len(new), len(changed), same, faults, bool(new or changed))


def _misplaced(entries: Iterable[tuple[int, Entry]], province: str) -> list[Fault]:
    listed = list(entries)
    known = known_places({entry.place for _, entry in listed})
    return [
        Fault(number, "place", "not_theirs" if entry.place[:2] != province else "known_elsewhere", entry.place)
        for number, entry in listed
        if entry.place[:2] != province or entry.place not in known
    ]


def _compared(province: str, entries: Sequence[Entry]) -> tuple[list[Entry], list[Entry], int]:
    """The entries that are new, those that say something else now, and how many say the same."""
    before = dict(EntryRow.objects.filter(province=province).values_list("code", "content"))
    new = [entry for entry in entries if entry.code not in before]
    changed = [entry for entry in entries if entry.code in before and before[entry.code] != entry.as_row()]
    return new, changed, len(entries) - len(new) - len(changed)


def _write(province: str, entries: Sequence[Entry], progress: Progress) -> None:
    synonyms, at = shipped_synonyms(), now()
    for start in range(0, len(entries), AT_A_TIME):
        batch = entries[start : start + AT_A_TIME]
        rows = [
            EntryRow(
                province=province,
                code=entry.code,
                base_code=entry.base_code,
                name=entry.name,
                item_type=entry.item_type,
                basis=entry.basis,
                place=entry.place,
                content=entry.as_row(),
                search=vector((entry.name, entry.organ), synonyms),
                changed_at=at,
            )
            for entry in batch
        ]
        EntryRow.objects.bulk_create(
            rows, update_conflicts=True, unique_fields=["province", "code"], update_fields=COLUMNS
        )
        progress(start + len(batch), len(entries))
