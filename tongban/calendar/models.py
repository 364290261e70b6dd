from django.db import models


class Day(models.Model):
    """A day that a notice (or, while there is none, the law on holidays) sets apart from the ordinary week.

    year: the year of the notice; new year's holiday of a year may begin in the one before.
    """

    date = models.DateField(primary_key=True)
    year = models.PositiveSmallIntegerField()
    is_workday = models.BooleanField()
    name = models.CharField(max_length=40)
    source = models.CharField(max_length=200)
    provisional = models.BooleanField(default=False)


class Version(models.Model):
    """One row: the microsecond of the last change of the days, so that every process knows when to read again."""

    id = models.SmallIntegerField(primary_key=True, default=1)
    number = models.BigIntegerField(default=0)

    class Meta:
        constraints = [models.CheckConstraint(condition=models.Q(id=1), name="calendar_version_is_one_row")]


class TestClock(models.Model):
    """One row at most: how far this node's clock is ahead, honoured in demo and test mode only."""

    id = models.SmallIntegerField(primary_key=True, default=1)
    offset = models.DurationField()

    class Meta:
        constraints = [models.CheckConstraint(condition=models.Q(id=1), name="calendar_test_clock_is_one_row")]
