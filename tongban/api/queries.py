"""Who comes in with a bearer token."""

from django.db.models import F
from django.utils import timezone

from tongban.api.models import Token
from tongban.base.canonical import digest
from tongban.people.models import Account
from tongban.people.queries import is_open


def account_of(token: str) -> Account | None:
    """None for a token that is unknown, ended, older than the password, or of an account that was closed."""
    found = Token.objects.select_related("account").filter(digest=digest(token.encode()), expires_at__gt=timezone.now())
    row = found.exclude(account__password_at__gt=F("made_at")).first()
    return row.account if row and is_open(row.account) else None
