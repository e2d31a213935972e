"""Bring a city's database to the wanted schema and people. Run again at any time: what is there stays.

`python3 -m resident_registry.prepare` runs beside the database, connects by libpq's environment (on a node: the local
socket as `postgres`), acts as the owner's role, and prints `changed` or `unchanged` as its last line.
"""

from __future__ import annotations

import argparse
import sys
from datetime import date

import psycopg
from psycopg import sql

from resident_registry.errors import RegistryError
from resident_registry.load import load
from resident_registry.migrate import migrate
from resident_registry.people import Plan


def _options(arguments: list[str] | None) -> argparse.Namespace:
    parser = argparse.ArgumentParser(prog="resident_registry.prepare", description=(__doc__ or "").partition("\n")[0])
    parser.add_argument("--database", required=True)
    parser.add_argument("--owner", required=True, help="the role that owns schema and data")
    parser.add_argument("--application", required=True, help="the role that the service logs in with")
    parser.add_argument("--city-name", required=True)
    parser.add_argument("--population", type=int, required=True)
    parser.add_argument("--households", type=int, required=True)
    parser.add_argument("--seed", type=int, required=True)
    parser.add_argument("--as-of", type=date.fromisoformat, required=True, help="the day ages are reckoned on")
    parser.add_argument("--replace", action="store_true", help="replace other people; the audit log stays")
    return parser.parse_args(arguments)


def main(arguments: list[str] | None = None) -> int:
    """Prepare the database; a foreseen failure is one line on standard error and exit status 1."""
    options = _options(arguments)
    try:
        plan = Plan(options.city_name, options.population, options.households, options.seed, options.as_of)
        with psycopg.connect(dbname=options.database, autocommit=True) as connection:
            connection.execute(sql.SQL("SET ROLE {}").format(sql.Identifier(options.owner)))
            migrated = migrate(connection, options.application)
            loaded = load(connection, plan, replace=options.replace)
    except (RegistryError, psycopg.Error) as error:
        print(f"resident_registry: {error}".rstrip(), file=sys.stderr)
        return 1
    if migrated:
        print(f"migrations applied: {', '.join(map(str, migrated))}")
    if loaded:
        print(f"loaded: {plan.residents} residents in {plan.households} households")
    print("changed" if migrated or loaded else "unchanged")
    return 0


if __name__ == "__main__":
    sys.exit(main())
