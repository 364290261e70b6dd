"""Who comes in with a bearer token."""

from django.utils import timezone

from tongban.api.models import Token
from tongban.base.canonical import digest
from tongban.people.models import Account


def account_of(token: str) -> Account | None:
    """None for a token that is unknown, ended, or of an account that was closed."""
    row = (
        Token.objects.select_related("account")
        .filter(digest=digest(token.encode()), expires_at__gt=timezone.now(), account__is_active=True)
        .first()
    )
    return row.account if row else None
