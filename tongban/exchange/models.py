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


class Recovery(models.Model):
    """One restore of this node from a backup, and how far it has come in taking back what it forgot.

    mark: what the restore wrote into the node's folder. looked_at: since when every peer has told, twice. counted_at:
    since when numbers go on above the highest seen. opened_at: since when the node writes again. ended_at: since when
    nothing is owed any more.
    """

    mark = models.CharField(max_length=60, unique=True, db_collation="C")
    begun_at = models.DateTimeField(db_default=Now())
    looked_at = models.DateTimeField(null=True)
    counted_at = models.DateTimeField(null=True)
    opened_at = models.DateTimeField(null=True)
    ended_at = models.DateTimeField(null=True)


class Telling(models.Model):
    """What a peer is asked after a restore, and whether it has told all of it.

    written_since, taken_since: from when on letters of the peer, and receipts of the peer, may be missing here.
    released_at: since when the node may go on without it; nothing is written to it or taken from it until it has told.
    """

    recovery = models.ForeignKey(Recovery, on_delete=models.PROTECT, related_name="tellings")
    peer = models.CharField(max_length=8, db_collation="C")
    written_since = models.DateTimeField()
    taken_since = models.DateTimeField()
    told_at = models.DateTimeField(null=True)
    released_at = models.DateTimeField(null=True)
    trouble = models.CharField(max_length=60, blank=True)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["recovery", "peer"], name="exchange_telling_once")]


class Memory(models.Model):
    """A letter that a peer remembers and this node has forgotten, until what followed from it is rebuilt and settled.

    The order of the rows of one peer is the order in which it told. parts: the bodies that the peer still holds, as
    JSON audience -> base64url, encrypted at rest. put_off_at: when settling it had to wait for something. trouble: why
    it could not be rebuilt or settled; a person has to look.
    """

    id = models.BigAutoField(primary_key=True)
    peer = models.CharField(max_length=8, db_collation="C")
    ours = models.BooleanField()
    letter_id = models.UUIDField()
    kind = models.CharField(max_length=40)
    subject = models.CharField(max_length=200, db_collation="C")
    protected = models.BinaryField()
    payload = models.BinaryField()
    signature = models.BinaryField()
    receipt = models.BinaryField()
    parts = models.BinaryField()
    rebuilt = models.BooleanField(default=False)
    put_off_at = models.DateTimeField(null=True)
    trouble = models.CharField(max_length=60, blank=True)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["peer", "ours", "letter_id"], name="exchange_memory_once")]
        indexes = [
            models.Index(fields=["subject"], name="exchange_memory_by_subject"),
            models.Index(fields=["id"], name="exchange_memory_to_rebuild", condition=models.Q(rebuilt=False)),
        ]


class Loss(models.Model):
    """Something that a restore took away and no peer could give back, by name, for a person to act on.

    kind: a key of `[loss]` in the words. subject: a case, or a series of numbers. detail: which part of it.
    """

    kind = models.CharField(max_length=20)
    subject = models.CharField(max_length=200, db_collation="C")
    detail = models.CharField(max_length=100, db_collation="C")
    at = models.DateTimeField(db_default=Now())

    class Meta:
        constraints = [models.UniqueConstraint(fields=["subject", "kind", "detail"], name="exchange_loss_once")]
