"""Writing files so that a reader, or a killed process, never meets half of one."""

import os
import shutil
from pathlib import Path


def aside(path: Path) -> Path:
    """The name under which a file is written before it is renamed to its own."""
    path.parent.mkdir(parents=True, exist_ok=True)
    return path.with_name(f".{path.name}.{os.getpid()}.part")


def write_aside(path: Path, text: str) -> None:
    """Writes a text file whole or not at all."""
    part = aside(path)
    part.write_text(text, encoding="utf-8")
    part.replace(path)


def remove(folder: Path) -> None:
    """Removes a folder with all that is in it, also what is read-only; one that is not there is
    removed already."""
    if not folder.is_dir():
        return
    for path in (folder, *folder.rglob("*")):
        if path.is_dir() and not path.is_symlink():
            path.chmod(0o755)
    shutil.rmtree(folder)
