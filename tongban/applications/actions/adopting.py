"""A draft whose item has changed goes on under the version that holds now."""

from uuid import UUID

from django.db import transaction

from tongban.applications import vault
from tongban.applications.actions.drafting import keep
from tongban.applications.models import Application
from tongban.applications.queries import locked_draft
from tongban.base.actor import Actor
from tongban.catalogue.queries import get_definition
from tongban.catalogue.rules.answers import tidy_answers


@transaction.atomic
def adopt_version(actor: Actor, application_id: UUID) -> Application:
    """Move the draft to the newest version that applies today; answers and papers that it still asks for stay.

    Signatures given to the old one hold no more. Raises Rejected("item_not_defined") where none applies.
    """
    application = locked_draft(actor, application_id)
    version, definition = get_definition(application.item, application.standard)
    if version == application.version:
        return application
    application.version = version
    content = vault.unlock_json(application.content)
    content["answers"] = tidy_answers(definition, content["answers"])
    return keep(application, content)
