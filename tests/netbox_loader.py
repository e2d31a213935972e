"""Run by a Python that has NetBox: feeds CSV files to NetBox's own import forms, in order, and tells what they refuse.

`python netbox_loader.py migrate` makes NetBox's tables in an empty database, `python netbox_loader.py load FOLDER
FIELDS` fills them. NETBOX_SOCKET is the folder of a PostgreSQL cluster's socket, NETBOX_DATABASE the database. Needs no
Redis: the cache is in memory, and nothing goes to a queue.
"""

from __future__ import annotations

import csv
import importlib
import logging
import os
import sys
import types
from pathlib import Path


def configure() -> None:
    """Give NetBox its settings: the cluster on the socket, a Redis that is never reached."""
    nowhere = {"HOST": "localhost", "PORT": 1, "DATABASE": 0, "SSL": False}
    configuration = types.ModuleType("netbox_configuration")
    configuration.__dict__.update(
        ALLOWED_HOSTS=["*"],
        DATABASES={"default": {"ENGINE": "django.db.backends.postgresql", "NAME": os.environ["NETBOX_DATABASE"],
                               "USER": "postgres", "PASSWORD": "", "HOST": os.environ["NETBOX_SOCKET"], "PORT": ""}},
        REDIS={"tasks": nowhere, "caching": nowhere},
        SECRET_KEY="only-for-a-database-that-is-thrown-away-at-the-end-of-the-test",
        API_TOKEN_PEPPERS={1: "only-for-a-database-that-is-thrown-away-at-the-end-of-the-test"},
    )  # fmt: skip
    sys.modules["netbox_configuration"] = configuration
    os.environ["NETBOX_CONFIGURATION"] = "netbox_configuration"
    settings = importlib.import_module("netbox.settings")
    settings.CACHES = {"default": {"BACKEND": "django.core.cache.backends.locmem.LocMemCache"}}
    os.environ["DJANGO_SETTINGS_MODULE"] = "netbox.settings"


def start() -> None:
    """Start NetBox without its workers."""
    configure()
    logging.disable(logging.CRITICAL)
    importlib.import_module("django").setup()
    # Nobody works on a queue here: what may be done at once is, and what only a worker would do is dropped.
    importlib.import_module("netbox.search.deferred").any_workers_for_queue = lambda _queue: False
    importlib.import_module("rq.queue").Queue.enqueue_job = lambda _queue, job, *_, **__: job


def migrate() -> int:
    """Make NetBox's tables."""
    start()
    importlib.import_module("django.core.management").call_command("migrate", verbosity=0)
    return 0


def load(folder: Path, fields: Path) -> int:
    """Load every file, print `loaded` or `refused` with the row, then what became of some; return how many refused."""
    start()
    stated = importlib.import_module("yaml").safe_load(fields.read_text(encoding="utf-8"))
    refused = 0
    for path in sorted(folder.glob("*.csv")):
        app, _, name = stated[path.stem.partition("-")[2]]["form"].partition(".")
        form_class = getattr(importlib.import_module(f"{app}.forms"), name)
        with path.open(encoding="utf-8") as stream:
            for number, row in enumerate(csv.DictReader(stream), 2):
                form = form_class(dict(row), headers=dict.fromkeys(row))
                if form.is_valid():
                    form.save()
                    print(f"loaded {path.name}:{number}", flush=True)
                else:
                    refused += 1
                    print(f"refused {path.name}:{number}: {form.errors.as_json()}", flush=True)
    apps = importlib.import_module("django.apps").apps
    for machine in apps.get_model("virtualization.VirtualMachine").objects.order_by("pk"):
        (port,) = machine.interfaces.all()
        services = ",".join(sorted(machine.services.values_list("name", flat=True)))
        print(
            "machine", machine.name, machine.cluster.name, machine.device.name, machine.status, round(machine.vcpus),
            machine.memory, machine.disk, machine.platform.name, port.untagged_vlan.name, services,
        )  # fmt: skip
    for end in apps.get_model("circuits.CircuitTermination").objects.order_by("pk"):
        print(f"termination {end.circuit.cid} {end.term_side} {end.termination}")
    return refused


if __name__ == "__main__":
    sys.exit(migrate() if sys.argv[1] == "migrate" else min(1, load(Path(sys.argv[2]), Path(sys.argv[3]))))
