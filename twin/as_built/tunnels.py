"""Tunnels of a router: their VXLAN interface and the security association that protects it."""

from __future__ import annotations

import re
from collections.abc import Iterator

from inventory.quantities import show_duration
from topology.as_built import Fact
from twin.as_built.answer import Answer
from twin.as_built.design import NodeDesign

_GROUP = re.compile(r"dh-group=([A-Z0-9_]+)")
_ALGORITHM = re.compile(r"encr-alg=([A-Z0-9_]+) encr-keysize=(\d+)")
_PSEUDORANDOM = re.compile(r"prf-alg=PRF_HMAC_SHA2_(\d+)")


def declared(design: NodeDesign, _answer: Answer) -> Iterator[Fact]:
    """Yield each tunnel that ends here."""
    for tunnel in design.variables.get("router__tunnels", []):
        name = tunnel["name"]
        entry = _profile(design, name)
        inside = f"{tunnel['vni']}, {tunnel['local_loopback']} → {tunnel['remote_loopback']}"
        yield design.parameter(name, "vxlan", inside)
        yield design.parameter(name, "ike proposal", _with_function(tunnel["ike_proposal"]), f"{entry}.ike_proposal")
        yield design.parameter(name, "esp cipher", tunnel["esp_proposal"].split("-")[0], f"{entry}.esp_proposal")
        yield design.parameter(name, "between", f"{tunnel['local_underlay']} → {tunnel['remote_underlay']}")
        yield design.parameter(name, "dpd_delay", show_duration(float(tunnel["dpd_s"])), f"{entry}.dpd_delay")


def observed(design: NodeDesign, answer: Answer) -> Iterator[Fact]:
    """Yield VXLAN interfaces, and what strongSwan says of its established associations and its connections."""
    for link in answer.json("links") or []:
        if link.get("linkinfo", {}).get("info_kind") == "vxlan":
            inside = link["linkinfo"]["info_data"]
            value = f"{inside['id']}, {inside.get('local')} → {inside.get('remote')}"
            yield design.parameter(link["ifname"], "vxlan", value)
    seen: set[str] = set()
    for line in answer.lines("associations"):
        found = re.match(r"list-sa event \{(\S+) \{(.*)", line)
        # While one is replaced there are two of a name; both are of the same configuration.
        if found and "state=ESTABLISHED" in found[2] and found[1] not in seen:
            seen.add(found[1])
            yield from _association(design, found[1], found[2])
    for line in answer.lines("connections"):
        found = re.match(r"list-conn event \{(\S+) \{(.*)", line)
        if found:
            delay = re.search(r"dpd_delay=(\d+)", found[2])
            yield design.parameter(found[1], "dpd_delay", show_duration(float(delay[1] if delay else 0)))


def _association(design: NodeDesign, name: str, said: str) -> Iterator[Fact]:
    outer, _, child = said.partition("child-sas {")
    ends = (re.search(rf"{side}-host=(\S+)", outer) for side in ("local", "remote"))
    yield design.parameter(name, "between", " → ".join(end[1] for end in ends if end))
    pseudorandom, group = _PSEUDORANDOM.search(outer), _GROUP.search(outer)
    parts = [_cipher(outer), f"prfsha{pseudorandom[1]}" if pseudorandom else "", group[1] if group else ""]
    yield design.parameter(name, "ike proposal", "-".join(part.lower().replace("_", "") for part in parts if part))
    if "state=INSTALLED" in child:
        yield design.parameter(name, "esp cipher", _cipher(child))


def _cipher(said: str) -> str:
    """Return a cipher as strongSwan's proposals name it: `AES_GCM_16` with 256 bits is `aes256gcm16`."""
    found = _ALGORITHM.search(said)
    if not found:
        return "none"
    kind, _, mode = found[1].partition("_")
    return f"{kind}{found[2]}{mode.replace('_', '').removeprefix('CBC')}".lower()


def _with_function(proposal: str) -> str:
    """Return an IKE proposal with its pseudorandom function, which follows from the integrity where it is not named."""
    return "-".join(re.sub(r"^sha(?=\d)", "prfsha", part) for part in proposal.split("-"))


def _profile(design: NodeDesign, interface: str) -> str:
    network = design.whole.network
    for tunnel in network.tunnels_of(design.node.id):
        if interface in {tunnel.a.interface, tunnel.z.interface}:
            return f"encryption.tunnel_profiles.{tunnel.profile}"
    return design.owner
