"""The text of a draft: typed, or taken from a file; kept with its faults, which are told by line."""

from uuid import UUID

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.views.decorators.http import require_http_methods

from tongban.base.actor import Role
from tongban.base.errors import Rejected
from tongban.base.words import say
from tongban.catalogue.actions import save_text
from tongban.catalogue.queries import Drafted, get_draft, missed, newest_of
from tongban.catalogue.rules.checking import check_text
from tongban.catalogue.rules.drafting import LONGEST_TEXT, Act, Status, check
from tongban.catalogue.rules.writing import text_of_json
from tongban.web.door import Visit, only
from tongban.web.drafting.draft import crumbs, frame, quoted
from tongban.web.mishaps import sentence_of, sentences, status_of


@require_http_methods(["GET", "POST"])
@only(Role.OFFICER)
def edit(request: Visit, draft_id: UUID) -> HttpResponse:
    found = get_draft(request.actor, draft_id)
    check(Act.SAVE, Status(found.draft.status), found.part)
    if request.method != "POST":
        return _form(request, found, found.draft.text)
    text = request.POST.get("text", "").replace("\r\n", "\n")
    try:
        text = _uploaded(request) or text
        seen, base = number(request.POST.get("seen", "")), number(request.POST.get("base", ""))
        row = save_text(request.actor, draft_id, seen=seen, base=base, text=text)
    except Rejected as refusal:
        return _form(request, get_draft(request.actor, draft_id), text, refusal)
    faulty = bool(check_text(row.text, key=row.item_id, name=row.item.name).faults)
    messages.success(request, say("draft.saved_faulty" if faulty else "draft.saved"))
    return redirect("drafts:text", draft_id)


def number(text: str) -> int:
    """0 for what is no number: nothing has that revision."""
    return int(text) if text.isascii() and text.isdigit() and len(text) < 10 else 0


def _uploaded(request: Visit) -> str:
    """The text of the file that was chosen, empty without one. Raises Rejected("draft_file"), ("draft_json")."""
    file = request.FILES.get("file")
    if file is None:
        return ""
    form = (file.name or "").rpartition(".")[2].lower()
    if form not in ("toml", "json") or file.size is None or file.size > LONGEST_TEXT:
        raise Rejected("draft_file")
    try:
        text = file.read().decode("utf-8-sig").replace("\r\n", "\n")
    except UnicodeDecodeError as error:
        raise Rejected("draft_file") from error
    return text_of_json(text) if form == "json" else text


def _form(request: Visit, found: Drafted, text: str, refusal: Rejected | None = None) -> HttpResponse:
    """What was typed stays; a newer version is shown with what it changed, and the next save rests on it."""
    row, newest = found.draft, newest_of(found.draft)
    checked = check_text(text, key=row.item_id, name=row.item.name)
    page = reverse("drafts:draft", args=[row.id])
    content = {
        **frame(found),
        "text": text,
        "rows": min(max(text.count("\n") + 2, 20), 40),
        "faults": quoted(checked.faults, text),
        "newest": newest,
        "base": newest.version if newest else 0,
        "outdated": newest is not None and newest.version != row.base,
        "missed": missed(row, newest),
        "refused": " ".join(sentences(refusal).values()) or sentence_of(refusal) if refusal else "",
        "send": reverse("drafts:act", args=[row.id, Act.SEND]),
        "back": page,
        "crumbs": crumbs((row.item.name, page), (say("draft.edit"), "")),
    }
    return render(request, "web/drafting/text.html", content, status=status_of(refusal) if refusal else 200)
