from django.db import models
from django.db.models.functions import Now


class Letter(models.Model):
    """A letter that this node signed, as the bytes that were signed. Rows are only ever added."""

    id = models.UUIDField(primary_key=True)
    kind = models.CharField(max_length=40)
    subject = models.CharField(max_length=200, db_collation="C")
    protected = models.BinaryField()
    payload = models.BinaryField()
    signature = models.BinaryField()
    digest = models.CharField(max_length=64, db_collation="C")
    made_at = models.DateTimeField()

    class Meta:
        indexes = [
            models.Index(fields=["subject", "made_at"], name="exchange_letter_by_subject"),
            models.Index(fields=["made_at"], name="exchange_letter_by_day"),
        ]


class Delivery(models.Model):
    """One letter on its way to one receiver; the order of the rows is the order of sending within a subject.

    receipt: the receiver's flattened JWS; with it the delivery is done. There is no "sending" state: a lease runs out
    by itself.
    """

    id = models.BigAutoField(primary_key=True)
    letter = models.ForeignKey(Letter, on_delete=models.PROTECT, related_name="deliveries")
    receiver = models.CharField(max_length=8, db_collation="C")
    subject = models.CharField(max_length=200, db_collation="C")
    asked_at = models.DateTimeField(db_default=Now())
    lease_until = models.DateTimeField(null=True)
    next_try_at = models.DateTimeField(db_default=Now())
    attempts = models.IntegerField(default=0)
    trouble = models.CharField(max_length=300, blank=True)
    receipt = models.BinaryField(null=True)
    outcome = models.CharField(max_length=10, blank=True)
    reason = models.CharField(max_length=60, blank=True)
    receipted_at = models.DateTimeField(null=True)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["letter", "receiver"], name="exchange_delivery_once")]
        indexes = [
            models.Index(
                fields=["receiver", "subject", "id"],
                name="exchange_delivery_open",
                condition=models.Q(receipt__isnull=True),
            ),
            models.Index(
                fields=["receiver", "id"], name="exchange_delivery_due", condition=models.Q(receipt__isnull=True)
            ),
            models.Index(fields=["receiver", "subject", "-id"], name="exchange_delivery_by_subject"),
            models.Index(fields=["receiver", "-id"], name="exchange_delivery_by_peer"),
        ]


class Part(models.Model):
    """A body that travels beside a letter to one receiver; encrypted at rest; erased when its time is over."""

    letter = models.ForeignKey(Letter, on_delete=models.PROTECT, related_name="parts")
    receiver = models.CharField(max_length=8, db_collation="C")
    audience = models.CharField(max_length=40)
    enc = models.CharField(max_length=20, default="none")
    content = models.BinaryField()

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["letter", "receiver", "audience"], name="exchange_part_once"),
        ]


class Inbox(models.Model):
    """A letter taken or rejected, with the receipt we signed for it. Rows are only ever added.

    made_at: the time in the letter, the same on both sides; at: when we answered.
    A letter is known by its sender and its id, as CloudEvents says: a stranger cannot take another's id away.
    """

    id = models.BigAutoField(primary_key=True)
    letter_id = models.UUIDField()
    sender = models.CharField(max_length=8, db_collation="C")
    kind = models.CharField(max_length=40)
    subject = models.CharField(max_length=200, db_collation="C")
    protected = models.BinaryField()
    payload = models.BinaryField()
    signature = models.BinaryField()
    digest = models.CharField(max_length=64, db_collation="C")
    made_at = models.DateTimeField()
    receipt = models.BinaryField()
    outcome = models.CharField(max_length=10)
    reason = models.CharField(max_length=60, blank=True)
    at = models.DateTimeField()

    class Meta:
        constraints = [models.UniqueConstraint(fields=["sender", "letter_id"], name="exchange_inbox_once")]
        indexes = [
            models.Index(fields=["sender", "subject", "-id"], name="exchange_inbox_by_subject"),
            models.Index(fields=["letter_id"], name="exchange_inbox_by_letter"),
            models.Index(fields=["sender", "-id"], name="exchange_inbox_by_peer"),
            models.Index(fields=["sender", "made_at"], name="exchange_inbox_by_day"),
        ]


class Alarm(models.Model):
    """Something between nodes that a person must look at, until it settles.

    facts: values without personal data.
    """

    kind = models.CharField(max_length=40)
    subject = models.CharField(max_length=200, blank=True, db_collation="C")
    peer = models.CharField(max_length=8, db_collation="C")
    since = models.DateTimeField(db_default=Now())
    settled_at = models.DateTimeField(null=True)
    facts = models.JSONField(default=dict)

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["kind", "subject", "peer"],
                name="exchange_alarm_open_once",
                condition=models.Q(settled_at__isnull=True),
            )
        ]


class Gap(models.Model):
    """A subject of which letters from a sender are missing here; pulled by the worker until it closes."""

    sender = models.CharField(max_length=8, db_collation="C")
    subject = models.CharField(max_length=200, db_collation="C")
    since = models.DateTimeField(db_default=Now())
    next_try_at = models.DateTimeField(db_default=Now())
    attempts = models.IntegerField(default=0)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["sender", "subject"], name="exchange_gap_once")]
