"""How much a job has to do: its forms, the time it most likely takes, the bytes it sends.

Forms follow from the residents or households of the job's city. Leaves how the time varies to `simulation`.
"""

from __future__ import annotations

import math

from inventory.models.batch import Job
from inventory.models.estate import EstateRecords
from inventory.models.operation import FormRun


def forms_of(records: EstateRecords, run: FormRun, city: str) -> int:
    """Return how many forms of a run a city has, from its residents or households, rounded up; 0 where it is none."""
    record = records.cities.get(city)
    if record is None:
        return 0
    return math.ceil((record.population if run.per == "resident" else record.households) * run.rate)


def likely_s(records: EstateRecords, job: Job) -> float:
    """Return the most likely time of a job on a mean day (s), that of its forms included."""
    run = records.form_runs.get(job.forms or "")
    return job.takes_s + (forms_of(records, run, job.city) * job.per_form_s if run else 0.0)


def sent_bytes(records: EstateRecords, job: Job) -> float:
    """Return what a job sends (bytes): what is stated, and the data of its forms where it sends them to print."""
    run = records.form_runs.get(job.forms or "")
    printed = forms_of(records, run, job.city) * run.size_kb * 1e3 if run and job.sends_to == "printing-site" else 0.0
    return job.moves_bytes + printed
