"""The house is as docs/architecture.md draws it, and the imports keep to the order of its floors."""

import re
from pathlib import Path

from importlinter.cli import lint_imports

ROOT = Path(__file__).parent.parent


def test_the_imports_keep_the_contract() -> None:
    assert lint_imports(config_filename=str(ROOT / "pyproject.toml"), no_cache=True) == 0


def test_the_picture_shows_every_room_and_no_other() -> None:
    drawn = re.findall(r"^\| `([^`]+)` \|", (ROOT / "docs" / "architecture.md").read_text(encoding="utf-8"), re.M)
    packages = {f"{path.parent.relative_to(ROOT).as_posix()}/" for path in ROOT.glob("mingfu/*/__init__.py")}
    modules = {path.relative_to(ROOT).as_posix() for path in ROOT.glob("mingfu/*.py") if path.stem != "__init__"}
    assert sorted(drawn) == sorted(packages | modules | {"flows/"})


def test_every_contract_names_what_exists() -> None:
    floors = re.findall(r"mingfu\.[a-z]+", (ROOT / "pyproject.toml").read_text(encoding="utf-8"))
    missing = [name for name in floors if not list(ROOT.glob(f"{name.replace('.', '/')}*"))]
    assert not missing
