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
from tongban.exchange.actions.numbering import go_on_above
from tongban.exchange.actions.outgoing import check_may_write, forward, send, while_recovering
from tongban.exchange.actions.rebuilding import count_up, rebuild_next, settle_next
from tongban.exchange.actions.recalling import (
    begin_recovery,
    keep_told,
    note_looked,
    note_told,
    note_trouble,
)
from tongban.exchange.actions.receipting import finish
from tongban.exchange.actions.registering import keep_directory, publish_directory
from tongban.exchange.actions.releasing import found_again, note_loss, open_node, release_peer, release_subject
from tongban.exchange.registry import (
    duties,
    kinds,
    rebuildings,
    register,
    register_duty,
    register_rebuilding,
)

__all__ = [
    "Parcel",
    "begin_recovery",
    "check_may_write",
    "claim",
    "count_up",
    "duties",
    "encrypt_again",
    "erase_parts",
    "finish",
    "forward",
    "found_again",
    "go_on_above",
    "keep_directory",
    "keep_told",
    "kinds",
    "note_looked",
    "note_loss",
    "note_told",
    "note_trouble",
    "open_node",
    "postpone",
    "publish_directory",
    "raise_alarm",
    "rebuild_next",
    "rebuildings",
    "receive",
    "refused",
    "register",
    "register_duty",
    "register_rebuilding",
    "release",
    "release_peer",
    "release_subject",
    "send",
    "settle_alarms",
    "settle_by_hand",
    "settle_next",
    "try_now",
    "while_recovering",
]
