"""What has to be true of the whole project, whatever it does."""

import pytest
from django.core.management import call_command

from tongban.exchange.registry import kinds, rebuildings


@pytest.mark.django_db
def test_the_migrations_make_exactly_the_tables_of_the_models():
    call_command("makemigrations", check=True, dry_run=True, verbosity=0)


def test_whatever_travels_by_letter_comes_back_after_a_restore():
    rebuilt = {kind for rebuilding in rebuildings for kind in rebuilding.kinds}
    assert rebuilt == set(kinds)
