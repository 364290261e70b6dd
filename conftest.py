"""Tests run on a real PostgreSQL as the app role; the owner only makes and migrates the database.

The servers come from DATABASE_URL and DATABASE_OWNER_URL, which `run.py test` sets.
"""

import os

import psycopg
import pytest
from django.conf import settings
from django.core.management import call_command
from django.db import connections

from tongban.base.rights import OPEN_TO_APP


@pytest.fixture(scope="session")
def django_db_setup(django_db_blocker, worker_id):
    name = f"tongban_test_{os.getpid()}_{worker_id}"
    app_user = settings.DATABASES["default"]["USER"]
    owner = {**settings.DATABASES["default"], "USER": os.environ.get("TONGBAN_TEST_OWNER", "tongban_owner")}
    admin = {"host": owner["HOST"], "port": owner["PORT"], "user": owner["USER"], "dbname": "postgres"}
    with psycopg.connect(**admin, autocommit=True) as connection:
        connection.execute(f'CREATE DATABASE "{name}"')
    with psycopg.connect(**{**admin, "dbname": name}, autocommit=True) as connection:
        connection.execute(OPEN_TO_APP)
    with django_db_blocker.unblock():
        connections["default"].settings_dict["NAME"] = name
        connections["default"].settings_dict["USER"] = owner["USER"]
        call_command("migrate", verbosity=0)
        connections["default"].close()
        connections["default"].settings_dict["USER"] = app_user

    def empty_as_owner(statements):
        with psycopg.connect(**{**admin, "dbname": name}, autocommit=True) as connection:
            for statement in statements:
                connection.execute(statement)

    connections["default"].ops.execute_sql_flush = empty_as_owner
    yield
    with django_db_blocker.unblock():
        connections.close_all()
    with psycopg.connect(**admin, autocommit=True) as connection:
        connection.execute(f'DROP DATABASE "{name}" WITH (FORCE)')
