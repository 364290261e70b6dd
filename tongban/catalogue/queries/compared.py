"""A draft beside the version in force and beside what was sent before, in words and to the letter."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from django.conf import settings

from tongban.base.canonical import parse_json
from tongban.catalogue.models import Draft, DraftStep, ItemVersion
from tongban.catalogue.queries.items import definition_in, find_version, versions
from tongban.catalogue.rules.checking import Checked, check_text
from tongban.catalogue.rules.comparing import Difference, differences
from tongban.catalogue.rules.drafting import Act, Status
from tongban.catalogue.rules.reading import definition_of
from tongban.catalogue.rules.textual import TextChange, text_changes


@dataclass(frozen=True, slots=True)
class Compared:
    """What a draft changes, in words and to the letter. version: in force, None where there is none.

    since: to the letter, what is new in it since it was sent the time before.
    """

    version: ItemVersion | None
    words: tuple[Difference, ...]
    letters: tuple[TextChange, ...]
    since: tuple[TextChange, ...]


def checked_of(row: Draft) -> Checked:
    """What the draft says now, and what is wrong with it."""
    if row.status == Status.DRAFTING or row.content is None:
        return check_text(row.text, key=row.item_id, name=row.item.name)
    content = parse_json(bytes(row.content))
    return Checked(content, definition_of(content), ())


def changes_of(row: Draft, checked: Checked) -> Compared | None:
    """None while the text cannot be read."""
    if checked.content is None or checked.definition is None:
        return None
    version = _before(row)
    if version is None:
        return Compared(None, (), (), _since(row, checked.content))
    words = differences(definition_in(version), checked.definition)
    return Compared(version, words, text_changes(_content(version), checked.content), _since(row, checked.content))


def _before(row: Draft) -> ItemVersion | None:
    """What is in force, or what an ended draft was to replace."""
    if row.status in (Status.PUBLISHED, Status.WITHDRAWN):
        return find_version(row.item_id, row.province, row.base) if row.base else None
    return find_version(row.item_id, row.province)


def _content(version: ItemVersion) -> Mapping[str, Any]:
    content: Mapping[str, Any] = parse_json(bytes(version.content))
    return content


def _since(row: Draft, content: Mapping[str, Any]) -> tuple[TextChange, ...]:
    sent = DraftStep.objects.filter(draft=row, act=Act.SEND).order_by("-no")
    others = sent.exclude(digest=row.digest) if row.status != Status.DRAFTING else sent
    before = others.values_list("content", flat=True).first()
    return text_changes(parse_json(bytes(before)), content) if before is not None else ()


def newest_of(row: Draft) -> ItemVersion | None:
    return versions(row.item_id, settings.NODE).first()


def missed(row: Draft, newest: ItemVersion | None) -> tuple[Difference, ...]:
    """What the newest version says otherwise than the one that the draft rests on."""
    base = find_version(row.item_id, row.province, row.base) if row.base else None
    if base is None or newest is None or base.pk == newest.pk:
        return ()
    return differences(definition_in(base), definition_in(newest))
