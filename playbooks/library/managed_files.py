"""Record which files a role manages, with their digests, so that a later edit by hand can be seen.

The record is `/var/lib/municipal-twin/managed.json` on the node: `{"files": {path: {role, sha256, mode}}}`. A role
replaces its own entries and leaves those of others alone.
"""

from __future__ import annotations

import hashlib
import json
import os
import tempfile
from pathlib import Path

from ansible.module_utils.basic import AnsibleModule

DOCUMENTATION = """
module: managed_files
short_description: Record the files that a role manages
options:
  role: {description: The role's name., type: str, required: true}
  paths: {description: Absolute paths of files on the node., type: list, elements: path, required: true}
"""

RECORD = Path("/var/lib/municipal-twin/managed.json")


def entry(path: Path, role: str) -> dict[str, str]:
    """Return what is recorded of one file."""
    return {
        "role": role,
        "sha256": hashlib.sha256(path.read_bytes()).hexdigest(),
        "mode": oct(path.stat().st_mode & 0o7777),
    }


def main() -> None:
    """Compare the record with the files and rewrite it where it differs."""
    module = AnsibleModule(
        argument_spec={
            "role": {"type": "str", "required": True},
            "paths": {"type": "list", "elements": "path", "required": True},
        },
        supports_check_mode=True,
    )
    role = module.params["role"]
    try:
        old = json.loads(RECORD.read_text())["files"] if RECORD.exists() else {}
        new = {path: kept for path, kept in old.items() if kept["role"] != role}
        new.update({path: entry(Path(path), role) for path in module.params["paths"]})
    except (OSError, ValueError, KeyError) as error:
        module.fail_json(msg=f"the record of managed files cannot be made: {error}")
    changed = new != old
    if changed and not module.check_mode:
        RECORD.parent.mkdir(mode=0o755, parents=True, exist_ok=True)
        handle, name = tempfile.mkstemp(dir=RECORD.parent)
        with os.fdopen(handle, "w") as file:
            json.dump({"files": new}, file, indent=1, sort_keys=True)
        Path(name).chmod(0o644)
        Path(name).replace(RECORD)
    module.exit_json(changed=changed)


if __name__ == "__main__":
    main()
