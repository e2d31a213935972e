"""Rules on timers: what their protocols and the routing software can hold, and their order."""

from __future__ import annotations

from collections.abc import Iterator

from inventory.problems import Problem
from inventory.quantities import show_duration
from inventory.rules.scope import Scope

# Ranges of FRR 10, RFC 5798 and, for TCP, of the systems that can be told (Solaris: up to two hours, Linux: up to two
# minutes): (path, least, most, step), all in milliseconds.
_RANGES = (
    ("bfd.interval", 10, 60_000, 1),
    ("ospf.hello", 1_000, 65_535_000, 1_000),
    ("ospf.dead", 1_000, 65_535_000, 1_000),
    ("ospf.retransmit", 1_000, 65_535_000, 1_000),
    ("ospf.spf_delay", 0, 600_000, 1),
    ("ospf.spf_hold", 0, 600_000, 1),
    ("ospf.spf_max_hold", 0, 600_000, 1),
    ("ospf.lsa_hold", 0, 5_000, 1),
    ("ospf.lsa_min_arrival", 0, 5_000, 1),
    ("vrrp.advertisement", 10, 40_950, 10),
    ("vrrp.preempt_delay", 0, 1_000_000, 1_000),
    ("tcp.first", 1, 7_200_000, 1),
    ("tcp.longest", 1, 7_200_000, 1),
    ("tcp.opening_first", 1, 7_200_000, 1),
)


def dead_interval_outlasts_hello(scope: Scope) -> Iterator[Problem]:
    """A neighbour is dead only after more than one hello has failed to come (RFC 2328, appendix C.3)."""
    ospf = scope.records.timers.ospf
    if ospf.dead_s <= ospf.hello_s:
        found = f"{show_duration(ospf.dead_s)} is not longer than the hello interval"
        yield scope.problem("timers.ospf.dead", found, f"more than {show_duration(ospf.hello_s)}")


def timers_fit_their_protocol(scope: Scope) -> Iterator[Problem]:
    """A timer has a value that the protocol can carry and FRR can be told."""
    for dotted, least, most, step in _RANGES:
        protocol, name = dotted.split(".")
        value_s = getattr(getattr(scope.records.timers, protocol), f"{name}_s")
        value_ms = value_s * 1000
        if not least <= value_ms <= most or abs(value_ms / step - round(value_ms / step)) > 1e-6:
            expected = f"{_ms(least)} to {_ms(most)} in steps of {_ms(step)}"
            yield scope.problem(f"timers.{dotted}", f"{show_duration(value_s)} is not possible", expected)


def spf_holds_rise(scope: Scope) -> Iterator[Problem]:
    """The hold time between route calculations grows to its maximum, so it starts below it."""
    ospf = scope.records.timers.ospf
    if ospf.spf_hold_s > ospf.spf_max_hold_s:
        found = f"{show_duration(ospf.spf_hold_s)} is more than the maximum"
        yield scope.problem("timers.ospf.spf_hold", found, f"at most {show_duration(ospf.spf_max_hold_s)}")


def back_off_rises(scope: Scope) -> Iterator[Problem]:
    """A sender's timer doubles up to its longest, so it starts with no more than that (RFC 6298, 5.5)."""
    tcp = scope.records.timers.tcp
    for name, first_s in (("first", tcp.first_s), ("opening_first", tcp.opening_first_s)):
        if first_s > tcp.longest_s:
            found = f"{show_duration(first_s)} is more than the longest"
            yield scope.problem(f"timers.tcp.{name}", found, f"at most {show_duration(tcp.longest_s)}")


def reactions_are_ordered(scope: Scope) -> Iterator[Problem]:
    """A reaction's most likely time lies between its least and its most."""
    for id_, reaction in scope.records.timers.reactions.items():
        if not reaction.low_s <= reaction.mode_s <= reaction.high_s:
            shown = ", ".join(show_duration(value) for value in (reaction.low_s, reaction.mode_s, reaction.high_s))
            yield scope.problem(f"timers.reactions.{id_}", f"{shown} do not rise", "low, mode, high in rising order")


def _ms(value_ms: int) -> str:
    return f"{value_ms} ms" if value_ms % 1000 else f"{value_ms // 1000} s"
