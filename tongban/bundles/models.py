"""Bundles (一件事) that are made at this node: one set of answers and papers, and the parts that come of it."""

from django.db import models
from django.db.models import Q


class Bundle(models.Model):
    """One event of somebody's life in the making or on its way.

    key, version: of the file that it follows. place: where the person is. applicant: whose matter it is; person, role
    and organ: who is at the keyboard. content: answers and papers, encrypted; empty once they lie with the parts.
    """

    class State(models.TextChoices):
        DRAFT = "draft"
        SUBMITTED = "submitted"
        DROPPED = "dropped"

    id = models.UUIDField(primary_key=True)
    key = models.CharField(max_length=40)
    version = models.PositiveIntegerField()
    name = models.CharField(max_length=80)
    place = models.CharField(max_length=12)
    applicant = models.UUIDField()
    person = models.UUIDField()
    role = models.CharField(max_length=12)
    organ = models.CharField(max_length=18)
    state = models.CharField(max_length=12, choices=State)
    content = models.BinaryField()
    revision = models.PositiveIntegerField(default=1)
    made_at = models.DateTimeField()
    changed_at = models.DateTimeField()
    submitted_at = models.DateTimeField(null=True)

    class Meta:
        indexes = [
            models.Index(fields=["applicant", "-changed_at", "-id"], name="bundles_of_person"),
            models.Index(fields=["changed_at"], name="bundles_old"),
        ]


class Part(models.Model):
    """A part of a bundle that was handed in, and what became of it (`rules.following.PartState`).

    after: key of the part that it waits for; awaits: that part's application, as soon as there is one.
    application: id of its own application, and so of its case. content: its answers and papers, encrypted, while it has
    no application. why: reason code of what stands in the way; facts: for the sentence.
    """

    bundle = models.ForeignKey(Bundle, on_delete=models.CASCADE, related_name="parts")
    key = models.CharField(max_length=40)
    position = models.PositiveSmallIntegerField()
    item = models.CharField(max_length=40)
    name = models.CharField(max_length=80)
    place = models.CharField(max_length=12)
    state = models.CharField(max_length=12)
    after = models.CharField(max_length=40)
    awaits = models.UUIDField(null=True)
    application = models.UUIDField(null=True, unique=True)
    content = models.BinaryField()
    why = models.CharField(max_length=40)
    facts = models.JSONField(default=dict)
    changed_at = models.DateTimeField()

    class Meta:
        constraints = [models.UniqueConstraint(fields=["bundle", "key"], name="bundles_part_once")]
        indexes = [
            models.Index(fields=["awaits"], name="bundles_waiting", condition=Q(state="waiting", awaits__isnull=False))
        ]
