"""What may be asked: base items, each province's standards by version, and the agreements between places."""

from django.contrib.postgres.fields import ArrayField
from django.contrib.postgres.indexes import GinIndex
from django.contrib.postgres.search import SearchVectorField
from django.db import models

from tongban.base.uuid7 import uuid7
from tongban.catalogue.rules import drafting
from tongban.catalogue.rules.comparing import label_of


class BaseItem(models.Model):
    """An item of the plan, the same in every province: number, name, scenario, units, deadline.

    search: weighted pairs of characters made by `rules.words`. topics: subject words of this province's standard.
    state: open, merged (into successor) or ended, from state_from on (None: from the beginning); state_note says why.
    """

    OPEN = "open"

    key = models.CharField(max_length=20, primary_key=True, db_collation="C")
    batch = models.SmallIntegerField()
    number = models.SmallIntegerField()
    name = models.CharField(max_length=100)
    scenario = models.TextField()
    lead_unit = models.CharField(max_length=40)
    cooperating_units = models.CharField(max_length=200, blank=True)
    deadline = models.DateField(null=True)
    deadline_text = models.CharField(max_length=100)
    note = models.CharField(max_length=200, blank=True)
    state = models.CharField(max_length=10, default=OPEN)
    successor = models.ForeignKey("self", on_delete=models.PROTECT, null=True, related_name="predecessors")
    state_from = models.DateField(null=True)
    state_note = models.CharField(max_length=200, blank=True)
    search = SearchVectorField(null=True)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["batch", "number"], name="catalogue_item_once")]


class ItemVersion(models.Model):
    """A province's standard of an item. Once published the content never changes; withdrawing only sets its last day.

    content: canonical JSON, the bytes of `digest`. withdrawn_on: the first day on which it no longer applies.
    suspended_from, suspended_until: days on which nothing new is taken, both included; until None means further notice.
    letters: ids of the letters by which it was sent or heard, publishing and withdrawing; heard_at: when this node
    learned of a foreign one.
    """

    class Status(models.TextChoices):
        PUBLISHED = "published"
        WITHDRAWN = "withdrawn"

    item = models.ForeignKey(BaseItem, on_delete=models.PROTECT, related_name="versions")
    province = models.CharField(max_length=2, db_collation="C")
    version = models.IntegerField()
    status = models.CharField(max_length=10, choices=Status.choices, default=Status.PUBLISHED)
    content = models.BinaryField()
    digest = models.CharField(max_length=64, db_collation="C")
    effective_from = models.DateField(null=True)
    withdrawn_on = models.DateField(null=True)
    suspended_from = models.DateField(null=True)
    suspended_until = models.DateField(null=True)
    published_at = models.DateTimeField(null=True)
    heard_at = models.DateTimeField(null=True)
    letters = models.JSONField(default=list)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["item", "province", "version"], name="catalogue_version_once")]


class Draft(models.Model):
    """A standard that a province is drafting: the text as it was typed, and where it stands (`rules.drafting`).

    base: the version that it is to replace, 0 where there is none. organ: whose officers write it; authors: who wrote
    in it, none of whom passes it. content: canonical JSON of what was last sent for review, the bytes of `digest`;
    consulted: the digest that the co-operating units were last asked about. round: how often they were asked.
    version: as which it was published. revision: rises with whatever happens to it.
    """

    id = models.UUIDField(primary_key=True, default=uuid7)
    item = models.ForeignKey(BaseItem, on_delete=models.PROTECT, related_name="drafts")
    province = models.CharField(max_length=2, db_collation="C")
    base = models.IntegerField()
    organ = models.CharField(max_length=18, db_collation="C")
    authors = ArrayField(models.UUIDField())
    text = models.TextField()
    content = models.BinaryField(null=True)
    digest = models.CharField(max_length=64, blank=True, db_collation="C")
    consulted = models.CharField(max_length=64, blank=True, db_collation="C")
    status = models.CharField(max_length=10, default=str(drafting.Status.DRAFTING))
    round = models.SmallIntegerField(default=0)
    due = models.DateField(null=True)
    publish_on = models.DateField(null=True)
    version = models.IntegerField(null=True)
    revision = models.IntegerField(default=1)
    changed_at = models.DateTimeField()

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["item", "province"],
                condition=models.Q(status__in=[str(status) for status in drafting.OPEN]),
                name="catalogue_one_open_draft",
            )
        ]
        indexes = [
            models.Index(
                fields=["publish_on"],
                condition=models.Q(status=str(drafting.Status.SCHEDULED)),
                name="catalogue_draft_scheduled",
            ),
            models.Index(fields=["item", "province", "version"], name="catalogue_draft_of_version"),
        ]


class DraftStep(models.Model):
    """What was done with a draft, by whom, why. by: None for the node. content: the text that was sent, as it was read.

    unit, verdict, answers: of an opinion or an answer (`rules.drafting.Taken`). day: until when units are asked, or
    on which it is to be published.
    """

    draft = models.ForeignKey(Draft, on_delete=models.PROTECT, related_name="steps")
    no = models.SmallIntegerField()
    act = models.CharField(max_length=10)
    by = models.UUIDField(null=True)
    organ = models.CharField(max_length=18, blank=True, db_collation="C")
    at = models.DateTimeField()
    said = models.TextField(blank=True)
    round = models.SmallIntegerField()
    unit = models.CharField(max_length=40, blank=True)
    verdict = models.CharField(max_length=10, blank=True)
    answers = models.SmallIntegerField(null=True)
    day = models.DateField(null=True)
    digest = models.CharField(max_length=64, blank=True, db_collation="C")
    content = models.BinaryField(null=True)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["draft", "no"], name="catalogue_draft_step_once")]


class ItemChange(models.Model):
    """One line of the public change log: what became of an item, in which province ("00": everywhere), from which day.

    version: of the province's standard; None for a change of the base item. why: as it was given when it was done.
    """

    class What(models.TextChoices):
        PUBLISHED = "published"
        WITHDRAWN = "withdrawn"
        SUSPENDED = "suspended"
        RESUMED = "resumed"
        MERGED = "merged"
        ENDED = "ended"
        OPENED = "opened"

    item = models.ForeignKey(BaseItem, on_delete=models.PROTECT)
    province = models.CharField(max_length=2, db_collation="C")
    what = models.CharField(max_length=10, choices=What.choices)
    version = models.IntegerField(null=True)
    applies_on = models.DateField()
    why = models.CharField(max_length=200, blank=True)
    letter = models.UUIDField()
    at = models.DateTimeField()

    class Meta:
        constraints = [models.UniqueConstraint(fields=["letter"], name="catalogue_change_once")]
        indexes = [models.Index(fields=["item", "-id"], name="catalogue_change_of_item")]


class Implementation(models.Model):
    """What an authority's place adds to its province's standard of an item ("*": of every item), by version.

    place: 12-digit division. content: canonical JSON, the bytes of `digest`. letter: by which it was sent or heard.
    """

    item = models.CharField(max_length=20, db_collation="C")
    place = models.CharField(max_length=12, db_collation="C")
    version = models.IntegerField()
    content = models.BinaryField()
    digest = models.CharField(max_length=64, db_collation="C")
    starts = models.DateField()
    until = models.DateField(null=True)
    letter = models.UUIDField()
    heard_at = models.DateTimeField()

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["place", "item", "version"], name="catalogue_implementation_once")
        ]


class Entry(models.Model):
    """An item of one authority in a province's whole catalogue, as its table brought it (`rules.entries`).

    content: the row. search: weighted pairs of characters. changed_at: when its row last said something else.
    """

    province = models.CharField(max_length=2, db_collation="C")
    code = models.CharField(max_length=50, db_collation="C")
    base_code = models.CharField(max_length=12, blank=True, db_collation="C")
    name = models.CharField(max_length=200)
    item_type = models.CharField(max_length=2)
    basis = models.TextField(blank=True)
    place = models.CharField(max_length=12, db_collation="C")
    content = models.JSONField()
    search = SearchVectorField(null=True)
    changed_at = models.DateTimeField()

    class Meta:
        constraints = [models.UniqueConstraint(fields=["province", "code"], name="catalogue_entry_once")]
        indexes = [
            models.Index(fields=["base_code"], name="catalogue_entry_by_base", condition=~models.Q(base_code="")),
            GinIndex(fields=["search"], name="catalogue_entry_search"),
        ]


class Discrepancy(models.Model):
    """In what another province's standard of an item differs from ours, and what is being done about it.

    key: digest of path, here and there. open: nobody has looked; raised with the other province; kept for a reason;
    gone: the standards agree again. note: the last word on it.
    """

    class State(models.TextChoices):
        OPEN = "open"
        RAISED = "raised"
        KEPT = "kept"
        GONE = "gone"

    item = models.ForeignKey(BaseItem, on_delete=models.PROTECT)
    province = models.CharField(max_length=2, db_collation="C")
    key = models.CharField(max_length=64, db_collation="C")
    path = models.CharField(max_length=80)
    here = models.TextField()
    there = models.TextField()
    breaks_four_same = models.BooleanField()
    state = models.CharField(max_length=8, choices=State.choices, default=State.OPEN)
    note = models.CharField(max_length=200, blank=True)
    since = models.DateTimeField()
    changed_at = models.DateTimeField()

    @property
    def label(self) -> str:
        return label_of(self.path)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["item", "province", "key"], name="catalogue_discrepancy_once")]
        indexes = [models.Index(fields=["state", "id"], name="catalogue_discrepancy_by_state")]


class Agreement(models.Model):
    """A version of an agreement, as its content was sent.

    signatures: [{"node", "letter"}], the nodes that sent this content under their own signature, and the letters' ids.
    """

    key = models.CharField(max_length=40, db_collation="C")
    version = models.IntegerField()
    name = models.CharField(max_length=200)
    content = models.BinaryField()
    digest = models.CharField(max_length=64, db_collation="C")
    starts = models.DateField()
    until = models.DateField(null=True)
    signatures = models.JSONField(default=list)
    heard_at = models.DateTimeField()

    class Meta:
        constraints = [models.UniqueConstraint(fields=["key", "version"], name="catalogue_agreement_once")]
