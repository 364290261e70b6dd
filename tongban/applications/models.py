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


class Supplement(models.Model):
    """What answers a correction notice and waits for signatures before it goes to the home.

    seen: the step that was before him who typed it. organ: the counter that typed it, empty for a person's own.
    content: answers and materials, encrypted; empty once it has gone or was given up.
    """

    class State(models.TextChoices):
        DRAFT = "draft"
        SENT = "sent"
        DROPPED = "dropped"

    id = models.UUIDField(primary_key=True)
    case = models.UUIDField()
    seen = models.PositiveIntegerField()
    organ = models.CharField(max_length=18)
    state = models.CharField(max_length=12, choices=State)
    content = models.BinaryField()
    made_at = models.DateTimeField()
    changed_at = models.DateTimeField()

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["case"], name="applications_one_supplement", condition=Q(state="draft"))
        ]
        indexes = [models.Index(fields=["changed_at"], name="applications_supplements_old")]


class Signature(models.Model):
    """One who must sign an application, or a supplement, and whether he has.

    matter: id of what is signed. no: 1 for the applicant, then in the order of the item. digest: of the whole content
    as it was when he was asked. way: log_in, or how a counter made sure of him. signed_by: who was at the keyboard.
    A change of the content makes it void until he is asked again.
    """

    class State(models.TextChoices):
        WAITING = "waiting"
        SIGNED = "signed"
        VOID = "void"

    matter = models.UUIDField()
    person = models.UUIDField()
    no = models.PositiveSmallIntegerField()
    standing = models.CharField(max_length=16)
    state = models.CharField(max_length=8, choices=State)
    digest = models.CharField(max_length=64, db_collation="C")
    way = models.CharField(max_length=24)
    note = models.CharField(max_length=200)
    organ = models.CharField(max_length=18)
    signed_by = models.UUIDField(null=True)
    asked_at = models.DateTimeField()
    signed_at = models.DateTimeField(null=True)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["matter", "no"], name="applications_signature_once")]
        indexes = [
            models.Index(
                fields=["person", "-asked_at", "-id"], name="applications_to_sign", condition=~Q(state="signed")
            )
        ]


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
