"""The script of axe-core. Started alone, it says where it is, and fails where there is none."""

import os
from pathlib import Path


def path() -> Path:
    """Where npm has put it: beside the tools that are on the path."""
    for folder in os.environ["PATH"].split(os.pathsep):
        script = Path(folder).parent / "axe-core" / "axe.min.js"
        if folder.endswith("node_modules/.bin") and script.is_file():
            return script
    raise FileNotFoundError("axe-core is not installed")


if __name__ == "__main__":
    print(path())
