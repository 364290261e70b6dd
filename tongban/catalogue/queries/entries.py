"""The whole catalogues of provinces: searched, listed for export, and held against 五级四同."""

from collections.abc import Iterator

from django.contrib.postgres.search import SearchQueryField
from django.db.models import Count, F, FloatField, Func, Q, QuerySet, Value
from django.db.models.functions import Cast

from tongban.catalogue.models import Entry as EntryRow
from tongban.catalogue.queries.items import matches
from tongban.catalogue.rules.entries import SAME, Entry, Inconsistency, inconsistencies
from tongban.catalogue.rules.words import queries as search_queries

DEEPEST = 1000


def find_entries(text: str, *, province: str = "", place: str = "", most: int = 20, skip: int = 0) -> list[EntryRow]:
    """Entries by words, best first; empty text lists them by code. place: how the codes of their places begin."""
    rows: QuerySet[EntryRow] = EntryRow.objects.defer("search")
    rows = rows.filter(province=province) if province else rows
    rows = rows.filter(place__startswith=place) if place else rows
    wanted = search_queries(text)
    if wanted is None:
        return [] if text.strip() else list(rows.order_by("province", "code")[skip : skip + most])
    every = Cast(Value(wanted[0]), SearchQueryField())
    ranked = Func(F("search"), every, function="ts_rank", output_field=FloatField())
    found = rows.filter(matches(every)).annotate(rank=ranked).order_by("-rank", "province", "code")
    return list(found[min(skip, DEEPEST) : min(skip, DEEPEST) + most])


def all_entries(province: str) -> Iterator[Entry]:
    """Every entry of a province by code, read in portions."""
    rows = EntryRow.objects.filter(province=province).order_by("code").values_list("content", flat=True)
    for content in rows.iterator(chunk_size=2000):
        yield Entry(**content)


def inconsistent(*, after: str = "", most: int = 20) -> tuple[Inconsistency, ...]:
    """The base codes, from behind the one named, under which name, type or basis is not the same everywhere."""
    coded = EntryRow.objects.exclude(base_code="").filter(base_code__gt=after).values("base_code").order_by("base_code")
    counted = coded.annotate(**{f"{name}s": Count(name, distinct=True) for name in SAME})
    differing = Q(*[(f"{name}s__gt", 1) for name in SAME], _connector=Q.OR)
    codes = list(counted.filter(differing).values_list("base_code", flat=True)[:most])
    rows = EntryRow.objects.filter(base_code__in=codes).values_list("content", flat=True)
    return inconsistencies(Entry(**content) for content in rows)
