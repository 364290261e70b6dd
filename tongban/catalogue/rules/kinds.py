"""The closed lists of which an item's definition chooses."""

from enum import StrEnum

LICENCE = "01"
"""行政许可 among the types of GB/T 39046 A.1."""


class Pattern(StrEnum):
    """How a case of the item runs; it restricts the table of acts."""

    INSTANT = "instant"
    CHECK = "check"
    APPROVAL = "approval"
    JOINT = "joint"
    ANYWHERE = "anywhere"
    COLLECTED = "collected"
    MONEY = "money"
    HANDOFF = "handoff"
    NOTICE = "notice"
    ASSIST = "assist"


class Mode(StrEnum):
    """全程网办, 异地代收代办, 多地联办."""

    ONLINE = "online"
    COUNTER = "counter"
    JOINT = "joint"


class FieldType(StrEnum):
    TEXT = "text"
    LONG_TEXT = "long_text"
    DATE = "date"
    INTEGER = "integer"
    MONEY = "money"
    CHOICE = "choice"
    CHOICES = "choices"
    PLACE = "place"
    PLACES = "places"
    IDENTITY_NUMBER = "identity_number"
    CREDIT_CODE = "credit_code"
    PHONE = "phone"
    YES_NO = "yes_no"
    PEOPLE = "people"


class NumberKind(StrEnum):
    """Which number each entry of a field of people bears.

    any: an identity number or, for an organisation, a credit code. optional: none yet (a new-born), or none known.
    """

    IDENTITY = "identity"
    ANY = "any"
    OPTIONAL = "optional"


class StageKind(StrEnum):
    """review 审查, assist 协办, publicity 公示, assessment 评定, cooling 冷静期, payment 拨付到账."""

    REVIEW = "review"
    ASSIST = "assist"
    PUBLICITY = "publicity"
    ASSESSMENT = "assessment"
    COOLING = "cooling"
    PAYMENT = "payment"


class OnRefusal(StrEnum):
    """What a refusal of a stage means for the case: it fails, it goes on without, or the person is asked which."""

    FAIL = "fail"
    CONTINUE = "continue"
    ASK_APPLICANT = "ask_applicant"


class Closing(StrEnum):
    """The event that closes a case."""

    DECISION = "decision"
    DELIVERY = "delivery"
    MONEY_ARRIVED = "money_arrived"
    REGISTRATION = "registration"
    ANSWER = "answer"


class EffectFrom(StrEnum):
    """The moment from which the outcome has its effect in law."""

    RECEIPT = "receipt"
    ACCEPTANCE = "acceptance"
    DECISION = "decision"
    REGISTRATION = "registration"
    MONEY_ARRIVED = "money_arrived"
