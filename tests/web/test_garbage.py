"""What the server remembers is spared by the search for garbage, and goes nevertheless when it is not needed."""

import gc
import weakref

from iprkit.web.garbage import remembering


class Remembered:
    """Something that somebody may point to, and that may point to another."""

    next: object = None


def test_what_is_remembered_is_looked_through_once_and_goes_when_nothing_points_to_it() -> None:
    kept = [Remembered()]
    gone = weakref.ref(kept[0])
    with remembering():
        gc.collect()
        spared = not any(one is kept for one in gc.get_objects())
        kept.clear()
        assert (spared, gone()) == (True, None)
    assert any(one is kept for one in gc.get_objects())


def test_rings_go_when_the_server_ends() -> None:
    ring = Remembered()
    ring.next = ring
    gone = weakref.ref(ring)
    with remembering():
        gc.collect()
        del ring
        gc.collect()
    gc.collect()
    assert gone() is None
