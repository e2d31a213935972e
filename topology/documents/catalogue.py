"""Which documents there are, by name, in the order in which they are bound."""

from __future__ import annotations

from collections.abc import Callable

from inventory.models.estate import Estate
from topology.documents import (
    code_list,
    design_tables,
    interface_table,
    lifecycle_table,
    load_table,
    network_tables,
    node_tables,
    parameter_sheets,
    scheme_tables,
)
from topology.documents.drawings import DRAWINGS
from topology.documents.manual.volumes import NAME as MANUAL
from topology.documents.table import Table
from topology.draw.words import Language
from topology.model import Network

Maker = Callable[[Estate, Network, Language], Table]

DOCUMENTS: dict[str, Maker] = {
    "equipment-list": network_tables.equipment_list,
    "node-list": node_tables.node_list,
    "segment-list": node_tables.segment_list,
    "machine-list": design_tables.machine_list,
    "cluster-list": design_tables.cluster_list,
    "appliance-list": design_tables.appliance_list,
    "service-list": design_tables.service_list,
    "data-interface-list": interface_table.data_interface_list,
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
NAMES = (*DRAWINGS, *DOCUMENTS, MANUAL)
"""Every name that can be asked for."""
