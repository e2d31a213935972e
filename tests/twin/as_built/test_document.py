"""`twin document --as-built` as a whole, on a place of one terminal: exit codes, JSON, files, a place that is gone."""

from __future__ import annotations

import dataclasses
import json
from collections.abc import Sequence
from pathlib import Path
from typing import Any

import pytest
from click.testing import CliRunner
from jsonschema import Draft202012Validator

from infra.specs import NodeSpec, PortSpec, SegmentSpec, to_json
from infra.targets.target import Completed, LabNotRunning, NotSupported, Observed, TargetError
from inventory.models.estate import Estate
from topology.model import Network
from twin.as_built.ask import ObservationFailed, ask
from twin.as_built.design import NodeDesign, Surroundings, make_design
from twin.as_built.observer import digest
from twin.commands import document
from twin.errors import NOT_RUNNING_LINE
from twin.settings import Settings

NODE = "fuji-terminal"
SCHEMA = Path(__file__).parents[3] / "docs" / "schemas" / "document-as-built.schema.json"


def _link(name: str, address: str, mtu: int = 1500) -> dict[str, Any]:
    host, _, length = address.partition("/")
    info = {"family": "inet", "local": host, "prefixlen": int(length), "scope": "global"}
    return {"ifname": name, "flags": ["UP", "LOWER_UP"], "mtu": mtu, "addr_info": [info]}


def _sound(node: NodeDesign) -> dict[str, Any]:
    """Return what a terminal says when all is as declared."""
    port = node.spec.ports[0]
    routes = [{"dst": "default", "gateway": node.spec.gateway, "dev": "eth0"},
              {"dst": "10.20.2.0/24", "dev": "eth0", "protocol": "kernel", "scope": "link"}]  # fmt: skip
    rules = [{"priority": number, "src": "all", "table": table}
             for number, table in ((0, "local"), (32766, "main"), (32767, "default"))]  # fmt: skip
    return {
        "container": True, "backend": "kernel", "logged_in": {}, "trees": {}, "certificates": {}, "database": None,
        "links": json.dumps([_link("lo", "127.0.0.1/8"), _link("eth0", port.address)]),
        "routes": json.dumps(routes), "rules": json.dumps(rules), "settings": {"net.ipv4.ip_forward": "0"},
        "units": {
            unit: {"ActiveState": "active", "UnitFileState": "enabled",
                   "DropInPaths": "/etc/systemd/system/chrony.service.d/municipal-twin.conf"}
            for unit in node.units
        },
        "time_sources": "".join(f"^,*,{one},10\n" for one in node.variables["base__time_servers"]),
        "accounts": "root:x:0:0:root:/root:/bin/bash\n",
        "packages": "".join(f"installed {name} 1.0\n" for name in node.packages),
        "files": {
            file.path: {"mode": file.mode, "digest": digest(file.content.encode())}
            for file in node.files(Surroundings())
        },
        "release": "ID=debian\nVERSION_CODENAME=trixie\n", "memory_bytes": node.spec.memory_bytes,
    }  # fmt: skip


@dataclasses.dataclass
class OneTerminal:
    """A place with one terminal; `blind` cannot look into segments, as machines that exist cannot."""

    said: str
    node: NodeDesign
    blind: bool = False
    name: str = "lab"
    up: bool = True

    def running(self) -> tuple[str, ...]:
        """Return the terminal."""
        return (NODE,) if self.up else ()

    def connection_variables(self, node: str) -> dict[str, Any]:
        """Return nothing special of the terminal, and refuse every other node."""
        if node != NODE:
            raise TargetError(f"no machine for {node}")
        return {}

    def ports_here(self, spec: NodeSpec) -> tuple[PortSpec, ...]:
        """Return the ports as they were asked for."""
        return spec.ports

    def run(self, node: str, command: Sequence[str], timeout_s: float = 60.0, stdin: str | None = None) -> Completed:
        """Answer the observer."""
        assert command[0] == "/usr/bin/python3" and stdin and timeout_s > 60
        if not self.up:
            raise LabNotRunning(f"{node} is down")
        return Completed(0, self.said, "Traceback\nValueError: broken")

    def read_segment(self, spec: SegmentSpec) -> Observed:
        """Show every segment as it was asked for."""
        if self.blind:
            raise NotSupported("a segment cannot be seen from its machines")
        return Observed(spec.id, to_json(spec))

    def plugged_into(self, segment: str) -> dict[str, str]:
        """Show the terminal where it belongs."""
        port = self.node.spec.ports[0]
        return {f"{NODE}/{port.name}": port.end} if segment == port.segment else {}


@pytest.fixture
def terminal(
    estate: Estate, network: Network, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> NodeDesign:  # fmt: skip
    """Return the design of the terminal, in a clone without certificates: this one's lab may stand and have some."""
    monkeypatch.setenv("MUNICIPAL_TWIN_ROOT", str(tmp_path))
    return NodeDesign(make_design(estate, network, tmp_path), network.nodes[NODE])


def _run(
    monkeypatch: pytest.MonkeyPatch, place: OneTerminal, *arguments: str
) -> tuple[int, str, str]:  # fmt: skip
    def opened(*_: object) -> OneTerminal:
        if not place.running():
            raise LabNotRunning(NOT_RUNNING_LINE)
        return place

    monkeypatch.setattr("twin.as_built.document.open_running", opened)
    done = CliRunner().invoke(document.command, ["--as-built", *arguments], obj=Settings(), standalone_mode=False)
    if done.exception:
        raise done.exception
    return int(done.return_value), done.stdout, done.stderr


def test_place_as_declared_ends_with_0(
    monkeypatch: pytest.MonkeyPatch, terminal: NodeDesign, tmp_path: Path
) -> None:  # fmt: skip
    """No difference: exit 0, an answer that fits its schema, every table in each form and the page; twice the same."""
    place = OneTerminal(json.dumps(_sound(terminal)), terminal)
    code, stdout, stderr = _run(monkeypatch, place, "--out", str(tmp_path / "one"), "--json")
    answer = json.loads(stdout)
    Draft202012Validator(json.loads(SCHEMA.read_text(encoding="utf-8"))).validate(answer)
    assert answer["differences"] == []
    assert code == 0
    assert answer["compared"] > 40
    assert answer["not_seen"] == 0
    assert answer["files"][0] == "as-built-differences.xlsx"
    assert answer["files"][-1] == "as-built.html"
    assert f"{NODE} answered (1 of 1)" in stderr
    _run(monkeypatch, place, "--out", str(tmp_path / "two"))
    for name in answer["files"]:
        assert (tmp_path / "one" / name).read_bytes() == (tmp_path / "two" / name).read_bytes()


def test_difference_ends_with_1_and_is_named(
    monkeypatch: pytest.MonkeyPatch, terminal: NodeDesign, tmp_path: Path
) -> None:  # fmt: skip
    """A changed MTU is one line and one entry, with where it is stated and the requirement it touches."""
    said = _sound(terminal)
    said["links"] = json.dumps([_link("lo", "127.0.0.1/8"), _link("eth0", terminal.spec.ports[0].address, 1400)])
    place = OneTerminal(json.dumps(said), terminal)
    code, stdout, _ = _run(monkeypatch, place, "--out", str(tmp_path), "--lang", "en")
    assert code == 1
    assert stdout.startswith(f"changed devices.{NODE} eth0: MTU: 1400, declared 1500\n1 differences in ")
    code, stdout, _ = _run(monkeypatch, place, "--out", str(tmp_path), "--json")
    (one,) = json.loads(stdout)["differences"]
    assert (one["kind"], one["owner"], one["item"], one["declared"], one["observed"]) == (
        "changed", f"devices.{NODE}", "MTU", "1500", "1400",
    )  # fmt: skip
    assert one["stated_in"].startswith("circuits.yaml:")
    assert 'class="differs"' in (tmp_path / "as-built.html").read_text(encoding="utf-8")


def test_place_that_cannot_look_says_so(monkeypatch: pytest.MonkeyPatch, terminal: NodeDesign, tmp_path: Path) -> None:
    """On machines that exist wiring and rates are not seen, which is neither a difference nor alike."""
    place = OneTerminal(json.dumps(_sound(terminal)), terminal, blind=True, name="hosts")
    code, stdout, _ = _run(monkeypatch, place, "--out", str(tmp_path), "--json")
    answer = json.loads(stdout)
    assert code == 0
    assert answer["not_seen"] > 1


def test_nothing_that_stands_is_said_and_writes_nothing(
    monkeypatch: pytest.MonkeyPatch, terminal: NodeDesign, tmp_path: Path
) -> None:  # fmt: skip
    """Without a lab there is one clear line (exit 3) and no empty documents."""
    with pytest.raises(LabNotRunning, match="make up"):
        _run(monkeypatch, OneTerminal("", terminal, up=False), "--out", str(tmp_path / "out"))
    assert not (tmp_path / "out").exists()


def test_node_that_answers_nonsense_is_named(terminal: NodeDesign) -> None:
    """A node that is up and cannot be understood stops the work with its own last words; one that is down does not."""
    said: list[str] = []
    with pytest.raises(ObservationFailed, match=f"{NODE} was asked what runs on it and said: ValueError: broken"):
        ask(OneTerminal("no JSON", terminal), {NODE: terminal}, said.append)  # type: ignore[arg-type]
    down = OneTerminal("", terminal, up=False)
    assert ask(down, {NODE: terminal}, said.append) == {NODE: None}  # type: ignore[arg-type]
    assert said == [f"{NODE} is down (1 of 1)"]


def test_only_as_built_documents_can_be_asked_for(
    monkeypatch: pytest.MonkeyPatch, terminal: NodeDesign, tmp_path: Path
) -> None:  # fmt: skip
    """`--only` names one of them; the design's own documents are made without `--as-built`."""
    place = OneTerminal(json.dumps(_sound(terminal)), terminal)
    _, stdout, _ = _run(
        monkeypatch, place, "--out", str(tmp_path), "--only", "as-built-flow-matrix", "--json"
    )  # fmt: skip
    assert json.loads(stdout)["files"] == ["as-built-flow-matrix.xlsx", "as-built-flow-matrix.csv", "as-built.html"]
    with pytest.raises(Exception, match="nearest `as-built-flow-matrix`"):
        _run(monkeypatch, place, "--out", str(tmp_path), "--only", "as-built-flow-matrx")
