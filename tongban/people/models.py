"""Who asks, and with which account somebody comes in."""

from django.contrib.auth.base_user import AbstractBaseUser, BaseUserManager
from django.db import models

from tongban.base.actor import Role
from tongban.base.uuid7 import uuid7
from tongban.people.rules import STAFF

ROLES = [(role.value, role.value) for role in Role]
IS_STAFF = models.Q(role__in=[role.value for role in STAFF])


class Person(models.Model):
    """A natural person, a company or another body that applies, is applied for, or acts as an agent.

    id_number, phone: encrypted with the field key; id_hash, phone_hash: keyed hashes by which they are found.
    division: 12-digit code of the place of residence or registration, empty when unknown.
    """

    id = models.UUIDField(primary_key=True, default=uuid7)
    kind = models.CharField(max_length=20)
    name = models.CharField(max_length=200)
    id_type = models.CharField(max_length=20)
    id_number = models.BinaryField()
    id_hash = models.CharField(max_length=64, unique=True)
    phone = models.BinaryField(null=True)
    phone_hash = models.CharField(max_length=64, blank=True)
    birth_date = models.DateField(null=True)
    division = models.CharField(max_length=12, blank=True)
    is_demo = models.BooleanField(default=False)
    made_at = models.DateTimeField(auto_now_add=True)

    class Meta:
        indexes = [models.Index(fields=["phone_hash"], name="people_by_phone", condition=~models.Q(phone_hash=""))]


class Account(AbstractBaseUser):
    """A log-in. A citizen's names his person, an officer's the organ he serves.

    person_id: the natural person at the keyboard. principal_id: the body on whose behalf a company's account acts.
    officer_id: plain identifier, so that people and orgs stay strangers.
    code_until: while set, what opens the account is a code that an operator gave out, good until then and for one
    thing only: choosing a password. password_at: when it was last set; log-ins of programs before it no longer count.
    closed_on: the day on which its holder left.
    """

    id = models.UUIDField(primary_key=True, default=uuid7)
    username = models.CharField(max_length=60, unique=True, db_collation="C")
    name = models.CharField(max_length=60)
    role = models.CharField(max_length=12, choices=ROLES)
    person_id = models.UUIDField(null=True)
    principal_id = models.UUIDField(null=True)
    officer_id = models.UUIDField(null=True)
    organ = models.CharField(max_length=18, blank=True)
    is_active = models.BooleanField(default=True)
    closed_on = models.DateField(null=True)
    is_demo = models.BooleanField(default=False)
    code_until = models.DateTimeField(null=True)
    password_at = models.DateTimeField(null=True)

    USERNAME_FIELD = "username"
    objects = BaseUserManager()

    class Meta:
        indexes = [
            models.Index(fields=["username"], name="people_staff", condition=IS_STAFF),
            models.Index(fields=["organ", "username"], name="people_staff_of_organ", condition=~models.Q(organ="")),
            models.Index(fields=["name"], name="people_staff_by_name", condition=IS_STAFF),
        ]
