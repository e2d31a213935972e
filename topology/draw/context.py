"""What every part of a drawing needs: the network, the layout, the language, colours and marks."""

from __future__ import annotations

import dataclasses

from inventory.models.estate import Estate
from inventory.quantities import show_rate
from topology.draw.overlay import Overlay
from topology.draw.shapes import Layout
from topology.draw.words import Language, word
from topology.model import Network

INK = "#1b2430"
FAINT = "#5a6675"
LAN = "#8796a8"
CAMPUS = "#3f7d3a"
TUNNEL = "#b45309"
FAILED = "#c62828"
USED = "#00913f"
CIRCUITS = ("#1f5fa8", "#3d97d3", "#0f7b6c", "#7d4bb5", "#9a5b12", "#b03a6b", "#4a6b1f", "#5b6ee1")
LETTERING = {"#3d97d3": "#1a6ea3"}
"""In which colour words of a circuit are set whose own is too light to read."""
ASSUMED = "※"


@dataclasses.dataclass(frozen=True)
class Context:
    """One drawing's material."""

    network: Network
    estate: Estate
    layout: Layout
    language: Language
    overlay: Overlay

    def colour(self, circuit_id: str) -> str:
        """Return a circuit's colour: campus links one, every other circuit its own."""
        circuits = self.estate.records.circuits
        if circuits[circuit_id].service == "campus-link":
            return CAMPUS
        own = [id_ for id_, circuit in circuits.items() if circuit.service != "campus-link"]
        return CIRCUITS[own.index(circuit_id) % len(CIRCUITS)]

    def stroke(self, colour: str, width: float, *elements: str, **attributes: object) -> dict[str, object]:
        """Return the strokes of a line that stands for `elements`: failed, used, or in its own colour."""
        if self.overlay.failed & set(elements):
            return {"stroke": FAILED, "stroke_width": width, "stroke_dasharray": "3 5", **attributes}
        if elements and all(element in self.overlay.used for element in elements):
            return {"stroke": USED, "stroke_width": width + 2.2, **attributes}
        return {"stroke": colour, "stroke_width": width, **attributes}

    def rate(self, path: str, rate_bps: float) -> str:
        """Return a rate as printed, marked where it is an assumed value."""
        return show_rate(rate_bps) + self.mark(path)

    def mark(self, path: str) -> str:
        """Return the mark of assumed values if the value at `path` is one."""
        source = self.estate.provenance.get(path)
        return ASSUMED if source is not None and source.trust == "L" else ""

    def footnote(self, *paths: str) -> str:
        """Return ` *N` where one of the paths, or something in it, hangs on the N-th reading."""
        for index, (_, hanging) in enumerate(sorted(self.estate.hangs_on.items()), start=1):
            if any(place == path or place.startswith(f"{path}.") for place in hanging for path in paths):
                return f" *{index}"
        return ""

    def service_label(self, circuit_id: str) -> str:
        """Return what a circuit is sold as."""
        circuit = self.estate.records.circuits[circuit_id]
        own = circuit.service_ja if self.language == "ja" else None
        return own or word(circuit.service, self.language)

    def circuit_label(self, circuit_id: str) -> str:
        """Return all that a circuit's label says, such as `広域イーサネット 1 Gbps(主回線)`."""
        return f"{self.service_label(circuit_id)} {self.rate_label(circuit_id)}{self.role_label(circuit_id)}"

    def rate_label(self, circuit_id: str) -> str:
        """Return a circuit's rate and the rate that it is planned with."""
        circuit = self.estate.records.circuits[circuit_id]
        label = self.rate(f"circuits.{circuit_id}.rate", circuit.rate_bps)
        if circuit.planning_rate_bps is not None:
            planned = self.rate(f"circuits.{circuit_id}.planning_rate", circuit.planning_rate_bps)
            label += word("planned", self.language, rate=planned.replace(" ", "\u00a0"))
        return label

    def role_label(self, circuit_id: str) -> str:
        """Return a circuit's role in its group, such as `(主回線)`, or nothing."""
        members = [member for group in self.estate.records.circuit_groups.values() for member in group.members]
        role = next((member.priority for member in members if member.circuit == circuit_id), None)
        return word(role, self.language) if role else ""

    def name(self, section: str, id_: str) -> str:
        """Return a record's name in the drawing's language."""
        label: str = getattr(self.estate.records, section)[id_].label(self.language)
        return label
