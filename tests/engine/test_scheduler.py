"""The queue before the slots, and the thread that serves it."""

import itertools
import queue

import pytest

from tenth.engine import Engine, QueueFull, SamplingParams
from tenth.engine.scheduler import Scheduler
from tenth.engine.sequence import Sequence

from .conftest import tiny


def some(n: int) -> list[Sequence]:
    return [Sequence((i,), SamplingParams(), (0,)) for i in range(n)]


def test_first_come_first_served_and_everyone_takes_turns():
    a, b, c = some(3)
    scheduler = Scheduler(slots=2, queue=5)
    scheduler.add([a, b, c])
    turns = [scheduler.next() for _ in range(6)]
    assert c not in turns and turns.count(a) == turns.count(b) == 3
    assert all(x is not y for x, y in itertools.pairwise(turns))
    assert scheduler.remove(a) and scheduler.next() is c


def test_a_newcomer_has_the_next_turn():
    a, b, c = some(3)
    scheduler = Scheduler(slots=3, queue=0)
    scheduler.add([a, b])
    for _ in range(3):
        scheduler.next()
    scheduler.add([c])
    assert scheduler.next() is c


def test_past_its_bound_all_are_turned_away_together():
    scheduler = Scheduler(slots=2, queue=1)
    scheduler.add(some(2))
    with pytest.raises(QueueFull, match="no room for 2"):
        scheduler.add(some(2))
    assert len(scheduler) == 2
    scheduler.add(some(1))
    with pytest.raises(QueueFull):
        scheduler.add(some(1))


def test_who_leaves_frees_the_place_whether_running_or_waiting():
    a, b, c = some(3)
    scheduler = Scheduler(slots=1, queue=2)
    scheduler.add([a, b, c])
    scheduler.next()
    assert scheduler.remove(b) and scheduler.remove(a) and not scheduler.remove(a)
    assert scheduler.next() is c and scheduler.remove(c) and scheduler.next() is None


def test_equal_requests_are_not_one_another():
    a, b = (Sequence((1,), SamplingParams(), (0,)) for _ in range(2))
    scheduler = Scheduler(1, 1)
    scheduler.add([a, b])
    assert scheduler.remove(b) and scheduler.next() is a


@pytest.mark.parametrize(("slots", "places", "named"), [(0, 1, "slots"), (1, -1, "queue")])
def test_strange_sizes_are_named(slots, places, named):
    with pytest.raises(ValueError, match=named):
        Scheduler(slots, places)


@pytest.fixture
def engine(tokenizer):
    return Engine(tiny("sparse"), tokenizer, prefill_chunk=5)


def collect(events: queue.Queue) -> str:
    text = ""
    while True:
        chunk = events.get(timeout=30)
        if isinstance(chunk, Exception):
            raise chunk
        text += chunk.text
        if chunk.finish_reason:
            return text


def test_the_thread_gives_each_sequence_its_solo_text(engine):
    prompts = ["the cat sat on the mat", "你好", "a", "the dog"]
    params = [SamplingParams(seed=i, max_tokens=30) for i in range(4)]
    alone = [engine.generate(p, s) for p, s in zip(prompts, params, strict=True)]
    loop, events = engine.start(slots=3, queue=1), [queue.Queue() for _ in prompts]
    sequences = [engine.sequence(p, s) for p, s in zip(prompts, params, strict=True)]
    loop.submit({s: e.put for s, e in zip(sequences, events, strict=True)})
    assert [collect(e) for e in events] == alone
    assert loop.load == (0, 0, 3, 1) and loop.retry_after() >= 1
    loop.stop()


def test_a_sequence_that_fails_leaves_the_others_alone(engine):
    loop, good, bad = engine.start(2, 0), queue.Queue(), queue.Queue()
    fails = engine.sequence([10**6], SamplingParams())  # no such token
    loop.submit({fails: bad.put, engine.sequence("a", SamplingParams(0)): good.put})
    with pytest.raises(IndexError):
        collect(bad)
    assert collect(good) == engine.generate("a", SamplingParams(0))
    loop.stop()


def test_a_cancelled_sequence_is_heard_of_no_more_and_its_state_is_freed(engine):
    loop, events = engine.start(1, 1), queue.Queue()
    sequence = engine.sequence("a", SamplingParams(max_tokens=10**6), ends=False)
    loop.submit({sequence: events.put})
    events.get(timeout=30)
    loop.cancel(sequence)
    n = len(sequence.generated)
    loop.submit({engine.sequence("b", SamplingParams(0)): (other := queue.Queue()).put})
    collect(other)
    assert len(sequence.generated) <= n + 1 and loop.load.running == 0
    loop.stop()


def test_stopping_tells_everyone_who_still_waits(engine):
    loop, events = engine.start(1, 1), [queue.Queue(), queue.Queue()]
    for one in events:
        sequence = engine.sequence("a", SamplingParams(max_tokens=10**6), ends=False)
        loop.submit({sequence: one.put})
    events[0].get(timeout=30)
    loop.stop()
    for one in events:
        with pytest.raises(RuntimeError, match="stopped"):
            while True:
                collect(one)
    with pytest.raises(RuntimeError, match="stopped"):
        loop.submit({})
