"""Sweeps: files with mistakes, grids in order on any number of workers, and searches that say when there is none."""

from __future__ import annotations

from concurrent.futures import ProcessPoolExecutor
from pathlib import Path
from typing import Any

import pytest
import yaml

from inventory.models.estate import Estate
from simulation.answer import Answer
from simulation.errors import NothingFound, SweepInvalid
from simulation.search import search
from simulation.sweep import Sweep, load_sweep
from simulation.variants import answers

QUESTION = {"kind": "failover", "scenario": "fuji-one-cut"}
SHIPPED = sorted((Path(__file__).parents[2] / "simulation" / "sweeps").glob("*.yaml"))


def _sweep(tmp_path: Path, **parts: Any) -> Sweep:
    file = tmp_path / "sweep.yaml"
    file.write_text(yaml.safe_dump({"title": "a sweep", "replications": 40, **parts}, sort_keys=False))
    return load_sweep(file)


def _searched(tmp_path: Path, where: dict[str, Any], **parts: Any) -> Sweep:
    sought = {
        "vary": "timers.bfd.interval", "from": "100 ms", "to": "3000 ms", "find": "greatest", "where": where,
        "within": 0.05, **parts,
    }  # fmt: skip
    return _sweep(tmp_path, question=QUESTION, search=sought)


@pytest.mark.parametrize("file", SHIPPED, ids=lambda path: path.stem)
def test_shipped_sweep_is_sound(file: Path) -> None:
    """Every sweep that comes with the project can be read and has both titles."""
    assert load_sweep(file).title_ja


@pytest.mark.parametrize(
    ("parts", "message"),
    [
        ({"question": QUESTION}, "has a grid and a search, or neither; expected one of `grid` and `search`"),
        ({"grid": {"timers.bfd.multiplier": [2]}}, "asks nothing; expected `question` with its `kind`"),
        ({"question": QUESTION, "grid": {"timers.bfd.multiplier": []}}, "grid.timers.bfd.multiplier"),
        ({"question": QUESTION, "gird": {}}, "unknown key `gird`"),
        ({"question": QUESTION, "grid": {str(n): list(range(10)) for n in range(5)}}, "at most 10000"),
        (
            {"search": {"vary": "a", "from": "1 s", "to": "100 ms", "find": "least", "where": {"promises": "hold"}}},
            "no range; expected two sizes above zero with the same unit",
        ),
        (
            {"search": {"vary": "a", "from": "1 s", "to": "2 s", "find": "least", "where": {"figure": "x"}}},
            "says nothing that can hold",
        ),
    ],
)
def test_mistake_in_a_file_is_told(tmp_path: Path, parts: dict[str, Any], message: str) -> None:
    """Each mistake is one problem with what was expected."""
    with pytest.raises(SweepInvalid) as caught:
        _sweep(tmp_path, **parts)
    assert message in str(caught.value)
    assert str(caught.value).startswith("sweep.yaml:")


def test_grid_is_every_combination_in_order_on_any_workers(deck: Estate, tmp_path: Path) -> None:
    """The last path changes fastest; answers are the same in this process and on two workers; a bad value is told."""
    sweep = _sweep(
        tmp_path,
        question=QUESTION,
        set={"timers.vrrp.preempt_delay": "20 s"},
        grid={"timers.bfd.interval": ["100 ms", "1000 ms"], "timers.bfd.multiplier": [3, 0]},
    )
    variants = list(sweep.variants())
    assert [tuple(one.values()) for one in variants] == [
        ("20 s", "100 ms", "3"), ("20 s", "100 ms", "0"), ("20 s", "1000 ms", "3"), ("20 s", "1000 ms", "0")
    ]  # fmt: skip
    alone = answers(deck, variants, sweep.question, 1, 40)
    with ProcessPoolExecutor(2) as executor:
        assert answers(deck, variants, sweep.question, 1, 40, executor=executor) == alone
    quick, refused, slow, _ = alone
    assert isinstance(quick, Answer)
    assert isinstance(slow, Answer)
    assert (quick["fuji.outage"].value or 0) < (slow["fuji.outage"].value or 0)
    assert isinstance(refused, str)
    assert "timers.bfd.multiplier" in refused


def test_search_finds_where_a_figure_just_keeps_its_bound(deck: Estate, tmp_path: Path) -> None:
    """The found value keeps the bound, the one beyond does not, and the two are as near as was asked."""
    found = search(deck, _searched(tmp_path, {"figure": "fuji.outage", "at_most": 2.0}))
    by_value = {trial.value: trial for trial in found.trials}
    assert (by_value[found.value].figure or 9) <= 2.0 < (by_value[found.beyond].figure or 0)
    value, beyond = (float(text.split()[0]) for text in (found.value, found.beyond))
    assert value < beyond <= value * 1.06


@pytest.mark.parametrize(
    ("where", "parts", "message"),
    [
        ({"figure": "fuji.outage", "at_most": 100.0}, {}, "holds everywhere"),
        ({"figure": "fuji.outage", "at_most": 0.0001}, {}, "holds nowhere"),
        ({"figure": "fuji.outag", "at_most": 1.0}, {}, "no figure `fuji.outag`; expected a known name, nearest"),
        ({"promises": "hold"}, {"from": "100 s", "to": "200 s"}, "is not possible"),
        ({"promises": "hold"}, {"vary": "timers.bdf.interval"}, "override names `bdf`, which does not exist"),
    ],
)
def test_search_without_an_answer_says_why(
    deck: Estate, tmp_path: Path, where: dict[str, Any], parts: dict[str, Any], message: str
) -> None:
    """A condition that holds everywhere or nowhere, and a value that breaks a rule, end the search with the reason."""
    with pytest.raises(NothingFound) as caught:
        search(deck, _searched(tmp_path, where, **parts))
    assert message in str(caught.value)
