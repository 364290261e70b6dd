from django.db import models


class Erasure(models.Model):
    """The proof of one erasing: what rule, how much, and the digest of the list of what it was. Rows are only added.

    days: the period that was over. day: legal date. digest: SHA-256 over the canonical JSON of the sorted texts, one
    for each thing erased, that the erasing actions return; whoever has the list can show that it was this one.
    """

    rule = models.CharField(max_length=12)
    days = models.PositiveIntegerField()
    day = models.DateField()
    at = models.DateTimeField()
    count = models.PositiveIntegerField()
    digest = models.CharField(max_length=64, db_collation="C")

    class Meta:
        indexes = [models.Index(fields=["day", "id"], name="retention_by_day")]
