from tongban.exchange.actions.alarms import raise_alarm, settle_alarms, settle_by_hand
from tongban.exchange.actions.delivering import (
    Parcel,
    claim,
    postpone,
    refused,
    release,
    try_now,
)
from tongban.exchange.actions.incoming import receive
from tongban.exchange.actions.keeping import encrypt_again, erase_parts
from tongban.exchange.actions.outgoing import forward, send
from tongban.exchange.actions.receipting import finish
from tongban.exchange.actions.recovering import end_recovery, put_back, recall
from tongban.exchange.actions.registering import keep_directory, publish_directory
from tongban.exchange.actions.registry import duties, kinds, register, register_duty

__all__ = [
    "Parcel",
    "claim",
    "duties",
    "encrypt_again",
    "end_recovery",
    "erase_parts",
    "finish",
    "forward",
    "keep_directory",
    "kinds",
    "postpone",
    "publish_directory",
    "put_back",
    "raise_alarm",
    "recall",
    "receive",
    "refused",
    "register",
    "register_duty",
    "release",
    "send",
    "settle_alarms",
    "settle_by_hand",
    "try_now",
]
