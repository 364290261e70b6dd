from django.db import models


class Tally(models.Model):
    """Wrong passwords counted in one scope. key: keyed hash of what it is counted for; nothing that was typed is kept.

    The columns are those of `rules.Count`. counted_at: the last miss.
    """

    key = models.CharField(max_length=64, primary_key=True, db_collation="C")
    drains_at = models.DateTimeField()
    paused_until = models.DateTimeField(null=True)
    counted_at = models.DateTimeField()

    class Meta:
        indexes = [models.Index(fields=["drains_at"], name="logins_tally_drains")]
