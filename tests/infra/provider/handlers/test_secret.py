"""Secrets: drawn once, restored from the state, adopted from their file, never readable by others."""

from __future__ import annotations

import stat

from infra import configs
from infra.inputs import inputs_of
from infra.plan import Plan
from infra.provider.handler import Call
from infra.provider.registry import handler_for
from inventory.models.estate import Estate

HANDLER = handler_for("twin:security:Secret")


def test_secret_lies_in_a_file_for_root_alone(deck: Estate, deck_plan: Plan, call: Call) -> None:
    """The file has mode 0600, its folder 0700, and holds what the state holds."""
    inputs = configs.secrets(deck, deck_plan)[0]
    outputs = HANDLER.create(inputs, call)
    path = call.place.secret_file(inputs.estate, inputs.id)
    assert path.read_text() == outputs["value"]
    assert stat.S_IMODE(path.stat().st_mode) == 0o600
    assert stat.S_IMODE(path.parent.stat().st_mode) == 0o700


def test_no_two_secrets_are_alike(deck: Estate, deck_plan: Plan, call: Call) -> None:
    """Every secret is drawn for itself and carries at least its length in random bytes."""
    values = {HANDLER.create(inputs, call)["value"] for inputs in configs.secrets(deck, deck_plan)}
    assert len(values) == len(deck_plan.secrets)
    assert all(len(value) >= 32 for value in values)


def test_lost_file_is_drift_and_comes_back_from_the_state(deck: Estate, deck_plan: Plan, call: Call) -> None:
    """The same secret is written again; a machine that uses it notices nothing."""
    inputs = configs.secrets(deck, deck_plan)[0]
    outputs = HANDLER.create(inputs, call)
    path = call.place.secret_file(inputs.estate, inputs.id)
    path.unlink()
    found = HANDLER.read(inputs, outputs, call)
    assert found is not None and found.drift == (f"{inputs.id} is gone",)
    assert HANDLER.update(outputs, inputs, call)["value"] == outputs["value"] == path.read_text()


def test_edited_or_opened_file_is_drift_and_shows_no_content(deck: Estate, deck_plan: Plan, call: Call) -> None:
    """Other content and a mode that lets others read are told, without the content."""
    inputs = configs.secrets(deck, deck_plan)[0]
    outputs = HANDLER.create(inputs, call)
    path = call.place.secret_file(inputs.estate, inputs.id)
    path.write_text("something-else")
    path.chmod(0o644)
    found = HANDLER.read(inputs, outputs, call)
    assert found is not None
    assert found.drift == (f"{inputs.id} has other content", f"{inputs.id} can be read by others")
    assert "something-else" not in " ".join(found.drift)


def test_file_that_outlived_the_state_is_adopted(deck: Estate, deck_plan: Plan, call: Call) -> None:
    """A create after a lost state takes the file's secret, so tunnels and accounts keep working."""
    inputs = configs.secrets(deck, deck_plan)[0]
    first = HANDLER.create(inputs, call)
    assert HANDLER.create(inputs, call)["value"] == first["value"]


def test_delete_removes_the_file(deck: Estate, deck_plan: Plan, call: Call) -> None:
    """Nothing of a secret stays behind."""
    inputs = configs.secrets(deck, deck_plan)[0]
    outputs = HANDLER.create(inputs, call)
    HANDLER.delete(inputs, outputs, call)
    assert not call.place.secret_file(inputs.estate, inputs.id).exists()
    HANDLER.delete(inputs, outputs, call)


def test_value_is_declared_secret(deck: Estate, deck_plan: Plan) -> None:
    """The engine is told which output to encrypt, and no input carries it."""
    assert HANDLER.secret_outputs == {"value"}
    assert "value" not in inputs_of(configs.secrets(deck, deck_plan)[0])
