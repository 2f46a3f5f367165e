"""Requests and saving take turns."""

import threading
import time

from toolchain.local.aws.saved.gate import Gate


def test_nobody_passes_while_it_is_closed() -> None:
    gate, passed = Gate(), threading.Event()

    def pass_through() -> None:
        with gate.passing():
            passed.set()

    with gate.closed():
        thread = threading.Thread(target=pass_through)
        thread.start()
        assert not passed.wait(0.05)
    assert passed.wait(5)
    thread.join()


def test_it_closes_when_those_inside_are_done() -> None:
    gate, entered, events = Gate(), threading.Event(), []

    def pass_through() -> None:
        with gate.passing():
            entered.set()
            time.sleep(0.05)
            events.append("request")

    thread = threading.Thread(target=pass_through)
    thread.start()
    entered.wait(5)
    with gate.closed():
        events.append("saving")
    thread.join()
    assert events == ["request", "saving"]


def test_request_that_waits_for_another_does_not_hang() -> None:
    """The other is kept out while the state is saved, for which the first would have to end."""
    gate, entered, done = Gate(), threading.Event(), threading.Event()

    def inner() -> None:
        with gate.passing():
            done.set()

    def outer() -> None:
        with gate.passing():
            entered.set()
            time.sleep(0.05)
            thread = threading.Thread(target=inner)
            thread.start()
            thread.join()

    thread = threading.Thread(target=outer)
    thread.start()
    entered.wait(5)
    with gate.closed():
        pass
    assert done.wait(5)
    thread.join()
