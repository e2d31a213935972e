"""The whole estate: all records of one folder, where each stands, and where its figures come from."""

from __future__ import annotations

import dataclasses
from typing import Any, Literal

from pydantic import Field

from inventory.models.batch import Backup, Batch, Job
from inventory.models.behaviour import Timers
from inventory.models.circuits import Circuit, CircuitGroup, Encryption, RiskGroup
from inventory.models.continuity import Continuity
from inventory.models.data_interfaces import DataInterface, OutsideSystem
from inventory.models.demand import Demand
from inventory.models.design import DesignedBackup, DesignedFlow, DesignedService
from inventory.models.devices import Device, Service, TimeService
from inventory.models.economics import Economics, Effort
from inventory.models.facility import CoolingUnit, Hardware, PowerFeed, PowerSource, Rack, Room
from inventory.models.failures import (
    Availability,
    DiskArray,
    FailureFigure,
    Hazard,
    HeatReserve,
    MaintenanceWindow,
    PowerReserve,
    PowerVehicle,
    RepairCrew,
)
from inventory.models.lifecycles import Lifecycle
from inventory.models.load import Load
from inventory.models.network import Addressing, Flow, Routing, Segment, Zone
from inventory.models.offices import OfficeDays
from inventory.models.operation import (
    Control,
    EmergencyCounter,
    FormRun,
    FormStage,
    Helpdesk,
    MonitoringItem,
    Scorecard,
    ServiceLevel,
)
from inventory.models.organisation import (
    Contract,
    Goal,
    Ledger,
    ManualVolume,
    Party,
    Responsibility,
    WorkingGroup,
    WorkProduct,
)
from inventory.models.places import CarrierNetwork, City, Provider, Site
from inventory.models.platform import AppliancePair, Cluster, DesignedSegment, MachineSize, SwitchGroup, VirtualMachine
from inventory.models.policy import FigurePromise, Promise
from inventory.models.programme import Migration, Risk, Step
from inventory.models.record import How, Id, Named, Record, RequirementId, RequirementRow, Text
from inventory.models.systems import Customisation, Function, IntroductionUnit, Pattern, PrintedCount, SystemGroup
from inventory.quantities import Duration

Trust = Literal["H", "M", "L"]


class EstateHeader(Named):
    """What the estate is, and where its data centre stands."""

    data_centre: Id


class ReadingOption(Named):
    """One way to read a statement."""


class Reading(Named):
    """An ambiguous statement of the source, read in one of several ways; other values hang on the choice."""

    choice: Id
    options: dict[Id, ReadingOption] = Field(min_length=2)
    source: Text


class LabScale(Record):
    """How the lab differs from the estate: rates are divided by `rate_divisor`; probes as given."""

    rate_divisor: float = Field(ge=1)
    probe_interval_s: Duration = Field(alias="probe_interval")
    probe_flows: int = Field(ge=1, le=256)


class Provenance(Record):
    """Where a value comes from: the source, how it was read, how far to trust it."""

    source: Text
    trust: Trust
    how: How = "assumed"
    source_ja: Text | None = None


class EstateRecords(Record):
    """Every record of an estate, as the YAML files state it after the readings are applied."""

    estate: EstateHeader
    readings: dict[Id, Reading]
    office_days: OfficeDays | None = None
    cities: dict[Id, City]
    sites: dict[Id, Site]
    providers: dict[Id, Provider]
    carrier_networks: dict[Id, CarrierNetwork]
    circuits: dict[Id, Circuit]
    circuit_groups: dict[Id, CircuitGroup]
    encryption: Encryption
    zones: dict[Id, Zone]
    segments: dict[Id, Segment]
    flows: dict[Id, Flow]
    addressing: Addressing
    routing: Routing
    devices: dict[Id, Device]
    services: dict[Id, Service]
    time_service: TimeService
    timers: Timers
    failure_figures: dict[Id, FailureFigure]
    promises: dict[Id, Promise]
    figure_promises: dict[Id, FigurePromise] = Field(default_factory=dict)
    lab: LabScale
    patterns: dict[Id, Pattern] = Field(default_factory=dict)
    introduction_units: dict[Id, IntroductionUnit] = Field(default_factory=dict)
    system_groups: dict[Id, SystemGroup] = Field(default_factory=dict)
    functions: dict[Id, Function] = Field(default_factory=dict)
    customisations: dict[Id, Customisation] = Field(default_factory=dict)
    printed_counts: tuple[PrintedCount, ...] = ()
    risk_groups: dict[Id, RiskGroup] = Field(default_factory=dict)
    jobs: dict[Id, Job] = Field(default_factory=dict)
    backups: dict[Id, Backup] = Field(default_factory=dict)
    batch: Batch | None = None
    rooms: dict[Id, Room] = Field(default_factory=dict)
    cooling_units: dict[Id, CoolingUnit] = Field(default_factory=dict)
    power_sources: dict[Id, PowerSource] = Field(default_factory=dict)
    power_feeds: dict[Id, PowerFeed] = Field(default_factory=dict)
    racks: dict[Id, Rack] = Field(default_factory=dict)
    hardware: dict[Id, Hardware] = Field(default_factory=dict)
    requirements: dict[RequirementId, RequirementRow] = Field(default_factory=dict)
    goals: dict[Id, Goal] = Field(default_factory=dict)
    parties: dict[Id, Party] = Field(default_factory=dict)
    contracts: dict[Id, Contract] = Field(default_factory=dict)
    responsibilities: dict[Id, Responsibility] = Field(default_factory=dict)
    ledgers: dict[Id, Ledger] = Field(default_factory=dict)
    manual_volumes: dict[Id, ManualVolume] = Field(default_factory=dict)
    working_groups: dict[Id, WorkingGroup] = Field(default_factory=dict)
    work_products: dict[Id, WorkProduct] = Field(default_factory=dict)
    programme: dict[Id, Step] = Field(default_factory=dict)
    migration: Migration | None = None
    risks: dict[Id, Risk] = Field(default_factory=dict)
    controls: dict[Id, Control] = Field(default_factory=dict)
    monitoring: dict[Id, MonitoringItem] = Field(default_factory=dict)
    helpdesk: Helpdesk | None = None
    form_stages: dict[Id, FormStage] = Field(default_factory=dict)
    form_runs: dict[Id, FormRun] = Field(default_factory=dict)
    service_levels: dict[Id, ServiceLevel] = Field(default_factory=dict)
    emergency_counters: dict[Id, EmergencyCounter] = Field(default_factory=dict)
    scorecard: Scorecard | None = None
    economics: Economics | None = None
    effort: Effort | None = None
    load: Load | None = None
    demand: Demand | None = None
    lifecycles: dict[Id, Lifecycle] = Field(default_factory=dict)
    designed_segments: dict[Id, DesignedSegment] = Field(default_factory=dict)
    clusters: dict[Id, Cluster] = Field(default_factory=dict)
    machine_sizes: dict[Id, MachineSize] = Field(default_factory=dict)
    virtual_machines: dict[Id, VirtualMachine] = Field(default_factory=dict)
    appliance_pairs: dict[Id, AppliancePair] = Field(default_factory=dict)
    switch_groups: dict[Id, SwitchGroup] = Field(default_factory=dict)
    designed_services: dict[Id, DesignedService] = Field(default_factory=dict)
    designed_flows: dict[Id, DesignedFlow] = Field(default_factory=dict)
    designed_backups: dict[Id, DesignedBackup] = Field(default_factory=dict)
    outside_systems: dict[Id, OutsideSystem] = Field(default_factory=dict)
    data_interfaces: dict[Id, DataInterface] = Field(default_factory=dict)
    repair_crews: dict[Id, RepairCrew] = Field(default_factory=dict)
    hazards: dict[Id, Hazard] = Field(default_factory=dict)
    maintenance_windows: dict[Id, MaintenanceWindow] = Field(default_factory=dict)
    power_vehicles: dict[Id, PowerVehicle] = Field(default_factory=dict)
    power_reserves: dict[Id, PowerReserve] = Field(default_factory=dict)
    heat_reserves: dict[Id, HeatReserve] = Field(default_factory=dict)
    disk_arrays: dict[Id, DiskArray] = Field(default_factory=dict)
    availability: Availability | None = None
    continuity: Continuity | None = None

    @property
    def every_segment(self) -> dict[str, Segment | DesignedSegment]:
        """The segments by id, those that the lab realises and those of the design."""
        return {**self.segments, **self.designed_segments}


@dataclasses.dataclass(frozen=True)
class Estate:
    """A loaded estate. `records` are valid; `digest` is the SHA-256 of the files and overrides they came from.

    `hangs_on` lists for every reading the dotted paths whose values its choice decides. `derived` keeps what others
    derive from all of it and need again, each under a name of its own; a changed estate begins with nothing.
    """

    name: str
    folder: str
    digest: str
    records: EstateRecords
    places: dict[str, tuple[str, int]]
    provenance: dict[str, Provenance]
    overrides: dict[str, str]
    hangs_on: dict[str, tuple[str, ...]] = dataclasses.field(default_factory=dict)
    derived: dict[str, Any] = dataclasses.field(default_factory=dict, init=False, repr=False, compare=False)

    def __getstate__(self) -> dict[str, Any]:
        """Leave out what is derived, which is derived again where it is needed."""
        return {**self.__dict__, "derived": {}}

    def where(self, path: str) -> tuple[str, int]:
        """Return `(file, line)` of the nearest enclosing entry of a dotted path such as `circuits.fuji-wan-1.rate`."""
        parts = path.split(".")
        for length in range(len(parts), 0, -1):
            place = self.places.get(".".join(parts[:length]))
            if place is not None:
                return place
        return ("estate.yaml", 1)

    def cite(self, path: str) -> str:
        """Return `file:line` of a path, as reports and error messages name it."""
        file, line = self.where(path)
        return f"{file}:{line}"
