"""Rules between records, one file per kind. Each rule yields problems; none raises.

`GROUND_RULES` say that every name names something and that addresses can be derived; where they hold, other code may
look names up without asking. `SENSE_RULES` say the rest.
"""

from __future__ import annotations

import dataclasses
from collections.abc import Callable, Iterator

from inventory.models.estate import Estate
from inventory.problems import Problem
from inventory.rules import (
    addressing,
    appliances,
    assets,
    batch,
    circuits,
    demand,
    designed_backups,
    designed_flows,
    designed_services,
    devices,
    economics,
    facility,
    failures,
    flows,
    groups,
    ids,
    interfaces,
    lifecycles,
    load,
    operation,
    organisation,
    places,
    platform,
    programme,
    promises,
    readings,
    requirements,
    segments,
    services,
    systems,
    timers,
    tunnels,
)
from inventory.rules.scope import Scope

Rule = Callable[[Scope], Iterator[Problem]]

GROUND_RULES: tuple[Rule, ...] = (
    ids.ids_differ_across_kinds,
    places.data_centre_exists,
    places.cities_of_sites_exist,
    circuits.providers_exist,
    circuits.ends_exist,
    tunnels.profiles_exist,
    groups.members_and_cities_exist,
    groups.risk_groups_name_circuits,
    segments.references_exist,
    flows.ends_exist,
    devices.sites_and_cities_exist,
    interfaces.attachments_exist,
    services.instances_exist,
    services.functions_exist,
    services.time_servers_exist,
    addressing.routing_pools_exist,
    addressing.pins_name_interfaces,
    failures.figures_name_kinds,
    facility.references_exist,
    assets.references_exist,
    batch.references_exist,
    systems.references_exist,
    platform.references_exist,
    appliances.references_exist,
    designed_services.references_exist,
    designed_flows.ends_exist,
    designed_backups.references_exist,
    organisation.references_exist,
    programme.predecessors_exist,
    operation.references_exist,
    requirements.rows_exist,
    load.cities_are_known,
    demand.references_exist,
    lifecycles.references_exist,
    lifecycles.follow_no_circle,
    economics.cities_are_known,
    economics.lines_name_a_cell,
    economics.printed_figures_are_derived,
    devices.devices_are_attached,
    interfaces.attached_where_the_device_stands,
    services.time_servers_are_routers,
    addressing.pools_hold_their_prefixes,
)
SENSE_RULES: tuple[Rule, ...] = (
    places.data_centre_is_one,
    places.cities_work_in_halls,
    places.households_have_people,
    circuits.ends_differ,
    circuits.ends_suit_the_service,
    circuits.every_end_is_attached,
    circuits.planning_stays_below_contract,
    circuits.frames_fit_the_encapsulation,
    circuits.carrier_networks_lead_somewhere,
    tunnels.backups_are_encrypted,
    tunnels.profiles_stand_where_tunnels_run,
    tunnels.carrier_networks_have_one_profile,
    tunnels.proposals_have_a_known_overhead,
    groups.circuits_have_one_group,
    groups.priorities_suit_the_kind,
    groups.members_end_together,
    groups.groups_end_in_their_city,
    groups.rates_follow_from_members,
    segments.campus_links_end_at_their_segments,
    segments.vlans_differ_at_a_site,
    segments.cities_own_their_sites,
    flows.ports_suit_the_protocol,
    flows.port_ranges_rise,
    flows.flows_cross_a_router,
    devices.hosts_stand_on_lans,
    devices.hosts_have_a_gateway,
    devices.hosts_stand_with_their_city,
    devices.gateways_are_ranked,
    devices.only_routers_are_ranked,
    interfaces.names_are_free,
    interfaces.one_interface_on_a_segment,
    services.instances_have_the_right_roles,
    services.instances_stay_in_their_city,
    services.services_are_reachable,
    services.ports_serve_one_service,
    addressing.pools_do_not_overlap,
    addressing.pools_serve_their_purpose,
    addressing.pins_differ,
    timers.dead_interval_outlasts_hello,
    timers.timers_fit_their_protocol,
    timers.spf_holds_rise,
    timers.reactions_are_ordered,
    failures.repair_is_quicker_than_failure,
    readings.something_hangs_on_a_reading,
    systems.units_are_not_split,
    systems.units_hold_something,
    systems.names_are_unique,
    systems.patterns_allow_the_customisations,
    systems.alternatives_were_rejected,
    systems.counts_are_as_printed,
    batch.jobs_have_no_circle,
    batch.deadlines_can_be_met,
    batch.jobs_follow_in_time,
    batch.jobs_have_their_day,
    batch.jobs_run_in_their_city,
    batch.databases_are_backed_up,
    facility.racks_have_two_supplies_in_a_data_centre,
    facility.supplies_survive_the_grid,
    facility.hardware_fits_its_rack,
    facility.racks_carry_their_load,
    facility.feeds_carry_their_racks,
    facility.rooms_are_cooled,
    facility.devices_stand_on_hardware,
    facility.redundant_devices_stand_apart,
    platform.hosts_are_of_one_cluster,
    platform.machines_run_on_hosts,
    platform.machines_stand_with_their_city,
    platform.hosts_hold_their_machines,
    platform.systems_have_a_lifecycle,
    platform.segments_have_their_vlan,
    appliances.pairs_stand_apart,
    appliances.firewalls_part_the_zones,
    appliances.switches_have_ports,
    appliances.machines_have_two_switches,
    appliances.switches_carry_their_segments,
    designed_services.functions_are_served,
    designed_services.functions_are_of_the_group,
    designed_services.dependencies_have_no_circle,
    designed_services.redundancy_is_as_stated,
    designed_services.redundant_machines_stand_apart,
    designed_services.zones_are_consistent,
    designed_services.cities_keep_to_themselves,
    designed_services.cities_have_one_instance,
    designed_services.stores_are_placed,
    designed_services.stores_fit_their_machine,
    designed_services.machines_run_something,
    designed_services.balancers_are_pairs,
    designed_flows.needs_are_permitted,
    designed_flows.flows_are_needed,
    designed_flows.crossings_have_a_reason,
    designed_backups.stores_are_backed_up,
    designed_backups.sets_back_something_up,
    assets.assets_are_answered_for,
    assets.operators_work_under_their_contract,
    organisation.contracts_bind_two,
    organisation.contractors_can_be_reached,
    organisation.work_products_are_numbered_once,
    organisation.every_group_is_decided_by_somebody,
    programme.steps_end_after_they_begin,
    programme.steps_follow_their_predecessors,
    programme.rehearsals_lead_to_production,
    programme.answers_exist,
    operation.controls_say_what_proves_them,
    operation.helpdesk_opens_before_it_closes,
    operation.counters_stand_in_their_hall,
    operation.stages_are_ordered,
    operation.scales_fall,
    requirements.every_row_is_shown,
    economics.lines_stay_within_their_cell,
    economics.candidates_are_not_in_yet,
    economics.totals_follow_or_are_explained,
    load.counters_open_before_they_close,
    load.moves_fit_into_a_year,
    load.peak_days_are_the_busiest,
    demand.demand_scales_from_a_load,
    demand.machines_are_one_station,
    demand.every_server_is_a_station,
    demand.profiles_have_hours,
    demand.seasons_end_after_they_begin,
    demand.best_effort_stays_below_the_contract,
    lifecycles.support_ends_once,
    lifecycles.pins_have_one_row,
    lifecycles.acceptances_follow_an_end,
    promises.limits_can_be_kept,
    promises.exceptions_exist,
)


@dataclasses.dataclass(frozen=True)
class RuleFindings:
    """What the rules found, by the name of the rule (`circuits.ends_exist`); only rules that found something."""

    by_rule: dict[str, tuple[Problem, ...]]
    grounded: bool

    @property
    def problems(self) -> list[Problem]:
        """Every finding."""
        return [problem for found in self.by_rule.values() for problem in found]


def rule_name(rule: Rule) -> str:
    """Return `module.function`, the name of a rule in tests and reports."""
    return f"{rule.__module__.rpartition('.')[2]}.{rule.__name__}"


def check_rules(estate: Estate, withheld: frozenset[tuple[str, str]] = frozenset()) -> RuleFindings:
    """Return every problem that the rules find in an estate whose records are valid one by one."""
    scope = Scope(estate, withheld)
    by_rule = {rule_name(rule): tuple(rule(scope)) for rule in (*GROUND_RULES, *SENSE_RULES)}
    grounded = not any(by_rule[rule_name(rule)] for rule in GROUND_RULES)
    return RuleFindings({name: found for name, found in by_rule.items() if found}, grounded)
