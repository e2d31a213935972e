"""`twin economics`: what the joint scheme costs and saves, how its cost is divided, and what would change it."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import click

from twin.output import Cell, say, show_json, show_table
from twin.settings import Settings, estate_options, json_option

if TYPE_CHECKING:
    from inventory.models.economics import Economics
    from topology.economics.costs import WhatIf


@click.command(epilog="Example: twin economics --join third-city --price fuji-wan-1='24 MJPY'")
@click.option("--term-years", type=click.IntRange(1, 50), help="Over another term than the estate's.")
@click.option("--price", "prices", metavar="LINE=AMOUNT", multiple=True, help="With another price of a cost line.")
@click.option("--join", "joining", metavar="CANDIDATE", multiple=True, help="With a city that may join.")
@estate_options
@json_option
@click.pass_obj
def command(
    settings: Settings, term_years: int | None, prices: tuple[str, ...], joining: tuple[str, ...], as_json: bool
) -> int:
    """Derive costs, savings and the apportionment from the leaves that the source prints, and compare with its print.

    The shared cost is divided so that all cities save alike: the share is rounded first, then the amount; `exact` is
    without rounding. With --term-years, --price or --join the figures under other circumstances stand beside those
    stated; they rest on finer lines, which are assumed. Exit 1 where the second phase exceeds the first plan.
    """
    from topology.economics.document import economics_document

    estate = settings.load()
    economics = estate.records.economics
    if economics is None:
        raise click.UsageError(f"the estate {estate.name} states no costs: a section `economics:` in one of its files")
    document = economics_document(estate, economics, _what_if(economics, term_years, prices, joining))
    if as_json:
        show_json(document)
    else:
        _show(document)
    phase = document["second_phase"]
    return 0 if phase is None or all(phase["kept"].values()) else 1


def _what_if(economics: Economics, term_years: int | None, prices: tuple[str, ...], joining: tuple[str, ...]) -> WhatIf:
    """Return the circumstances asked for; a usage error names what the estate does not have."""
    from inventory.names import expected_name
    from inventory.quantities import parse_money
    from topology.economics.costs import WhatIf

    priced = {}
    for text in prices:
        line, equals, amount = text.partition("=")
        if not equals or line not in economics.lines:
            expected = expected_name(line, economics.lines)
            raise click.UsageError(f"--price {text}: no cost line `{line}`; expected {expected} as LINE=AMOUNT")
        try:
            priced[line] = parse_money(amount)
        except ValueError as error:
            problem, _, wanted = str(error).partition("|")
            raise click.UsageError(f"--price {text}: {problem}; expected {wanted}") from error
    for name in joining:
        if name not in economics.candidates:
            expected = expected_name(name, economics.candidates)
            raise click.UsageError(f"--join {name}: no candidate `{name}`; expected {expected}")
    return WhatIf(term_years, priced, tuple(dict.fromkeys(joining)))


def _show(document: dict[str, Any]) -> None:
    rows: list[list[Cell]] = []
    for row in document["figures"]:
        decimals = 1 if row["decimals"] is None else row["decimals"]
        printed = _figure(row["printed"], row["unit"], decimals)
        shown = [printed, *(_figure(row[name], row["unit"], decimals + 1) for name in ("derived", "exact"))]
        rows.append([row["who"], row["alternative"], row["measure"], *shown, row["source"] or "", _remark(row)])
    columns = ["who", "alternative", "measure", "printed", "derived", "exact", "source", ""]
    show_table(f"Costs over {document['term_years']} years, million yen", columns, rows)
    if document["what_if"]:
        _show_what_if(document["what_if"])
    if document["second_phase"]:
        _show_second_phase(document["second_phase"])
    if document["effort"]:
        _show_effort(document["effort"])
    say(f"{len(document['assumed'])} values are assumed (--json lists them); what the source prints hangs on none")


def _show_what_if(case: dict[str, Any]) -> None:
    click.echo()
    rows: list[list[Cell]] = [
        [row["who"], row["alternative"], row["measure"], _figure(row["stated"], row["unit"]),
         _figure(row["changed"], row["unit"])]
        for row in case["figures"]
        if row["stated"] != row["changed"]
    ]  # fmt: skip
    title = f"Under other circumstances, over {case['term_years']} years (on assumed lines)"
    show_table(title, ["who", "alternative", "measure", "as stated", "then"], rows)


def _show_second_phase(phase: dict[str, Any]) -> None:
    click.echo()
    years = list(next(iter(phase["payments"].values())))
    rows: list[list[Cell]] = []
    for who in phase["planned"]:
        payments = phase["payments"].get(who)
        each = [_figure(payments[year], "JPY") if payments else "" for year in years]
        total, allowed = (_figure(phase[name][who], "JPY") for name in ("planned", "allowed"))
        rows.append([who, *each, total, allowed, "yes" if phase["kept"][who] else "NO"])
    show_table("Second phase, million yen, levelled", ["who", *years, "total", "first plan", "within"], rows)


def _show_effort(effort: dict[str, Any]) -> None:
    click.echo()
    years = sorted({year for counts in effort["staff"].values() for year in counts})
    staff: list[list[Cell]] = [
        [city, *(counts.get(year, "") for year in years)] for city, counts in effort["staff"].items()
    ]
    show_table("Staff of the IT sections", ["city", *years], staff)
    click.echo()
    meetings: list[list[Cell]] = [
        [name, ", ".join(f"{column} {slots}" for column, slots in table["columns"].items()), f"{table['slots']:,}",
         ", ".join(f"{total:,}" for total in table["printed_totals"]), f"{table['hours']:,}", table["remark"] or ""]
        for name, table in effort["meetings"].items()
    ]  # fmt: skip
    show_table("Meetings", ["table", "slots", "sum", "printed", "hours", ""], meetings)


def _figure(value: float | None, unit: str, decimals: int = 2) -> str:
    """Return millions of yen, or a percentage with so many decimals."""
    from inventory.quantities import show_money

    if value is None:
        return "-"
    if unit == "JPY":
        return show_money(round(value))
    return f"{value * 100:.{decimals}f} %"


def _remark(row: dict[str, Any]) -> str:
    if row["slip"]:
        return f"slip of the print: {row['slip']}"
    return "only with the share rounded first" if row["rounding_matters"] else ""
