"""What has to be true of the whole project, whatever it does."""

import pytest
from django.core.management import call_command


@pytest.mark.django_db
def test_the_migrations_make_exactly_the_tables_of_the_models():
    call_command("makemigrations", check=True, dry_run=True, verbosity=0)
