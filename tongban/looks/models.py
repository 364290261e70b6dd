"""What other nodes have told of looks at the persons of this one: asked for when somebody wants to know."""

from django.db import models


class Inquiry(models.Model):
    """What one node has told of the looks at one case.

    asked_at: when it was asked last; answered_at: when it answered last. It owes an answer while the one is later.
    after: where it said to go on; more: whether it said that there is more. trouble: why the last answer did not come.
    """

    case = models.UUIDField()
    node = models.CharField(max_length=8, db_collation="C")
    asked_at = models.DateTimeField(null=True)
    answered_at = models.DateTimeField(null=True)
    after = models.CharField(max_length=40, blank=True)
    more = models.BooleanField(default=False)
    trouble = models.CharField(max_length=60, blank=True)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["case", "node"], name="looks_inquiry_once")]
        indexes = [models.Index(fields=["asked_at"], name="looks_inquiry_asked")]


class Told(models.Model):
    """One look at a case, as another node told it: a copy of a row of that node's journal, without who it was.

    entry: its name for the row. officer: a mark by which that node finds who it was. organ: what the organ is called.
    """

    case = models.UUIDField()
    node = models.CharField(max_length=8, db_collation="C")
    entry = models.CharField(max_length=40, db_collation="C")
    at = models.DateTimeField()
    role = models.CharField(max_length=12)
    organ = models.CharField(max_length=100, blank=True)
    officer = models.CharField(max_length=16, blank=True)
    what = models.CharField(max_length=100, blank=True)
    purpose = models.CharField(max_length=100, blank=True)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["case", "node", "entry"], name="looks_told_once")]
        indexes = [
            models.Index(fields=["case", "-at", "-id"], name="looks_told_of_case"),
            models.Index(fields=["at"], name="looks_told_by_age"),
        ]
