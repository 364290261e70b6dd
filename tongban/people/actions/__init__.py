"""The only writers of who asks and who may log in."""

from tongban.people.actions.accounts import (
    DemoAccount,
    change_account,
    close_account,
    give_code,
    open_account,
    open_demo_accounts,
    reopen_account,
    set_password,
)
from tongban.people.actions.persons import (
    change_phone,
    encrypt_again,
    find_or_create_person,
    hash_again,
    make_demo_person,
)

__all__ = [
    "DemoAccount",
    "change_account",
    "change_phone",
    "close_account",
    "encrypt_again",
    "find_or_create_person",
    "give_code",
    "hash_again",
    "make_demo_person",
    "open_account",
    "open_demo_accounts",
    "reopen_account",
    "set_password",
]
