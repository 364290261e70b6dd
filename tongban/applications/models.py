"""What is made at this node: applications from draft to ask, and the originals that its counters hold."""

from django.db import models
from django.db.models import Q


class Application(models.Model):
    """An application in the making or on its way; its id is the id of the case (协同编号).

    content: answers, materials and custody, encrypted; empty once it is erased.
    standard: province whose version of the item is followed.
    place: where the matter lies; receiving_place: where the person or the counter is. bundle: made together.
    """

    class State(models.TextChoices):
        DRAFT = "draft"
        SUBMITTED = "submitted"
        RETURNED = "returned"
        DROPPED = "dropped"

    id = models.UUIDField(primary_key=True)
    bundle = models.UUIDField(null=True)
    item = models.CharField(max_length=40)
    standard = models.CharField(max_length=2)
    version = models.PositiveIntegerField()
    place = models.CharField(max_length=12)
    receiving_place = models.CharField(max_length=12)
    mode = models.CharField(max_length=16)
    channel = models.CharField(max_length=16)
    applicant = models.UUIDField(null=True)
    agent = models.UUIDField(null=True)
    organ = models.CharField(max_length=18)
    clerk = models.UUIDField(null=True)
    state = models.CharField(max_length=12, choices=State)
    content = models.BinaryField()
    revision = models.PositiveIntegerField(default=1)
    number = models.CharField(max_length=50)
    made_at = models.DateTimeField()
    changed_at = models.DateTimeField()
    submitted_at = models.DateTimeField(null=True)

    class Meta:
        indexes = [
            models.Index(fields=["applicant", "-changed_at", "-id"], name="applications_of_person"),
            models.Index(
                fields=["organ", "-changed_at", "-id"], name="applications_of_counter", condition=~Q(organ="")
            ),
            models.Index(fields=["bundle"], name="applications_of_bundle", condition=Q(bundle__isnull=False)),
        ]


class Paper(models.Model):
    """收件凭证 or the note of a return on the spot: the page as it was handed out, encrypted; empty once it is erased.

    The row stays, and its digest cannot be changed: whoever holds the page can prove that it is the one.
    """

    application = models.ForeignKey(Application, on_delete=models.PROTECT)
    kind = models.CharField(max_length=24)
    number = models.CharField(max_length=50, unique=True)
    digest = models.CharField(max_length=64, db_collation="C")
    content = models.BinaryField()
    made_at = models.DateTimeField()


class Custody(models.Model):
    """An original that a counter holds: from the person's hand to the home and back."""

    class Place(models.TextChoices):
        HERE = "here"
        SENT = "sent"
        ARRIVED = "arrived"
        RETURNED = "returned"

    application = models.ForeignKey(Application, on_delete=models.PROTECT)
    number = models.CharField(max_length=50, unique=True)
    material = models.CharField(max_length=60)
    count = models.PositiveSmallIntegerField()
    place = models.CharField(max_length=12, choices=Place)
    taken_at = models.DateTimeField()
    taken_by = models.UUIDField()
    waybill = models.CharField(max_length=60, blank=True)
    changed_at = models.DateTimeField()

    class Meta:
        indexes = [
            models.Index(fields=["application"], name="applications_custody_of"),
        ]
