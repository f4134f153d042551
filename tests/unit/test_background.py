"""Work that is done in the background, in order."""

from __future__ import annotations

import threading

import pytest

from dedup.sinks.background import Background


@pytest.mark.parametrize("waiting", [0, 1, 3])
@pytest.mark.parametrize("at_once", [False, True])
def test_steps_are_done_in_order(waiting: int, at_once: bool) -> None:
    """The first one in the caller's thread where that was asked for, the others in one of their own."""
    background, done = Background(waiting, at_once=at_once), []
    for number in range(20):
        background.do(lambda number=number: done.append((number, threading.current_thread())))
    background.wait()
    assert [number for number, _ in done] == list(range(20))
    assert (done[0][1] is threading.current_thread()) == at_once
    assert len({thread for _, thread in done[1:]} - {threading.current_thread()}) == 1


def test_no_step_waits_beside_one_that_is_done() -> None:
    """With none waiting, the next is taken when the one before has let go of what it holds."""
    background, released, begun = Background(0, at_once=False), threading.Event(), threading.Event()
    background.do(lambda: (begun.set(), released.wait(30)))
    assert begun.wait(30)
    taken = threading.Thread(target=background.do, args=(lambda: None,))
    taken.start()
    taken.join(0.1)
    assert taken.is_alive()
    released.set()
    taken.join(30)
    assert not taken.is_alive()
    background.wait()


def test_small_steps_keep_their_place_and_take_no_room() -> None:
    """They are done between the others, and nobody waits to ask for them."""
    background, released, done = Background(0, at_once=False), threading.Event(), []
    background.do(lambda: released.wait(30))
    for number in range(20):
        background.do_soon(lambda number=number: done.append(number))
    assert done == []
    released.set()
    background.do(lambda: done.append("last"))
    background.wait()
    assert done == [*range(20), "last"]


@pytest.mark.parametrize("waiting", [0, 1])
def test_an_error_comes_out_of_a_later_call_and_ends_the_work(waiting: int) -> None:
    """What was asked for after it is not done."""
    background, done = Background(waiting, at_once=False), []

    def fail() -> None:
        raise OSError("torn")

    def ask() -> None:
        background.do_soon(fail)
        for _ in range(10):
            background.do(lambda: done.append(1))

    with pytest.raises(OSError, match="torn"):
        ask()
    background.wait()
    assert done == []
