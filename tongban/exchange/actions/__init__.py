from tongban.exchange.actions.outgoing import forward, send
from tongban.exchange.actions.registry import register, register_duty

__all__ = ["forward", "register", "register_duty", "send"]
