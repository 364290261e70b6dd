"""Under which keys tries are counted."""

from tongban.base import keys
from tongban.logins.rules import KNOWN, STRANGE, Scope, network_of
from tongban.people.queries import ring


def name_of(*parts: str) -> str:
    """A keyed hash that stands for something typed, or for an address."""
    return keys.keyed_hash(ring("lookup").current, "logins", "\0".join(parts))


def keys_of(username: str, *, address: str, device: str) -> dict[Scope, str]:
    """The scopes in which a try is counted. device: as in `actions.Origin`."""
    network = network_of(address)
    named = {
        Scope.DEVICE: (device, username),
        Scope.PAIR: (username, network),
        Scope.ACCOUNT: (username,),
        Scope.ADDRESS: (network,),
    }
    return {scope: name_of(scope, *named[scope]) for scope in (KNOWN if device else STRANGE)}
