"""Which documents there are, by name, in the order in which they are bound."""

from __future__ import annotations

from collections.abc import Callable

from inventory.models.estate import Estate
from topology.documents import (
    code_list,
    lifecycle_table,
    load_table,
    network_tables,
    node_tables,
    parameter_sheets,
    scheme_tables,
)
from topology.documents.table import Table
from topology.draw import draw_network
from topology.draw.power import draw_power
from topology.draw.programme import draw_programme
from topology.draw.racks import draw_racks
from topology.draw.words import Language
from topology.model import Network

Maker = Callable[[Estate, Network, Language], Table]

Drawer = Callable[[Estate, Network, Language], str]

DRAWINGS: dict[str, tuple[str, str, Drawer]] = {
    "network-diagram": ("ネットワーク構成図", "Network diagram", lambda e, n, lang: str(draw_network(n, e, lang))),
    "rack-elevations": ("ラック搭載図", "Rack elevations", lambda e, _n, lang: draw_racks(e, lang)),
    "power-diagram": ("電源系統図", "Power one-line diagram", lambda e, _n, lang: draw_power(e, lang)),
    "programme": ("事業工程表", "Programme", lambda e, _n, lang: draw_programme(e, lang)),
}
"""Drawings by name: the title in both languages, and what draws them as SVG."""

DOCUMENTS: dict[str, Maker] = {
    "equipment-list": network_tables.equipment_list,
    "node-list": node_tables.node_list,
    "segment-list": node_tables.segment_list,
    "address-plan": network_tables.address_plan,
    "connection-list": network_tables.connection_list,
    "circuit-list": network_tables.circuit_list,
    "flow-matrix": network_tables.flow_matrix,
    "parameter-sheets": parameter_sheets.parameter_sheets,
    "monitoring-list": scheme_tables.monitoring_list,
    "job-list": scheme_tables.job_list,
    "backup-design": scheme_tables.backup_design,
    "load-list": load_table.load_list,
    "lifecycle-list": lifecycle_table.lifecycle_list,
    "responsibility-matrix": scheme_tables.responsibility_matrix,
    "data-centre-controls": scheme_tables.data_centre_controls,
    "scorecard": scheme_tables.scorecard,
    "apportionment": scheme_tables.apportionment,
    "requirement-trace": scheme_tables.requirement_trace,
    "code-list": code_list.code_list,
}
