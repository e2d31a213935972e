"""Jobs whose transfer loses its path: stall, late resumption, broken connection, next attempt; by hand, both forms."""

from __future__ import annotations

import datetime as dt
import math
from collections.abc import Sequence

import pytest
import simpy

from inventory.models.estate import Estate
from simulation.batch.incidents import CircuitTrouble, Incident
from simulation.batch.jobs import BatchJob, JobNet
from simulation.batch.lines import LinePlan
from simulation.batch.night import JobRecord, Night
from simulation.batch.played import play
from simulation.batch.restarts import Attempts
from simulation.batch.schedule import Scheduler
from simulation.batch.tables import plays_of
from simulation.draws import Streams
from simulation.sharing.back_off import BackOff, BackOffs
from simulation.sharing.connections import Connections
from simulation.sharing.links import Links

LINUX = BackOffs(BackOff(0.2, 120.0, 15), BackOff(1.0, 120.0, 6))
LINE_BPS = 8e7  # 10 MB/s
COPY = BatchJob("copy", 0.0, "s", moves_bytes=1e8, route=("wan",))
NEXT = BatchJob("next", 1.0, "s", ("copy",))


def cut(*spans: tuple[float, float], other_way: bool = False) -> LinePlan:
    """Return two lines of 10 MB/s; the first, over which the copy goes, is away in some spans, and it may move then."""
    starts = sorted({0.0, *(instant for span in spans for instant in span if instant < math.inf)})
    away = [any(begin <= start < end for begin, end in spans) for start in starts]
    capacities = tuple((0.0 if one else LINE_BPS, LINE_BPS) for one in away)
    routes = tuple(((("spare",) if one and other_way else ("wan",)), ()) for one in away)
    links = Links({"wan": capacities[0][0], "spare": LINE_BPS})
    return LinePlan(links, tuple(starts), capacities, routes, LINUX)


def both(plan: LinePlan, copy: Attempts, job: BatchJob = COPY) -> tuple[JobRecord, JobRecord]:
    """Play the copy and what follows it in SimPy and in the kernel, hold them equal, and return the records."""
    net = JobNet([job, NEXT], {"s": 1})
    attempts: Sequence[Attempts] = (copy, Attempts((1.0,)))
    env = simpy.Environment()
    night = Night(env, net, attempts, Connections(env, plan.links, plan.back_offs), plan=plan)
    env.run(until=86400)
    outcome = Scheduler(net, plan).play(plays_of(net, [attempts]))
    records = night.records()
    for number, record in enumerate(records):
        end_s = outcome.ends[0, number]
        assert (None if math.isnan(end_s) else end_s) == pytest.approx(record.end_s, abs=1e-6)
        assert (outcome.made[0, number], outcome.broken[0, number]) == (record.attempts, record.broken)
    return records[0], records[1]


@pytest.mark.parametrize(
    ("away_s", "end_s"),
    [(0.1, 10.2), (1.0, 11.4), (60.0, 112.2), (500.0, 574.6), (804.0, 814.6)],
)
def test_copy_goes_on_with_the_attempt_after_the_repair(away_s: float, end_s: float) -> None:
    """100 MB take 10 s; cut after 5 s they stall to an attempt: 0.2, 1.4, 102.2, 564.6, 804.6 s after the cut."""
    copy, after = both(cut((5.0, 5.0 + away_s)), Attempts((0.0,)))
    assert (copy.end_s, copy.attempts, copy.broken) == (pytest.approx(end_s), 1, 0)
    assert after.end_s == pytest.approx(end_s + 1)


def test_copy_that_is_moved_does_not_stall() -> None:
    """With another way at the instant of the cut, and back again, it ends as if nothing had been."""
    assert both(cut((5.0, 7.0), other_way=True), Attempts((0.0,)))[0].end_s == pytest.approx(10.0)


def test_broken_connection_fails_the_attempt_and_the_next_sends_all_again() -> None:
    """Away for an hour: broken after 924.6 s, started again after another hour, 100 MB from the beginning."""
    copy, after = both(cut((5.0, 3605.0)), Attempts((0.0,), 3600.0, most=2))
    assert (copy.begin_s, copy.end_s) == (0.0, pytest.approx(5 + 924.6 + 3600 + 10))
    assert (copy.attempts, copy.broken, copy.state) == (2, 1, "ended")
    assert after.begin_s == copy.end_s


def test_who_starts_a_job_again_waits_until_there_is_a_path() -> None:
    """Ten minutes after the connection broke the path is still away: the job begins again when it is back."""
    copy, _ = both(cut((5.0, 2000.0)), Attempts((0.0,), 600.0, most=2))
    assert (copy.end_s, copy.attempts, copy.broken) == (pytest.approx(2010.0), 2, 1)


def test_job_that_begins_while_its_path_is_away_opens_in_vain() -> None:
    """Back after 2 s: the attempt at 3 s opens it. Back after 10 min: broken after 127 s, begun again then."""
    assert both(cut((0.0, 2.0)), Attempts((0.0,)))[0].end_s == pytest.approx(13.0)
    copy, _ = both(cut((0.0, 600.0)), Attempts((0.0,), 60.0, most=2))
    assert (copy.end_s, copy.broken) == (pytest.approx(610.0), 1)


def test_path_that_is_never_back_ends_nothing() -> None:
    """Away for good: after its first attempt the job waits until the night is over."""
    copy, after = both(cut((5.0, math.inf)), Attempts((0.0,), 60.0, most=9))
    assert (copy.end_s, copy.attempts, copy.broken, after.begin_s) == (None, 1, 1, None)


def test_job_without_attempts_left_is_given_up_and_what_follows_waits() -> None:
    """Two attempts, both broken: given up, and what follows never begins."""
    copy, after = both(cut((5.0, 5000.0), (5005.0, 50000.0)), Attempts((0.0,), 600.0, most=2))
    assert (copy.state, copy.end_s, copy.broken) == ("given up", None, 2)
    assert (after.state, after.begin_s) == ("waiting", None)


def test_attempt_is_over_when_its_run_is_too() -> None:
    """A job of 2,000 s whose connection broke after 929.6 s fails at its end, and is made again: all 2,000 s of it."""
    job = BatchJob("copy", 2000.0, "s", moves_bytes=1e8, route=("wan",))
    copy, _ = both(cut((5.0, 1500.0)), Attempts((2000.0,), 100.0, most=2), job)
    assert (copy.end_s, copy.broken) == (4100.0, 1)


def test_failed_attempts_count_before_a_broken_one() -> None:
    """One attempt failed by itself and two may be made: when the connection of the second breaks it is given up."""
    copy, _ = both(cut((5.0, 5000.0)), Attempts((1.0, 0.0), 1.0, most=2))
    assert (copy.state, copy.attempts, copy.broken) == ("given up", 2, 1)


def test_cut_night_of_an_estate_stalls_breaks_and_starts_again(deck: Estate) -> None:
    """Fujinomiya's circuits are away for an hour in the remote copy: its connection breaks, and it starts again."""
    date, streams = dt.date(2026, 7, 22), Streams(1, 100)
    number = play(deck, date, streams).layout.net.number["fujinomiya-remote"]
    usual = play(deck, date, streams).outcome
    mid_s = float((usual.begins[:, number].max() + usual.ends[:, number].min()) / 2)
    away = [
        CircuitTrouble.model_validate({"circuit": one, "from": clock(mid_s), "until": clock(mid_s + 3600)})
        for one in ("fujinomiya-main", "fujinomiya-flets")
    ]
    played = play(deck, date, streams, Incident(title="cut", title_ja="断", circuits=tuple(away)))
    outcome = played.outcome
    assert outcome.broken[:, number].min() >= 1
    ended = ~played.late[:, number]
    assert ended.any()
    assert (outcome.lasts[ended, number] >= mid_s + 924.6 - 60).all()
    again = play(deck, date, streams, Incident(title="cut", title_ja="断", circuits=tuple(away))).outcome
    assert (again.ends[ended] == outcome.ends[ended]).all()


def clock(at_s: float) -> str:
    """Return seconds after noon as a time of day, to the minute."""
    minutes = round(at_s / 60) + 720
    return f"{minutes // 60 % 24:02d}:{minutes % 60:02d}"
