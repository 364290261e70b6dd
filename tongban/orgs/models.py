"""Who answers, and where."""

from django.contrib.postgres.fields import ArrayField
from django.db import models

from tongban.base.uuid7 import uuid7


class Division(models.Model):
    """An administrative division, from the province down to the village, as it is or as it was.

    path: the codes from the province down to this one, each followed by a slash.
    valid_to: the first day on which the code is no longer in force; successor: the code that took over.
    """

    code = models.CharField(max_length=12, primary_key=True, db_collation="C")
    name = models.CharField(max_length=100)
    level = models.CharField(max_length=10)
    parent = models.ForeignKey("self", on_delete=models.PROTECT, null=True, related_name="children")
    path = models.CharField(max_length=70, db_collation="C")
    valid_from = models.DateField(null=True)
    valid_to = models.DateField(null=True)
    successor = models.CharField(max_length=12, blank=True)

    class Meta:
        indexes = [models.Index(fields=["path"], name="orgs_division_path")]


class Organ(models.Model):
    """An authority, or a hall with its counters.

    code: unified social credit code; a demo code for invented organs.
    nature: 实施主体性质 of GB/T 39046 A.3 (1 statutory, 2 authorised, 3 entrusted, 9 other).
    duty: whom colleagues call, a name and a number. closed_on: the first day on which it answers for nothing new.
    """

    code = models.CharField(max_length=18, primary_key=True, db_collation="C")
    name = models.CharField(max_length=100)
    kind = models.CharField(max_length=40)
    division = models.ForeignKey(Division, on_delete=models.PROTECT, related_name="organs")
    level = models.CharField(max_length=10)
    nature = models.CharField(max_length=1, default="1")
    address = models.CharField(max_length=200, blank=True)
    phone = models.CharField(max_length=40, blank=True)
    hours = models.CharField(max_length=100, blank=True)
    duty = models.CharField(max_length=100, blank=True)
    closed_on = models.DateField(null=True)
    is_demo = models.BooleanField(default=False)

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["kind", "division"],
                condition=models.Q(closed_on=None),
                name="orgs_one_open_organ_per_kind_and_place",
            )
        ]
        indexes = [
            models.Index(fields=["kind", "division"], name="orgs_organ_by_kind"),
            models.Index(fields=["name"], name="orgs_organ_by_name", opclasses=["varchar_pattern_ops"]),
        ]


class Officer(models.Model):
    """Somebody who serves an organ; his log-in lives with the people."""

    id = models.UUIDField(primary_key=True, default=uuid7)
    account_id = models.UUIDField(unique=True)
    name = models.CharField(max_length=60)
    organ = models.ForeignKey(Organ, on_delete=models.PROTECT, related_name="officers")
    is_demo = models.BooleanField(default=False)


class Grant(models.Model):
    """What an officer may do.

    acts: names of acts, "*" for every act. item: an item's key, "*" for every item. region: how the codes of the
    places begin; empty for everywhere. A grant that has ended keeps its row.
    """

    officer = models.ForeignKey(Officer, on_delete=models.CASCADE, related_name="grants")
    acts = ArrayField(models.CharField(max_length=40))
    item = models.CharField(max_length=40, default="*")
    region = models.CharField(max_length=12, blank=True)
    granted_at = models.DateTimeField(auto_now_add=True)
    granted_by = models.UUIDField(null=True)
    ended_at = models.DateTimeField(null=True)
    ended_by = models.UUIDField(null=True)
