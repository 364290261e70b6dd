from django.db import models
from django.db.models.functions import Now


class File(models.Model):
    """A content, known by its SHA-256; it has no name. The bytes lie in the node's folder `files/`."""

    digest = models.CharField(primary_key=True, max_length=64, db_collation="C")
    size = models.BigIntegerField()
    media_type = models.CharField(max_length=100)
    kept_at = models.DateTimeField(db_default=Now())


class Claim(models.Model):
    """A case that names a file, and the nodes that may pull it for that case. A digest alone is no permission.

    nodes: those that have still to fetch it. holders: those that have it; one that a restore took it from fetches it
    again.
    """

    digest = models.CharField(max_length=64, db_collation="C")
    case = models.UUIDField()
    nodes = models.JSONField(default=list)
    holders = models.JSONField(default=list)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["digest", "case"], name="files_claim_once")]
        indexes = [models.Index(fields=["case"], name="files_claim_by_case")]


class Want(models.Model):
    """A file that a case here needs and another node holds; fetched by the worker."""

    digest = models.CharField(max_length=64, db_collation="C")
    case = models.UUIDField()
    source_node = models.CharField(max_length=8, db_collation="C")
    asked_at = models.DateTimeField(db_default=Now())
    next_try_at = models.DateTimeField(db_default=Now())
    attempts = models.IntegerField(default=0)
    trouble = models.CharField(max_length=300, blank=True)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["digest", "case"], name="files_want_once")]
        indexes = [models.Index(fields=["next_try_at"], name="files_want_due")]
