"""What lies encrypted in this app's tables, under the node's field key; bytes of another app do not open here."""

from functools import partial

from tongban.cases import vault

PLACE = "bundle"

lock_json = partial(vault.lock_json, place=PLACE)
unlock_json = partial(vault.unlock_json, place=PLACE)
