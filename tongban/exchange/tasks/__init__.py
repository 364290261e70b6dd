from tongban.exchange.tasks.worker import Worker

__all__ = ["Worker"]
