"""NetBox's CSV files (the columns of its import forms) as rows of the lists that an estate is made of.

What `twin export netbox` keeps in `comments` comes back whole; files that others filled in give what their columns say.
Clusters, virtual machines and services come back from `comments` alone, and are held against their columns.
"""

from __future__ import annotations

import hashlib
import re
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any

from inventory.document import read_mapping
from inventory.names import expected_name
from inventory.spelling import flow
from topology.exports.netbox import forms
from topology.imports.draft import Draft
from topology.imports.findings import Spot
from topology.imports.headings import Headings
from topology.imports.lists import Lists, WouldOverwrite, make_estate
from topology.imports.netbox_design import Line, compare_design
from topology.imports.outcome import Outcome, Source
from topology.imports.sheets import Row
from topology.imports.workbooks import Cell, read_sheets

_NUMBER = re.compile(r"^\d+[-_]")


def import_netbox(folder: Path, out: Path, partial: bool = False, replace: bool = False) -> Outcome:
    """Make an estate in `out` of a folder of NetBox's CSV files; raises WouldOverwrite as `import_lists` does."""
    if out.exists() and not replace:
        raise WouldOverwrite(f"{out} exists; choose another folder, or say that it may be replaced")
    draft = Draft(Headings({}))
    models, sources = _read(folder, draft)
    rows = _Lists(models, draft).rows()
    return make_estate(rows, sources, draft, out, partial, compare=lambda estate: compare_design(models, estate, draft))


def _read(folder: Path, draft: Draft) -> tuple[dict[str, list[Line]], tuple[Source, ...]]:
    """Return the lines of each model by field; unknown files are noted, missing columns found."""
    models: dict[str, list[Line]] = {}
    sources = []
    for path in sorted(folder.glob("*.csv")):
        name = _NUMBER.sub("", path.stem)
        form = forms().get(name)
        if form is None:
            draft.findings.note(Spot(path.name), f"no model of an estate, not read; known are {', '.join(forms())}")
            continue
        for sheet in read_sheets(path, draft.findings):
            if not sheet.rows:
                draft.findings.add(Spot(path.name), "", "is empty", f"the columns {', '.join(form['needs'])}")
                continue
            heads = [str(cell.value or "").strip() for cell in sheet.rows[0]]
            for field in form["needs"]:
                if field not in heads:
                    draft.findings.add(Spot(path.name), field, "has no such column", f"{', '.join(form['needs'])}")
            for cell, head in zip(sheet.rows[0], heads, strict=True):
                if head not in form["fields"]:
                    expected = expected_name(head, form["fields"])
                    draft.findings.add(cell.spot, head, "is no column of NetBox's form", expected)
            lines = [dict(zip(heads, row, strict=True)) for row in sheet.rows[1:] if any(not one.blank for one in row)]
            models.setdefault(name, []).extend(lines)
            sources.append(Source(path.name, hashlib.sha256(path.read_bytes()).hexdigest(), {name: len(lines)}))
    if not sources:
        draft.findings.add(Spot(folder.name), "", "holds no CSV file of NetBox", "files such as 05-sites.csv")
    return models, tuple(sources)


class _Lists:
    """Turns lines of models into rows of lists; a cell that is made up stands at the line that it came from."""

    def __init__(self, models: Mapping[str, list[Line]], draft: Draft) -> None:
        self.models = models
        self.draft = draft
        self.lists: Lists = {}
        self.stated: set[str] = set()

    def rows(self) -> Lists:
        """Return the rows of all lists."""
        for lines in self.models.values():
            for line in lines:
                self._codes(line)
        self._devices()
        self._ports()
        self._prefixes()
        self._addresses()
        self._circuits()
        return self.lists

    def _lines(self, model: str) -> Iterator[tuple[Line, dict[str, Any]]]:
        """Yield the lines of a model with what is kept in their comments."""
        for line in self.models.get(model, []):
            yield line, self._kept(line)

    def _kept(self, line: Line) -> dict[str, Any]:
        cell = line.get("comments")
        text = str(cell.value or "") if cell else ""
        if cell is None or not text.startswith("{"):
            return {}
        document = read_mapping(text, str(cell.spot))
        return document.data if isinstance(document.data, dict) and not document.problems else {}

    def _add(self, list_: str, line: Line, **values: Any) -> None:
        """Add a row: a field's value is the name of a column (after `=`), or the value itself."""
        first = next(iter(line.values()))
        cells = {}
        for field, value in values.items():
            cell = line.get(value[1:]) if isinstance(value, str) and value.startswith("=") else None
            if cell is not None:
                cells[field] = cell
            elif value is not None and not (isinstance(value, str) and value.startswith("=")):
                cells[field] = Cell(value if isinstance(value, int | float) else str(value), first.spot)
        self.lists.setdefault(list_, []).append(Row(list_, Spot(first.spot.workbook, "", first.spot.row), cells, {}))

    def _codes(self, line: Line) -> None:
        """Add rows of a code list for the entries that a line keeps."""
        kept = self._kept(line)
        also = kept.pop("also", {})
        found = {kept.pop("entry"): kept} if "entry" in kept else {}
        for path, record in {**found, **(also if isinstance(also, dict) else {})}.items():
            if path == "pool":
                document = read_mapping(str(record), path)
                self._codes({"comments": Cell(flow(document.data or {}), line["comments"].spot)})
                continue
            if path in self.stated:
                continue
            self.stated.add(path)
            stated = dict(record)
            japanese, english = stated.pop("name_ja", None), stated.pop("name", None)
            listed = path.partition(".")[0] in {"devices", "hardware", "segments", "circuits"}
            values = {key: value for key, value in stated.items() if key == "service_ja" or not listed}
            self._add("codes", line, code=path, name_ja=japanese, name_en=english,
                      values=flow(values) if values else None)  # fmt: skip

    def _devices(self) -> None:
        types = {str(line["model"].value): line for line in self.models.get("device-types", [])}
        draws: dict[str, list[Line]] = {}
        for line in self.models.get("power-ports", []):
            draws.setdefault(str(line["device"].value), []).append(line)
        for line, kept in self._lines("devices"):
            name = str(line["name"].value) if "name" in line else ""
            node = kept if str(kept.get("entry", "")).startswith("devices.") else None
            unit = next((one for path, one in kept.get("also", {}).items() if path.startswith("hardware.")), None)
            unit = kept if node is None and kept else unit
            shape = types.get(str(line["device_type"].value), {})
            ports = draws.get(name, [])
            if node is not None or not kept:
                stated = node or {}
                self._add("nodes", line, node=name, name="=description", role=stated.get("role", "=role"), site="=site",
                          city="=tenant", cpus=stated.get("cpus"), memory=stated.get("memory"),
                          priority=stated.get("vrrp_priority"),
                          requirements=", ".join(stated.get("requirements", ())) or None)  # fmt: skip
            if unit is None and (kept or "rack" not in line or line["rack"].blank):
                continue
            own = unit or {}
            power = next((one.get("maximum_draw") for one in ports), None)
            self._add("equipment", line, asset="=asset_tag", name=own.get("name_ja", name),
                      kind=own.get("kind", "=role"),
                      site="=site", rack="=rack", position=_whole(line.get("position")), serial="=serial",
                      height=_whole(shape.get("u_height")), weight=shape["weight"].value if "weight" in shape else None,
                      power=own.get("power", power.value if power else None),
                      supplies=own.get("supplies", len(ports) or None),
                      carries=", ".join(own["carries"]) if "carries" in own else (name if not kept else None),
                      model=own.get("model"), owner=own.get("owner"), operator=own.get("operator"),
                      contract=own.get("contract"), installed=own.get("installed"),
                      support_ends=own.get("support_ends"),
                      requirements=", ".join(own.get("requirements", ())) or None)  # fmt: skip

    def _ports(self) -> None:
        for line in self.models.get("interfaces", []):
            over = str(line["description"].value or "") if "description" in line else ""
            if over.startswith(("segments.", "circuits.")):
                speed = line.get("speed")
                self._add("connections", line, device="=device", port="=name", over=over, mtu="=mtu",
                          rate=f"{speed.value} kbps" if speed and not speed.blank else None)  # fmt: skip
        ports = {
            (str(row.cells["device"].value), str(row.cells["port"].value)) for row in self.lists.get("connections", [])
        }
        for line in self.models.get("cables", []):
            ends = [(str(line[f"side_{side}_device"].value), str(line[f"side_{side}_name"].value)) for side in "ab"]
            if not set(ends) <= ports:
                self._add("connections", line, device="=side_a_device", port="=side_a_name",
                          far_device="=side_b_device",
                          far_port="=side_b_name")  # fmt: skip

    def _prefixes(self) -> None:
        for line, kept in self._lines("prefixes"):
            entry = str(kept.get("entry", ""))
            if not entry.startswith("segments."):
                continue
            self._add("segments", line, segment=entry.removeprefix("segments."), name="=description", vlan="=vlan",
                      prefix="=prefix", kind=kept.get("kind"), site="=scope_name", over=kept.get("over"), zone="=role",
                      city="=tenant", pool=kept.get("pool"), rate=kept.get("rate"),
                      requirements=", ".join(kept.get("requirements", ())) or None)  # fmt: skip

    def _addresses(self) -> None:
        for line, kept in self._lines("ip-addresses"):
            address = str(line["address"].value).partition("/")[0]
            role = str(line["role"].value or "") if "role" in line else ""
            use = kept.get(
                "use", {"vrrp": "gateway", "vip": "gateway", "hsrp": "gateway", "loopback": "loopback"}.get(role)
            )
            status = str(line["status"].value or "")
            self._add("addresses", line, segment=kept.get("segment"), prefix=kept.get("prefix"),
                      address=address if kept else str(line["address"].value), device=kept.get("device", "=device"),
                      interface=kept.get("interface", "=interface"), use=use,
                      state=kept.get("state", "retired" if status == "deprecated" else None))  # fmt: skip
        for line, kept in self._lines("prefixes"):
            if kept.get("use") == "retired":
                self._add("addresses", line, segment=kept.get("segment"), prefix="=prefix", use="retired")

    def _circuits(self) -> None:
        places = {
            "dcim.site": [line["name"] for line in self.models.get("sites", [])],
            "circuits.providernetwork": [line["name"] for line in self.models.get("provider-networks", [])],
        }
        ends: dict[tuple[str, str], str | None] = {}
        for line in self.models.get("circuit-terminations", []):
            number, found = line.get("termination_id"), places.get(str(line["termination_type"].value), [])
            text = str(number.value) if number else ""
            known = text.isdigit() and 1 <= int(text) <= len(found)
            if not known and number is not None:
                expected = f"1 to {len(found)}, the row of the place in its file"
                self.draft.findings.add(number.spot, "termination_id", f"`{text}` is no such place", expected)
            ends[str(line["circuit"].value), str(line["term_side"].value)] = (
                str(found[int(text) - 1].value) if known else None
            )
        groups: dict[str, str] = {}
        for _, one in self._lines("circuit-groups"):
            for member in one.get("members", ()):
                groups.setdefault(str(member.get("circuit")), str(one.get("entry")))
        for line, kept in self._lines("circuits"):
            cid, rate = str(line["cid"].value), line.get("commit_rate")
            group = groups.get(cid)
            self._add("circuits", line, circuit="=cid", name="=description", provider="=provider", kind="=type",
                      service=kept.get("service_ja"), encapsulation=kept.get("encapsulation"),
                      rate=f"{rate.value} kbps" if rate and not rate.blank else None, planned=kept.get("planning_rate"),
                      end_a=ends.get((cid, "A")), end_z=ends.get((cid, "Z")), profile=kept.get("tunnel_profile"),
                      delay=kept.get("delay"), mtu=kept.get("mtu"), owner=kept.get("owner"),
                      operator=kept.get("operator"), contract=kept.get("contract"),
                      group=group.removeprefix("circuit_groups.") if group else None,
                      requirements=", ".join(kept.get("requirements", ())) or None)  # fmt: skip


def _whole(cell: Cell | None) -> str | None:
    """Return a number of NetBox's form (`10` or `10.0`) as a whole one."""
    return None if cell is None or cell.blank else str(cell.value).removesuffix(".0")
