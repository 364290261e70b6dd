"""What became of the items: the change log as a page and as a feed; two versions of one side by side."""

from django.http import HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils.feedgenerator import Atom1Feed
from django.views.decorators.http import require_safe

from tongban.base.words import say
from tongban.catalogue.models import ItemChange
from tongban.catalogue.queries import definition_in, get_base_item, item_changes, provinces_of, versions
from tongban.catalogue.rules.comparing import differences
from tongban.web.citizen.lists.today import HUB, province_of
from tongban.web.context import nodes
from tongban.web.door import Visit
from tongban.web.lines import address
from tongban.web.paging import PAGE, Pager

IN_FEED = 50


@require_safe
def changes(request: Visit) -> HttpResponse:
    """Of this province and of the whole list, or of one item everywhere."""
    item, before = request.GET.get("item", "")[:20], request.GET.get("before", "")
    start = int(before) if before.isascii() and before.isdigit() and len(before) < 18 else 0
    provinces = () if item else (HUB, province_of(request))
    page = list(item_changes(item=item, provinces=provinces, before=start)[: PAGE + 1])
    here = reverse("list_changes")
    following = address(here, item=item, before=page[PAGE - 1].pk) if len(page) > PAGE else ""
    content = {
        "lines": [(row, sentence(row)) for row in page[:PAGE]],
        "item": get_base_item(item) if item else None,
        "pager": Pager(address(here, item=item) if start else "", following),
    }
    return render(request, "web/citizen/lists/changes.html", content)


def sentence(row: ItemChange) -> str:
    where = say("change.everywhere") if row.province == HUB else nodes().get(row.province, (row.province, ""))[0]
    day = say("format.day", year=row.applies_on.year, month=row.applies_on.month, day=row.applies_on.day)
    return say(f"change.{row.what}", where=where, version=row.version or "", day=day)


@require_safe
def feed(request: Visit) -> HttpResponse:
    found = Atom1Feed(
        title=say("change.feed"),
        link=request.build_absolute_uri(reverse("list_changes")),
        description=say("change.feed"),
        feed_url=request.build_absolute_uri(),
        language="zh-CN",
    )
    for row in item_changes(provinces=(HUB, province_of(request)))[:IN_FEED]:
        found.add_item(
            title=f"{row.item.name}：{sentence(row)}",
            link=request.build_absolute_uri(reverse("guide", args=[row.item_id])),
            description=row.why,
            unique_id=row.letter.urn,
            updateddate=row.at,
            pubdate=row.at,
        )
    return HttpResponse(found.writeString("utf-8"), content_type="application/atom+xml; charset=utf-8")


@require_safe
def of_item(request: Visit, key: str) -> HttpResponse:
    """The versions of a province's standard, and in what two of them differ."""
    item, known = get_base_item(key), provinces_of(key)
    province = province_of(request) if province_of(request) in known or not known else known[0]
    rows = list(versions(key, province))
    numbers = [row.version for row in rows]
    newer = _number(request.GET.get("b", ""), numbers, 0)
    older = _number(request.GET.get("a", ""), numbers, 1)
    pair = [next((row for row in rows if row.version == number), None) for number in (older, newer)]
    before, after = pair
    content = {
        "item": item,
        "province_name": nodes().get(province, (province, ""))[0],
        "province": province,
        "rows": rows,
        "before": before,
        "after": after,
        "differences": differences(definition_in(before), definition_in(after)) if before and after else (),
        "lines": [(row, sentence(row)) for row in item_changes(item=key, provinces=(HUB, province))[:PAGE]],
    }
    return render(request, "web/citizen/lists/versions.html", content)


def _number(text: str, numbers: list[int], position: int) -> int | None:
    """The version asked for, or the newest (position 0) or the one before it (1)."""
    if text.isascii() and text.isdigit() and len(text) < 6 and int(text) in numbers:
        return int(text)
    return numbers[position] if len(numbers) > position else None
