"""Real answers fit the published schemas, and say the same as the plain output."""

from __future__ import annotations

import json
import shutil
import subprocess
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from jsonschema import Draft202012Validator
from pypdf import PdfReader

from evidence.chain import append
from evidence.verify import verify
from infra.targets.target import Target
from inventory.load import load_estate

Twin = Callable[..., subprocess.CompletedProcess[str]]
ROOT = Path(__file__).parents[2]
LISTS = (
    "equipment-list", "node-list", "segment-list", "address-plan", "connection-list", "circuit-list", "code-list",
)  # fmt: skip
SCHEMAS = ROOT / "docs" / "schemas"
ESTATE = ROOT / "inventory" / "estates" / "fuji-fujinomiya"


def _valid(name: str, text: str) -> Any:
    schema = json.loads((SCHEMAS / f"{name}.schema.json").read_text(encoding="utf-8"))
    Draft202012Validator.check_schema(schema)
    document = json.loads(text)
    Draft202012Validator(schema).validate(document)
    return document


@pytest.mark.parametrize("path", sorted(SCHEMAS.glob("*.json")), ids=lambda path: path.name)
def test_schema_is_one(path: Path) -> None:
    """Every published schema is itself valid and says what it is about."""
    schema = json.loads(path.read_text(encoding="utf-8"))
    Draft202012Validator.check_schema(schema)
    assert schema["title"]
    assert schema["description"]


def test_schema_printed_is_the_one_in_the_repository(twin: Twin, tmp_path: Path) -> None:
    """`twin schema` prints what the files of the project name, and writes it where asked."""
    stated = (SCHEMAS / "estate.schema.json").read_text(encoding="utf-8")
    assert twin("schema").stdout == stated
    twin("schema", "--output", "own.json")
    assert (tmp_path / "own.json").read_text(encoding="utf-8") == stated


def test_check_of_a_sound_estate_is_an_empty_list(twin: Twin) -> None:
    """No problem is `[]` and status 0."""
    assert _valid("check", twin("check", "--json").stdout) == []


def test_check_of_a_broken_estate_names_file_and_line(twin: Twin, tmp_path: Path) -> None:
    """Two mistakes are two entries with their own lines, status 1, the same in words."""
    broken = tmp_path / "broken"
    shutil.copytree(ESTATE, broken)
    text = (broken / "circuits.yaml").read_text(encoding="utf-8")
    assert "rate: {value: 1 Gbps, source: slide 20" in text
    text = text.replace("rate: {value: 1 Gbps, source: slide 20", "rate: {value: -1 Gbps, source: slide 20", 1)
    (broken / "circuits.yaml").write_text(text.replace("service_ja:", "servise_ja:", 1), encoding="utf-8")
    problems = _valid("check", twin("check", "--estate", str(broken), "--json", expect=1).stdout)
    assert len(problems) == 2
    assert {problem["file"] for problem in problems} == {"circuits.yaml"}
    plain = twin("check", "--estate", str(broken), expect=1).stdout.splitlines()
    assert [line.split(":")[1] for line in plain] == [str(problem["line"]) for problem in problems]


def test_addresses_are_all_there(twin: Twin) -> None:
    """Every port and loopback of the estate is listed once, with what the plain table shows of it."""
    rows = _valid("addresses", twin("addresses", "--json").stdout)["addresses"]
    addresses = [row["address"] for row in rows if row["address"]]
    assert len(addresses) == len(set(addresses)) > 40
    assert len([row for row in rows if row["use"] == "router id"]) == 6
    assert {row["vlan"] for row in rows} > {110, 210, None}
    plain = twin("addresses").stdout.splitlines()
    assert plain[0].split() == ["segment", "VLAN", "prefix", "address", "device", "interface", "use", "state"]
    assert len(plain) == len(rows) + 1
    assert "セグメント" in twin("addresses", "--language", "ja").stdout


def test_prediction_fits_its_schema_and_repeats(twin: Twin) -> None:
    """The same seed gives the same document, to the byte."""
    arguments = ("simulate", "failover", "fuji-one-cut", "--seed", "7", "--replications", "50", "--json")
    first = twin(*arguments).stdout
    document = _valid("answer", first)
    assert document["seed"] == 7
    assert document["replications"] == 50
    assert twin(*arguments).stdout == first
    assert twin(*arguments, "--workers", "2").stdout == first


def test_gate_that_holds_ends_with_0_and_records_nothing(twin: Twin, tmp_path: Path) -> None:
    """Looking leaves no record; `--record` leaves one."""
    rows = _valid("gate", twin("gate", "--replications", "40", "--json").stdout)
    assert all(row["holds"] for row in rows)
    assert not (tmp_path / "state").exists()
    twin("gate", "--replications", "40", "--record")
    records = _valid("evidence-list", twin("evidence", "list", "--json").stdout)
    assert [(record["kind"], record["what"]) for record in records] == [
        ("gate", f"{len(rows)} of {len(rows)} rows hold")
    ]


def test_broken_gate_ends_with_1_and_names_the_line(twin: Twin) -> None:
    """Without BFD the promise breaks; the row names the file and line to change."""
    done = twin("gate", "--set", "timers.bfd.enabled=false", "--replications", "40", "--json", expect=1)
    broken = [row for row in _valid("gate", done.stdout) if not row["holds"]]
    assert broken
    entries = {row["entry"] for row in broken}
    assert any(entry.startswith("timers.") for entry in entries)
    for row in broken:
        line = (ESTATE / row["file"]).read_text(encoding="utf-8").splitlines()[row["line"] - 1]
        assert line.strip().startswith(row["entry"].rsplit(".", 1)[-1])


@pytest.mark.parametrize(("form", "begins"), [("svg", "<svg"), ("mermaid", "%%")])
def test_drawing_comes_on_stdout(twin: Twin, form: str, begins: str) -> None:
    """A drawing can be piped on; stderr says nothing that would mix with it."""
    done = twin("draw", "network", "--form", form, "--language", "en")
    assert begins in done.stdout[:200]
    assert done.stderr == ""


def test_drawing_goes_into_a_file(twin: Twin, tmp_path: Path) -> None:
    """The file's name decides the form."""
    answer = _valid("draw-network", twin("draw", "network", "--output", "picture.png", "--json").stdout)
    assert answer["form"] == "png"
    assert (tmp_path / "picture.png").read_bytes().startswith(b"\x89PNG")


@pytest.mark.parametrize(
    ("command", "name"),
    [
        ("logical", "logical-diagram"), ("racks", "rack-elevations"), ("power", "power-diagram"),
        ("application", "application-map"), ("data-flow", "data-flow"), ("jobs", "job-net"), ("programme", "programme"),
    ],
)  # fmt: skip
def test_drawing_has_the_sheets_of_the_document(twin: Twin, tmp_path: Path, command: str, name: str) -> None:
    """Each of the other drawings is the document set's: the same PDF, the same sheets, one file for each as SVG."""
    answer = _valid("draw-sheets", twin("draw", command, "--lang", "en", "--out", "own.pdf", "--json").stdout)
    assert (answer["drawing"], answer["form"]) == (name, "pdf")
    twin("document", "--lang", "en", "--out", "all", "--only", name)
    assert (tmp_path / "own.pdf").read_bytes() == (tmp_path / "all" / f"{name}.pdf").read_bytes()
    written = {path.stem for path in (tmp_path / "all").glob("*.svg")}
    assert {one["name"] for one in answer["sheets"]} == written
    answer = _valid("draw-sheets", twin("draw", command, "--lang", "en", "--json").stdout)
    assert [one["sheet"] for one in answer["files"]] == [one["name"] for one in answer["sheets"]]
    assert all("<svg" in one["drawing"] for one in answer["files"])
    answer = _valid("draw-sheets", twin("draw", command, "--out", "own.svg", "--json").stdout)
    assert all((tmp_path / one["file"]).read_text(encoding="utf-8").startswith("<?xml") for one in answer["files"])
    assert len({one["file"] for one in answer["files"]}) == len(written)


def test_one_sheet_is_drawn_alone(twin: Twin, tmp_path: Path) -> None:
    """A sheet chosen by its name is the only page, and takes the file's name as it is given."""
    twin("draw", "jobs", "--sheet", "job-net-nightly", "--output", "night.pdf")
    assert len(PdfReader(tmp_path / "night.pdf").pages) == 1
    drawn = twin("draw", "jobs", "--sheet", "job-net-nightly", "--form", "svg").stdout
    assert "ジョブネット図(通常日)" in drawn


def test_requirement_is_explained_by_what_shows_it(twin: Twin) -> None:
    """The row of the network names its circuits and routers, both readings of slide 20 and every scenario."""
    answer = _valid("explain-requirement", twin("explain", "requirement", "2.13", "--json").stdout)
    assert {"circuits.fuji-wan-1", "devices.dc-rt-1"} <= {entry["path"] for entry in answer["entries"]}
    assert set(answer["readings"]) == {"encryption-scope", "standalone-place"}
    assert answer["scenarios"]["fujinomiya-main-port-down"] == ["fm-rt-main/main"]


def test_entry_is_explained_from_its_source_to_its_scenarios(twin: Twin) -> None:
    """A circuit names the row it shows, where its rate comes from, who names it, and what fails it."""
    answer = _valid("explain-entry", twin("explain", "entry", "fujinomiya-main", "--json").stdout)
    assert answer["entry"]["path"] == "circuits.fujinomiya-main"
    assert answer["requirements"] == {"2.13": "Network"}
    assert answer["values"]["circuits.fujinomiya-main.rate"]["source"] == "slide 20"
    assert list(answer["readings"]) == ["encryption-scope"]
    assert {"circuit_groups.fujinomiya-line", "devices.fm-rt-main"} <= {one["path"] for one in answer["referred_by"]}
    assert {"providers.ethernet-carrier", "sites.dc"} <= {one["path"] for one in answer["refers_to"]}
    assert answer["scenarios"]["fujinomiya-main-cut"] == ["fujinomiya-main"]
    router = _valid("explain-entry", twin("explain", "entry", "devices.dc-rt-1", "--json").stdout)
    assert any(address.startswith("dc-rt-1 ") for address in router["addresses"])


def test_reading_shows_what_hangs_on_it(twin: Twin) -> None:
    """Every circuit encrypted: profiles and tunnels come, nothing goes, and the promises are predicted anew."""
    choice = ("--set", "readings.encryption-scope.choice=all-circuits")
    answer = _valid("diff", twin("diff", *choice, "--json").stdout)
    assert "circuits.fuji-wan-1.tunnel_profile" in {change["name"] for change in answer["entries"]}
    assert {change["what"] for change in answer["addresses"]} == {"added"}
    assert answer["promises"]
    assert _valid("diff", twin("diff", *choice, "--no-promises", "--json").stdout)["promises"] is None


def test_estate_of_a_revision_is_held_against_the_files(twin: Twin, tmp_path: Path) -> None:
    """A server added since the last commit is one entry and its address; committed, nothing differs."""
    estate = tmp_path / "repository" / "estates" / "own"
    shutil.copytree(ESTATE, estate)
    git = ["git", "-c", "user.name=T", "-c", "user.email=t@example.org", "-C", str(tmp_path / "repository")]
    for arguments in (["init", "-q"], ["add", "-A"], ["commit", "-qm", "first"]):
        subprocess.run([*git, *arguments], check=True)
    devices = estate / "devices.yaml"
    server = (
        "  dc-fuji-ap-2: {name: Second, name_ja: 二, role: application, site: dc, city: fuji, memory: 512 MiB,\n"
        "    interfaces: {eth0: {segment: dc-fuji-core}}}\n"
    )
    hardware = estate / "facility.yaml"
    carried = hardware.read_text(encoding="utf-8").replace("[dc-fuji-ap]", "[dc-fuji-ap, dc-fuji-ap-2]", 1)
    hardware.write_text(carried, encoding="utf-8")
    devices.write_text(devices.read_text(encoding="utf-8").replace("devices:\n", "devices:\n" + server, 1))
    arguments = ("diff", "HEAD", "--estate", str(estate), "--no-promises", "--json")
    answer = _valid("diff", twin(*arguments).stdout)
    assert [(change["what"], change["name"]) for change in answer["entries"]] == [
        ("added", "devices.dc-fuji-ap-2"), ("added", "hardware.fuji-ap-unit.carries.1"),
    ]  # fmt: skip
    assert (answer["entries"][0]["file"], answer["entries"][0]["line"]) == ("devices.yaml", 3)
    assert len(answer["addresses"]) == 1
    subprocess.run([*git, "commit", "-qam", "second"], check=True)
    assert _valid("diff", twin(*arguments).stdout)["entries"] == []


def test_impact_tells_what_falls_and_who_loses(twin: Twin) -> None:
    """A rack by its path, every single failure that costs something, and the pairs that cost more."""
    (rack,) = _valid("impact", twin("impact", "dc-rack-1", "--json").stdout)
    assert "devices.dc-rt-1" in rack["falls"]
    assert rack["lost"] == [{"service": "resident-registry", "city": "fuji"}]
    singles = _valid("impact", twin("impact", "--singles", "--json").stdout)
    (campus,) = [one for one in singles if one["failed"] == ["circuits.fuji-campus"]]
    file, line = load_estate("fuji-fujinomiya").where("circuits.fuji-campus")
    assert campus["where"] == [{"file": file, "line": line}]
    doubles = _valid("impact", twin("impact", "--doubles", "--json").stdout)
    assert all(len(one["failed"]) == 2 and (one["beyond"] or one["designed_beyond"]) for one in doubles)


def test_impact_tells_designed_services_apart(twin: Twin) -> None:
    """A host's machines fall with it; what the lab realises is not touched."""
    (host,) = _valid("impact", twin("impact", "core-host-1", "--json").stdout)
    assert "virtual_machines.fuji-files" in host["falls"]
    assert host["lost"] == []
    assert {"service": "file-service", "city": "fuji"} in host["designed_lost"]
    assert "designed   File server for Fuji City" in twin("impact", "core-host-1").stdout


def test_documents_are_written_where_asked_and_alike_each_time(twin: Twin, tmp_path: Path) -> None:
    """Two runs are the same to the byte; `--only` writes one document and the page; other files stay."""
    answer = _valid("document", twin("document", "--out", "one", "--json").stdout)
    twin("document", "--out", "two")
    names = sorted(path.name for path in (tmp_path / "one").iterdir())
    assert names == sorted(answer["files"])
    assert all((tmp_path / "one" / name).read_bytes() == (tmp_path / "two" / name).read_bytes() for name in names)
    (tmp_path / "two" / "own.txt").write_text("kept")
    only = _valid("document", twin("document", "--out", "two", "--only", "circuit-list", "--json").stdout)
    assert only["files"] == ["circuit-list.xlsx", "circuit-list.csv", "index.html"]
    assert (tmp_path / "two" / "own.txt").read_text() == "kept"


@pytest.mark.parametrize("form", ["netlab", "containerlab"])
def test_network_is_exported(twin: Twin, tmp_path: Path, form: str) -> None:
    """To stdout, or to a file; the same text."""
    answer = _valid("export", twin("export", form, "--json").stdout)
    written = _valid("export", twin("export", form, "--output", "topology.yml", "--json").stdout)
    assert written["topology"] is None
    assert (tmp_path / "topology.yml").read_text(encoding="utf-8") == answer["topology"]


def test_lists_and_netbox_files_come_back_as_estates(twin: Twin, tmp_path: Path) -> None:
    """What is written is read again; a conflict ends with 1 and its cell, and nothing is written over an estate."""
    only = [word for name in LISTS for word in ("--only", name)]
    twin("document", "--out", "lists", *only)
    files = [str(path) for path in sorted((tmp_path / "lists").glob("*.xlsx"))]
    answer = _valid("import", twin("import", "xlsx", *files, "--out", "again", "--json").stdout)
    assert (answer["written"], answer["findings"], answer["entries"]["devices"]) == (True, [], 12)
    assert "(12 devices, 6 circuits)" in twin("check", "--estate", "again").stderr
    assert "--replace" in twin("import", "xlsx", *files, "--out", "again", expect=2).stderr
    lone = [str(tmp_path / "lists" / "circuit-list.xlsx")]
    refused = twin("import", "xlsx", *lone, "--out", "lone", expect=1)
    assert refused.stdout.startswith("circuit-list.xlsx:")
    assert "nothing written" in refused.stderr
    exported = _valid("export", twin("export", "netbox", "--out", "netbox", "--json").stdout)
    assert exported["files"][0] == "01-tenants.csv"
    assert _valid("import", twin("import", "netbox", "netbox", "--out", "third", "--json").stdout)["findings"] == []


def test_packages_are_judged_and_ranked(twin: Twin) -> None:
    """The example of the guide: two ranked, one excluded for want of any installation."""
    answer = _valid("evaluate", twin("evaluate", str(ROOT / "docs/guides/packages.yaml"), "--json").stdout)
    assert [(one["package"], one["rank"], one["excluded"]) for one in answer["packages"]] == [
        ("east", 1, False), ("west", 2, False), ("newcomer", None, True),
    ]  # fmt: skip


def test_economics_fit_their_schema_with_another_case_beside(twin: Twin) -> None:
    """Figures, what prints differ, the other case and the phase after; a phase too dear ends with 1."""
    answer = _valid("economics", twin("economics", "--join", "third-city", "--term-years", "7", "--json").stdout)
    assert [row["who"] for row in answer["figures"] if row["agrees"] is False] == ["fuji", "fujinomiya"]
    assert answer["what_if"]["term_years"] == 7
    assert {row["who"] for row in answer["what_if"]["figures"]} == {"fuji", "fujinomiya", "third-city", "together"}
    assert answer["effort"]["meetings"]["by-party"]["slots"] == 1548
    dearer = twin("economics", "--set", "economics.second_phase.shared=3396 MJPY", "--json", expect=1).stdout
    assert not _valid("economics", dearer)["second_phase"]["kept"]["together"]


def test_evidence_is_listed_shown_and_verified(twin: Twin, tmp_path: Path) -> None:
    """The three views fit their schemas; a changed record makes `verify` end with 1."""
    folder = tmp_path / "state" / "evidence"
    for number in range(3):
        append(folder, "gate", {"rows": [{"holds": number == 0}]})
    records = _valid("evidence-list", twin("evidence", "list", "--kind", "gate", "--json").stdout)
    shown = _valid("evidence-show", twin("evidence", "show", "2", "--json").stdout)
    assert shown["digest"] == records[1]["digest"]
    assert json.loads(twin("evidence", "show", shown["digest"][:10], "--json").stdout) == shown
    result = _valid("evidence-verify", twin("evidence", "verify", "--expect", shown["digest"], "--json").stdout)
    assert result["holds"]
    assert result["head"] == records[-1]["digest"]
    copied = _valid("evidence-export", twin("evidence", "export", "copy", "--json").stdout)
    assert (copied["folder"], copied["records"], copied["head"]) == ("copy", 3, result["head"])
    assert verify(tmp_path / "copy") == result
    log = folder / "records.jsonl"
    log.write_text(log.read_text().replace('"holds":true', '"holds":false'))
    assert not _valid("evidence-verify", twin("evidence", "verify", "--json", expect=1).stdout)["holds"]


def test_claim_fits_its_schema(twin: Twin) -> None:
    """Who holds the lab can be asked at any time."""
    _valid("lab-claim", twin("lab", "claim", "--json").stdout)


@pytest.mark.lab
def test_status_of_the_running_lab(twin: Twin, lab: Target) -> None:
    """The status names every node and fits its schema."""
    document = _valid("status", twin("status", "--json", expect=None).stdout)
    assert {node["id"] for node in document["nodes"] if node["up"]} == set(lab.running())
    assert document["as_declared"], document["drift"]
