"""Plays a night in the plain SimPy form and writes down what a scheduler's log of it would say.

`python tests/simulation/tonight/played_nights.py` writes the records under `measured/` anew: nights of the deck's
estate with draws of their own, played without the compiled kernel. Back-tests hold what was predicted half-way
against them.
"""

from __future__ import annotations

import datetime as dt
import json
from pathlib import Path
from typing import Any

import simpy

from inventory.load import load_estate
from simulation.batch.layout import night_of
from simulation.batch.night import Night
from simulation.batch.restarts import Attempts
from simulation.batch.variation import drawn_plays
from simulation.draws import Streams
from simulation.sharing.plain_transfers import PlainTransfers

FOLDER = Path(__file__).parents[1] / "measured"
NIGHTS = {
    "ordinary-night": ("2026-07-22", 4101),
    "night-of-bills": ("2026-04-06", 4102),
    "month-end": ("2026-08-31", 4103),
}


def played_night(date: str, seed: int) -> dict[str, Any]:
    """Return begin and end of every job (s after noon) of a night with a seed of its own, and its attempts."""
    estate = load_estate("fuji-fujinomiya")
    layout = night_of(estate, dt.date.fromisoformat(date))
    plays = drawn_plays(estate, layout.net, Streams(seed, 1))
    attempts = []
    for n in range(len(layout.net.jobs)):
        runs_s = tuple(plays.runs[0, n, : plays.tries[0, n]].tolist())
        attempts.append(Attempts(runs_s, float(plays.pauses[0, n]), bool(plays.succeeds[0, n])))
    env = simpy.Environment()
    night = Night(env, layout.net, attempts, PlainTransfers(env, layout.lines.links))
    env.run(until=86400)
    jobs = {
        record.name: {
            "begin_s": round(record.begin_s or 0.0, 3),
            "end_s": round(record.end_s or 86400.0, 3),
            "attempts": record.attempts,
        }
        for record in night.records()
    }
    return {"date": date, "seed": seed, "jobs": jobs}


if __name__ == "__main__":
    for name, (date, seed) in NIGHTS.items():
        text = json.dumps(played_night(date, seed), indent=1) + "\n"
        (FOLDER / f"{name}.json").write_text(text, encoding="utf-8")
