"""From a folder to an estate: places, sources, overrides, readings, names of estates, and speed."""

from __future__ import annotations

import shutil
from pathlib import Path

import pytest
from bad_estates import GOOD

from inventory.load import estate_names, examine, find_estate, load_estate
from inventory.problems import EstateInvalid, EstateNotFound
from inventory.sources import OVERRIDE_SOURCE


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """A copy of the good estate."""
    return Path(shutil.copytree(GOOD, tmp_path / "estate"))


@pytest.mark.parametrize("name", [*estate_names(), str(GOOD)])
def test_estates_of_the_project_load(name: str) -> None:
    """Each estate that comes with the project is valid, and so is one from any folder."""
    estate = load_estate(name)
    assert estate.records.sites[estate.records.estate.data_centre].kind == "data-centre"


def test_unknown_estate_is_refused_with_the_nearest_name() -> None:
    """A misspelt name is answered with the one that was meant."""
    with pytest.raises(EstateNotFound, match="nearest `fuji-fujinomiya`"):
        find_estate("fuji-fujinomia")


def test_place_of_a_value_is_its_file_and_line() -> None:
    """A citation leads to the line on which the value stands, a path below it to the nearest enclosing one."""
    estate = load_estate(str(GOOD))
    lines = (GOOD / "circuits.yaml").read_text(encoding="utf-8").splitlines()
    file, line = estate.where("circuits.yamate-main.rate")
    assert (file, lines[line - 1].strip()) == ("circuits.yaml", "rate: {value: 200 Mbps, source: invented, trust: L}")
    assert estate.cite("circuits.yamate-main.rate.nothing.below") == f"circuits.yaml:{line}"
    assert estate.where("nothing") == ("estate.yaml", 1)


def test_value_keeps_where_it_comes_from() -> None:
    """A sourced value is a plain value to its readers; source and trust stand beside it."""
    estate = load_estate(str(GOOD))
    assert estate.records.circuits["yamate-main"].rate_bps == 200e6
    source = estate.provenance["circuits.yamate-main.rate"]
    assert (source.source, source.trust, source.how) == ("invented", "L", "assumed")
    assert "circuits.hamabe-1.rate" not in estate.provenance


def test_override_replaces_a_value_and_its_source() -> None:
    """A value given for one run does not go by the source of the one it replaces, and changes the digest."""
    plain = load_estate(str(GOOD))
    estate = load_estate(
        str(GOOD), {"circuits.yamate-main.rate": "300 Mbps", "circuit_groups.yamate-line.rate": "300 Mbps"}
    )
    assert estate.records.circuits["yamate-main"].rate_bps == 300e6
    assert estate.provenance["circuits.yamate-main.rate"].source == OVERRIDE_SOURCE
    assert estate.overrides == {"circuits.yamate-main.rate": "300 Mbps", "circuit_groups.yamate-line.rate": "300 Mbps"}
    assert estate.digest != plain.digest
    assert estate.where("circuits.yamate-main.rate") == plain.where("circuits.yamate-main.rate")


def test_override_may_give_an_optional_value() -> None:
    """A key that the file leaves out may be given for a run."""
    assert load_estate(str(GOOD), {"circuits.hamabe-1.delay": "3 ms"}).records.circuits["hamabe-1"].delay_s == 0.003


@pytest.mark.parametrize(
    ("path", "value", "problem"),
    [
        ("timers.bfd.intervall", "100 ms", "unknown key `intervall` (given for this run)"),
        ("timers.bdf.interval", "100 ms", "an override names `bdf`, which does not exist"),
        ("timers.bfd.interval.x", "100 ms", "an override names a value inside a value (given for this run)"),
        ("timers.bfd.interval", "quick", "'quick' is not a duration (given for this run)"),
        ("timers.bfd.interval", "", "has no value (given for this run)"),
        ("timers.bfd.enabled", "yes", "'yes' is of the wrong kind (given for this run)"),
        ("timers.ospf.dead", "5 s", "5 s is not longer than the hello interval (given for this run)"),
    ],
)
def test_bad_override_is_a_problem_of_this_run(path: str, value: str, problem: str) -> None:
    """Overrides pass the same models and rules, and the report says that the value was given for the run."""
    with pytest.raises(EstateInvalid) as caught:
        load_estate(str(GOOD), {path: value})
    assert problem in [found.problem for found in caught.value.problems]


@pytest.mark.parametrize(("choice", "profile"), [("clear", None), ("encrypted", "ikev2")])
def test_reading_decides_what_hangs_on_it(choice: str, profile: str | None) -> None:
    """Each option of a reading loads and gives its own value; what hangs on the reading is listed."""
    estate = load_estate(str(GOOD), {"readings.main-encryption.choice": choice})
    assert estate.records.circuits["yamate-main"].tunnel_profile == profile
    assert estate.hangs_on == {"main-encryption": ("circuits.yamate-main.tunnel_profile",)}


def test_reading_decides_whole_entries_items_and_sourced_values(folder: Path) -> None:
    """A case may hold a record, an item of a list or a value with its source; a null case drops the entry."""
    text = (folder / "devices.yaml").read_text(encoding="utf-8")
    text = text.replace(
        "servers: [centre-rt]",
        "servers: [centre-rt, {reading: main-encryption, cases: {clear: null, encrypted: yamate-rt-1}}]",
    )
    text = text.replace(
        "    memory: 256 MiB\n    vrrp_priority: 110",
        "    memory: {reading: main-encryption, cases: {clear: 256 MiB, encrypted: "
        "{value: 1 GiB, source: invented, trust: L}}}\n    vrrp_priority: 110",
    )
    (folder / "devices.yaml").write_text(text, encoding="utf-8")
    clear = load_estate(str(folder))
    encrypted = load_estate(str(folder), {"readings.main-encryption.choice": "encrypted"})
    assert clear.records.time_service.servers == ("centre-rt",)
    assert encrypted.records.time_service.servers == ("centre-rt", "yamate-rt-1")
    assert encrypted.records.devices["yamate-rt-1"].memory_bytes == 2**30
    assert encrypted.provenance["devices.yamate-rt-1.memory"].source == "invented"


def test_digest_covers_files_record_and_overrides(folder: Path) -> None:
    """The same estate has the same digest wherever it stands; any change of a file, the record's too, changes it."""
    first = load_estate(str(folder)).digest
    assert first == load_estate(str(GOOD)).digest
    (folder / "addresses.lock.yaml").write_text("prefixes: {}\naddresses: {}\n", encoding="utf-8")
    second = load_estate(str(folder)).digest
    (folder / "places.yaml").write_text(
        (folder / "places.yaml").read_text(encoding="utf-8") + "# x\n", encoding="utf-8"
    )
    assert len({first, second, load_estate(str(folder)).digest}) == 3


def test_problems_of_records_and_rules_come_together(folder: Path) -> None:
    """A record that is not valid hides neither other records' problems nor those between valid records."""
    text = (folder / "circuits.yaml").read_text(encoding="utf-8")
    text = text.replace("rate: 500 Mbps", "rate: fast", 1).replace("mtu: 1454", "mtu: 1500")
    (folder / "circuits.yaml").write_text(text, encoding="utf-8")
    found = examine(str(folder))
    assert found.estate is None
    assert [problem.path for problem in found.problems] == ["circuits.hamabe-1.rate", "circuits.yamate-access.mtu"]


def test_sections_about_the_organisation_may_be_left_out(folder: Path) -> None:
    """An estate of technical sections alone is sound: who has no costs or contracts to tell states none."""
    for name in (
        "batch",
        "design",
        "economics",
        "exchange",
        "facility",
        "lifecycles",
        "operation",
        "organisation",
        "systems",
    ):
        (folder / f"{name}.yaml").unlink()
    circuits = folder / "circuits.yaml"
    lines = circuits.read_text(encoding="utf-8").splitlines(keepends=True)
    held = ("    owner:", "    operator:", "    contract:")
    circuits.write_text("".join(line for line in lines if not line.startswith(held)), encoding="utf-8")
    devices = (folder / "devices.yaml").read_text(encoding="utf-8")
    without = devices.replace("    functions: [house-tax, vehicle-tax]\n", "")
    (folder / "devices.yaml").write_text(without, encoding="utf-8")
    estate = load_estate(str(folder))
    assert estate.records.economics is None
    assert estate.records.parties == {}


@pytest.mark.parametrize(
    ("path", "group", "rate_bps"),
    [
        ("circuits.fujinomiya-main.rate", "fujinomiya-line", 500e6),
        ("circuits.fuji-wan-1.rate", "fuji-logical-line", 1.5e9),
    ],
)
def test_line_follows_the_rate_of_a_member_given_for_this_run(path: str, group: str, rate_bps: float) -> None:
    """Asking for another rate of one circuit is enough: a main line has its own, a logical line the sum."""
    estate = load_estate("fuji-fujinomiya", {path: "500Mbps"})
    assert estate.records.circuit_groups[group].rate_bps == rate_bps


def test_line_that_was_given_too_is_held_to_its_members() -> None:
    """Whoever states both is told where they disagree."""
    given = {"circuits.fujinomiya-main.rate": "500Mbps", "circuit_groups.fujinomiya-line.rate": "1Gbps"}
    with pytest.raises(EstateInvalid, match=r"1 Gbps is not the rate of its main line.*expected 500 Mbps"):
        load_estate("fuji-fujinomiya", given)
