"""The static files of a deployment, hashed and compressed once for each process of the tests."""

import os
import subprocess
import sys
from functools import cache
from pathlib import Path

from tests.support.environment import REPOSITORY


@cache
def collected_files() -> Path:
    """The folder that `manage.py collectstatic` fills. Copy it, if you change it."""
    var = Path(os.environ["VAR_DIR"]) / "deployment"
    var.mkdir()
    command = [sys.executable, "manage.py", "collectstatic", "--noinput", "-v0"]
    environment = {**os.environ, "VAR_DIR": str(var), "DEBUG": "false"}
    subprocess.run(command, cwd=REPOSITORY, env=environment, check=True)
    return var / "static"
