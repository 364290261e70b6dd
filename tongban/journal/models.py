from django.db import models


class Entry(models.Model):
    """One thing that somebody saw or that this node noticed. Rows are only ever added.

    actor, subject: pseudonyms (keyed hashes of ids), empty where there is no natural person.
    facts: values without personal data.
    """

    at = models.DateTimeField()
    event = models.CharField(max_length=60)
    actor = models.CharField(max_length=64, blank=True)
    role = models.CharField(max_length=12)
    organ = models.CharField(max_length=18, blank=True)
    node = models.CharField(max_length=2)
    via = models.CharField(max_length=10)
    subject = models.CharField(max_length=64, blank=True)
    case = models.UUIDField(null=True)
    what = models.CharField(max_length=100, blank=True)
    purpose = models.CharField(max_length=100, blank=True)
    facts = models.JSONField(default=dict)

    class Meta:
        indexes = [
            models.Index(fields=["subject", "-id"], name="journal_by_subject", condition=~models.Q(subject="")),
            models.Index(fields=["case", "-id"], name="journal_by_case", condition=models.Q(case__isnull=False)),
            models.Index(fields=["event", "-id"], name="journal_by_event"),
        ]
