"""The commands that shape a link, also where the kernel can delay, and what is said of what is found."""

from __future__ import annotations

import pytest

from infra.targets.lab.shaping import Shape, differences


def _bucket(rate_bps: float, burst: int) -> dict[str, object]:
    return {"kind": "tbf", "options": {"rate": rate_bps / 8, "burst": burst, "lat": 50000}}


@pytest.mark.parametrize(("rate_bps", "burst_bytes"), [(1_000_000, 6056), (15_000_000, 18_750), (50_000_000, 62_500)])
def test_bucket_holds_a_hundredth_of_a_second_and_four_frames_at_least(rate_bps: int, burst_bytes: int) -> None:
    """The burst grows with the rate: 10 ms of it, or four full frames of 1,514 bytes."""
    assert Shape(rate_bps, 0.0, 1500).burst_bytes == burst_bytes


def test_delay_comes_before_the_bucket() -> None:
    """Where the kernel has netem, it is the root and holds the frames under way; the bucket is its child."""
    delay, bucket = Shape(50_000_000, 0.003, 1500).commands("az")
    assert delay == "qdisc replace dev az root handle 1: netem delay 3000us limit 1000"
    assert bucket.startswith("qdisc replace dev az parent 1:1 handle 10: tbf rate 50000000bit")


def test_netem_holds_all_frames_of_a_long_fast_circuit() -> None:
    """Its queue takes twice the frames that are under way, or it would lose some."""
    delay, _ = Shape(10**9, 0.05, 1500).commands("az")
    assert int(delay.split("limit ")[1]) >= 2 * 10**9 * 0.05 / 8 / 1514 - 2


def test_what_fits_has_no_differences() -> None:
    """The rate and burst asked for are no drift, also a byte or two off by tc's own rounding."""
    shape = Shape(50_000_000, 0.0, 1500)
    assert differences(shape, [_bucket(50e6, 62_500)]) == []
    assert differences(shape, [_bucket(50e6, 62_498)]) == []


def test_delay_found_is_compared() -> None:
    """A delay that was not asked for is drift, and one that is missing too."""
    netem = {"kind": "netem", "options": {"delay": {"delay": 0.02}}}
    shape = Shape(50_000_000, 0.003, 1500)
    assert differences(shape, [netem, _bucket(50e6, 62_500)]) == ["is delayed by 0.02 s, asked 0.003 s"]
    assert differences(shape, [_bucket(50e6, 62_500)]) == ["is delayed by 0 s, asked 0.003 s"]
