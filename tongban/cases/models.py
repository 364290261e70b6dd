"""The tables of cases. Steps are history; everything else is a projection of them or lies beside them."""

from django.db import models
from django.db.models import Q


class Case(models.Model):
    """One case as this node knows it: written by acts at its home, by heard steps elsewhere.

    is_informed: another home told this place of it (抄告); nothing is to be done here.
    standard: the province whose version of the item it follows; the home's own, but of an assist case the lead's.
    state: the fold of the headers (`rules.state`). due dates: the home's projection, never part of a chain.
    document_until: the first last day among the documents of stages that are needed still.
    erased_at: when the contents kept here were erased by rule; None while there are any.
    left_at: since when this copy gets no steps any more, because a step named this node as removed; None while it does.
    """

    id = models.UUIDField(primary_key=True)
    home = models.CharField(max_length=2)
    is_home = models.BooleanField()
    item = models.CharField(max_length=40)
    version = models.PositiveIntegerField()
    standard = models.CharField(max_length=2)
    pattern = models.CharField(max_length=16)
    mode = models.CharField(max_length=16)
    place = models.CharField(max_length=12)
    organ = models.CharField(max_length=18)
    status = models.CharField(max_length=16)
    state = models.JSONField()
    head = models.PositiveIntegerField()
    head_digest = models.CharField(max_length=64)
    number = models.CharField(max_length=50)
    applicant = models.UUIDField(null=True)
    receiving_node = models.CharField(max_length=2)
    receiving_organ = models.CharField(max_length=18)
    is_informed = models.BooleanField(default=False)
    lead = models.UUIDField(null=True)
    lead_node = models.CharField(max_length=2)
    lead_part = models.CharField(max_length=80)
    predecessor = models.UUIDField(null=True)
    received_at = models.DateTimeField()
    changed_at = models.DateTimeField()
    notice_due = models.DateField(null=True)
    decision_due = models.DateField(null=True)
    statutory_due = models.DateField(null=True)
    wait_until = models.DateField(null=True)
    document_until = models.DateField(null=True)
    due_is_provisional = models.BooleanField(default=False)
    erased_at = models.DateTimeField(null=True)
    left_at = models.DateTimeField(null=True)

    class Meta:
        indexes = [
            models.Index(
                fields=["received_at", "id"],
                name="cases_work",
                condition=Q(is_home=True, status__in=["submitted", "correcting", "accepted", "granted", "denied"]),
            ),
            models.Index(
                fields=["status", "received_at", "id"], name="cases_work_of_status", condition=Q(is_home=True)
            ),
            models.Index(
                fields=["notice_due"],
                name="cases_notice_due",
                condition=Q(is_home=True, status="submitted"),
            ),
            models.Index(
                fields=["id"],
                name="cases_to_answer",
                condition=Q(is_home=True, status="submitted", head=1, pattern__in=["instant", "check", "handoff"]),
            ),
            models.Index(
                fields=["wait_until"],
                name="cases_waiting_until",
                condition=Q(is_home=True, wait_until__isnull=False),
            ),
            models.Index(fields=["-received_at", "-id"], name="cases_informed_of", condition=Q(is_informed=True)),
            models.Index(fields=["lead"], name="cases_of_lead", condition=Q(lead__isnull=False)),
            models.Index(fields=["number"], name="cases_by_number"),
            models.Index(fields=["changed_at", "id"], name="cases_changed"),
            models.Index(
                fields=["is_home", "changed_at"],
                name="cases_to_erase",
                condition=Q(erased_at__isnull=True)
                & Q(
                    Q(status__in=["declined", "sent_back", "transferred", "withdrawn", "answered", "closed"])
                    | Q(left_at__isnull=False)
                ),
            ),
            models.Index(
                fields=["receiving_organ", "-received_at", "-id"],
                name="cases_received_here",
                condition=~Q(receiving_organ=""),
            ),
        ]


class Party(models.Model):
    """Who has the case among his own here: the applicant (no 1) and those who apply together with him.

    The row may be older than the copy of the case: it is written when the person hands in.
    """

    case = models.ForeignKey(Case, on_delete=models.DO_NOTHING, db_constraint=False, db_index=False)
    person = models.UUIDField()
    no = models.PositiveSmallIntegerField()
    received_at = models.DateTimeField()

    class Meta:
        constraints = [models.UniqueConstraint(fields=["case", "person"], name="cases_party_once")]
        indexes = [models.Index(fields=["person", "-received_at", "-case"], name="cases_of_party")]


class Step(models.Model):
    """One act as a signed header, chained to the one before; the letter's bytes as they were signed. Append-only."""

    case = models.ForeignKey(Case, on_delete=models.PROTECT, db_constraint=True)
    no = models.PositiveIntegerField()
    act = models.CharField(max_length=24)
    letter = models.UUIDField(unique=True)
    digest = models.CharField(max_length=64, db_collation="C")
    header = models.JSONField()
    recorded_at = models.DateTimeField()

    class Meta:
        constraints = [models.UniqueConstraint(fields=["case", "no"], name="cases_one_step_a_number")]


class Body(models.Model):
    """What a step says to one audience, as the bytes whose digest stands in the header; encrypted at rest; erasable."""

    step = models.ForeignKey(Step, on_delete=models.PROTECT)
    audience = models.CharField(max_length=12)
    content = models.BinaryField()

    class Meta:
        constraints = [models.UniqueConstraint(fields=["step", "audience"], name="cases_one_body_an_audience")]


class Dossier(models.Model):
    """What the home works with: applicant, answers and materials as they stand after all supplements; encrypted."""

    case = models.OneToOneField(Case, on_delete=models.PROTECT, primary_key=True)
    content = models.BinaryField()


class Follower(models.Model):
    """A node that gets the steps of a case; roles decide which bodies go along."""

    case = models.ForeignKey(Case, on_delete=models.PROTECT)
    node = models.CharField(max_length=2)
    role = models.CharField(max_length=12)
    since = models.PositiveIntegerField()

    class Meta:
        constraints = [models.UniqueConstraint(fields=["case", "node", "role"], name="cases_one_follower_a_role")]


class Ask(models.Model):
    """What this node asked another home for, until it is answered by a step or a signed rejection.

    is_forgotten: a restore took away who asked; the first step of the case, when it is here, tells it again.
    """

    letter = models.UUIDField(primary_key=True)
    case_id = models.UUIDField(db_index=True)
    home = models.CharField(max_length=2)
    act = models.CharField(max_length=24)
    made_by = models.UUIDField(null=True)
    applicant = models.UUIDField(null=True)
    organ = models.CharField(max_length=18)
    made_at = models.DateTimeField()
    outcome = models.CharField(max_length=12, default="waiting")
    reason = models.CharField(max_length=60, default="")
    facts = models.JSONField(default=dict)
    answered_at = models.DateTimeField(null=True)
    step_no = models.PositiveIntegerField(null=True)
    is_forgotten = models.BooleanField(default=False)

    class Meta:
        indexes = [
            models.Index(fields=["made_at"], name="cases_asks_waiting", condition=Q(outcome="waiting")),
            models.Index(fields=["made_at"], name="cases_asks_forgotten", condition=Q(is_forgotten=True)),
        ]


class Link(models.Model):
    """A case that another one waits for: the lead's row; `needs` is the part that the co-case decides."""

    case = models.ForeignKey(Case, on_delete=models.PROTECT)
    co_case = models.UUIDField(unique=True)
    node = models.CharField(max_length=2)
    needs = models.CharField(max_length=80)
    on_refusal = models.CharField(max_length=16)


class Money(models.Model):
    """A sum granted, the payment ordered for it, and what the bank said; one row a payment order."""

    case = models.ForeignKey(Case, on_delete=models.PROTECT)
    drawn = models.DecimalField(max_digits=14, decimal_places=2)
    paid = models.DecimalField(max_digits=14, decimal_places=2, null=True)
    ordered_at = models.DateTimeField()
    settled_at = models.DateTimeField(null=True)
    outcome = models.CharField(max_length=12, default="ordered")


class Reckoning(models.Model):
    """One row: by which version of the calendar the due dates of all open cases of this home are counted.

    counting, after: the version by which they are being counted now, and the last case that is done.
    """

    id = models.SmallIntegerField(primary_key=True, default=1)
    counted = models.BigIntegerField()
    counting = models.BigIntegerField(default=0)
    after = models.UUIDField(null=True)
