"""What the public interface remembers between two requests: log-ins of programs, and answers already given."""

from django.conf import settings
from django.db import models


class Token(models.Model):
    """A log-in by POST /sessions. digest: SHA-256 of the bearer token, which itself is nowhere stored."""

    digest = models.CharField(primary_key=True, max_length=64, db_collation="C")
    account = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.CASCADE)
    made_at = models.DateTimeField()
    expires_at = models.DateTimeField()

    class Meta:
        indexes = [models.Index(fields=["expires_at"], name="api_token_expires")]


class Answer(models.Model):
    """The answer to a request that carried an Idempotency-Key, given again when the request comes again.

    route: method and path. request: SHA-256 of the body. body: the JSON that was answered.
    """

    account = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.CASCADE)
    route = models.CharField(max_length=200, db_collation="C")
    key = models.CharField(max_length=100, db_collation="C")
    request = models.CharField(max_length=64, db_collation="C")
    status = models.PositiveSmallIntegerField(default=0)
    body = models.TextField(default="")
    made_at = models.DateTimeField()

    class Meta:
        constraints = [models.UniqueConstraint(fields=["account", "route", "key"], name="api_answer_once")]
        indexes = [models.Index(fields=["made_at"], name="api_answer_made")]
