"""A change of what was signed: the signatures hold no more."""

from collections.abc import Mapping
from typing import Any

from django.conf import settings

from tongban.applications.models import Application, Signature
from tongban.applications.queries.signing import matter_of_draft
from tongban.base.actor import system
from tongban.journal.actions import record


def void_signatures(application: Application, content: Mapping[str, Any]) -> None:
    """Whoever signed or was asked to sign another content than this is asked again when it is ready."""
    rows = Signature.objects.filter(matter=application.id).exclude(state=Signature.State.VOID)
    first = rows.first()
    if first is None or (application.applicant and first.digest == matter_of_draft(application, content).digest):
        return
    rows.update(state=Signature.State.VOID)
    record(system(settings.NODE), event="signatures_void", case=application.id, facts={"digest": first.digest})
