"""What Django asks whether somebody may come in, at the log-in and at every request after it."""

from typing import Any

from django.contrib.auth.backends import ModelBackend

from tongban.people.models import Account
from tongban.people.queries import is_open


class Backend(ModelBackend):
    def user_can_authenticate(self, user: Any) -> bool:
        return isinstance(user, Account) and is_open(user)
