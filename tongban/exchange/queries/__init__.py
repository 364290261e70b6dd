from tongban.exchange.queries.directory import directory, sealed_directory
from tongban.exchange.queries.keys import signer
from tongban.exchange.queries.letters import find_sealed, presentable, sealed_of

__all__ = ["directory", "find_sealed", "presentable", "sealed_directory", "sealed_of", "signer"]
