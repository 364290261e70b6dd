from tongban.exchange.queries.keys import signer
from tongban.exchange.queries.letters import find_sealed, sealed_of

__all__ = ["find_sealed", "sealed_of", "signer"]
