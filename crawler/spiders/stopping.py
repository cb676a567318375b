"""How a crawl is stopped: no more requests, and those that wait for their delay taken back."""

from __future__ import annotations

import asyncio
from typing import Any

from crawler.wire.failures import RequestRefused
from index.errors import MachineError


class Stopping:
    """Whether a crawl is being stopped, and the fault of the disk that made it so, if one did."""

    def __init__(self) -> None:
        self.is_stopping = False
        self.fault: MachineError | None = None

    def stop(self, engine: Any) -> None:
        """Make no more requests, and take back those that wait for their delay; called from the reactor.

        What they were for stays with the frontier, which gives it to the next run.
        """
        self.is_stopping = True
        for slot in engine.downloader.slots.values():
            while slot.queue:
                _, waiting = slot.queue.popleft()
                waiting.errback(RequestRefused("stopped", "the crawl was stopped"))

    def give_up(self, fault: MachineError, engine: Any) -> None:
        """Stop the crawl: the disk would not take more. What is stored stays; the run raises the fault."""
        if self.fault is None:
            self.fault = fault
            self.is_stopping = True
            self._closing = asyncio.ensure_future(engine.close_spider_async(reason="storage"))
