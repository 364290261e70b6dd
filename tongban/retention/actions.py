"""One job for all periods: each app erases its own contents, and a proof is written in the same transaction."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime, timedelta
from functools import partial
from typing import Any

from django.db import connections, transaction
from django.db.models import QuerySet
from django.utils import timezone

from tongban.applications.actions.erasing import erase_papers, erase_sent, erase_supplements, erase_unsent
from tongban.applications.queries.keeping import abandoned, old_supplements, papers_to_erase, sent_before
from tongban.base.actor import Actor, Role
from tongban.base.canonical import canonical_json, digest
from tongban.base.errors import Rejected
from tongban.base.times import legal_date
from tongban.bundles.actions.erasing import (
    abandoned as abandoned_bundles,
)
from tongban.bundles.actions.erasing import (
    done as done_bundles,
)
from tongban.bundles.actions.erasing import (
    erase_abandoned,
    erase_done,
    erase_undecided,
    undecided,
)
from tongban.cases.actions.erasing import erase_contents
from tongban.cases.queries.keeping import to_erase
from tongban.exchange.actions import erase_parts
from tongban.exchange.queries import delivered_parts
from tongban.files.actions import erase_unnamed
from tongban.files.queries import unnamed
from tongban.journal.actions import erase_before
from tongban.journal.queries import written_before
from tongban.looks.actions import forget_told, forget_unasked
from tongban.looks.queries.keeping import long_unasked, told_before
from tongban.retention.models import Erasure
from tongban.retention.queries import periods

AT_A_TIME = 200
APP, OWNER = "default", "owner"


@dataclass(frozen=True, slots=True)
class Rule:
    """name: a key of `[retention]` in the words. days: the period. due(before=), erase(before=, most=): of the app.

    database: the connection that may; from append-only tables only their owner deletes.
    """

    name: str
    days: int
    due: Callable[..., QuerySet[Any]]
    erase: Callable[..., list[str]]
    database: str = APP


def rules(actor: Actor) -> list[Rule]:
    """The periods of this node as rules; that of the journal only where its owner is connected.

    A paper goes after the contents of its case. Raises Rejected("not_allowed"), ValueError for an unreadable file.
    """
    if actor.role is not Role.SYSTEM:
        raise Rejected("not_allowed")
    kept = periods()
    found = [
        Rule("draft", kept.draft, partial(abandoned, actor), partial(erase_unsent, actor)),
        Rule("supplement", kept.draft, partial(old_supplements, actor), partial(erase_supplements, actor)),
        Rule("bundle", kept.draft, partial(abandoned_bundles, actor), partial(erase_abandoned, actor)),
        Rule("undecided", kept.draft, partial(undecided, actor), partial(erase_undecided, actor)),
        Rule("sent", kept.sent, partial(sent_before, actor), partial(erase_sent, actor)),
        Rule("part", kept.sent, delivered_parts, erase_parts),
        _cases(actor, "copy", kept.copy, home=False),
        *(_cases(actor, "home", days, home=True, patterns=group) for days, group in kept.home_groups()),
        Rule("paper", kept.copy, partial(papers_to_erase, actor), partial(erase_papers, actor)),
        Rule("bundle_done", kept.copy, partial(done_bundles, actor), partial(erase_done, actor)),
        Rule("inquiry", kept.copy, partial(long_unasked, actor), partial(forget_unasked, actor)),
        Rule("told", kept.journal, partial(told_before, actor), partial(forget_told, actor)),
        Rule("file", kept.file, unnamed, partial(erase_unnamed, actor)),
    ]
    if OWNER in connections:
        by_owner = partial(erase_before, actor, using=OWNER)
        found.append(Rule("journal", kept.journal, partial(written_before, actor), by_owner, OWNER))
    return found


def _cases(actor: Actor, name: str, days: int, **which: Any) -> Rule:
    return Rule(name, days, partial(to_erase, actor, **which), partial(erase_contents, actor, **which))


def erase_some(rule: Rule, *, now: datetime) -> int:
    """Erase a batch of what the rule names and prove it, all or nothing; how much it was, 0 when nothing is left."""
    with transaction.atomic(using=rule.database):
        erased = rule.erase(before=now - timedelta(days=rule.days), most=AT_A_TIME)
        if erased:
            Erasure.objects.using(rule.database).create(
                rule=rule.name,
                days=rule.days,
                day=legal_date(timezone.now()),
                at=timezone.now(),
                count=len(erased),
                digest=digest(canonical_json(sorted(erased))),
            )
    return len(erased)
