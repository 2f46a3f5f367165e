"""Requests all the time, to see that none fails."""

import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field

import requests


@dataclass
class Load:
    """Requests that are sent all the time: of each answer the status, the body, and how long it took."""

    url: str
    answers: list[tuple[int, str, float]] = field(default_factory=list)

    def failures(self) -> list[tuple[int, str, float]]:
        return [answer for answer in self.answers if answer[0] != 200]

    @contextmanager
    def running(self, clients: int = 2) -> Iterator["Load"]:
        """Send from several clients until the block is left."""
        over = threading.Event()
        threads = [threading.Thread(target=self._send, args=(over,)) for _ in range(clients)]
        for thread in threads:
            thread.start()
        try:
            self._wait(20)
            yield self
            self._wait(len(self.answers) + 20)
        finally:
            over.set()
            for thread in threads:
                thread.join()

    def _wait(self, count: int) -> None:
        until = time.monotonic() + 30
        while len(self.answers) < count and time.monotonic() < until:
            time.sleep(0.01)

    def _send(self, over: threading.Event) -> None:
        with requests.Session() as session:
            while not over.is_set():
                started = time.perf_counter()
                try:
                    answer = session.get(self.url, timeout=30)
                    found = (answer.status_code, answer.text)
                except requests.RequestException as error:
                    found = (0, str(error))
                self.answers.append((*found, time.perf_counter() - started))
