"""The layout of the house: one commit, one clock, arrows that cover every module, names that others rely on."""

from __future__ import annotations

import ast
import re
import subprocess
import tomllib
from collections.abc import Iterator
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[2]
SOURCES = sorted((ROOT / "app").rglob("*.py"))


def calls(path: Path) -> Iterator[tuple[str, int]]:
    """Every call of a method in `path`: its dotted name as written, and the line."""
    for node in ast.walk(ast.parse(path.read_text())):
        if isinstance(node, ast.Call) and isinstance(node.func, ast.Attribute):
            yield ast.unparse(node.func), node.lineno


def relative(path: Path) -> str:
    return str(path.relative_to(ROOT))


def test_only_the_transaction_commits():
    found = {relative(path) for path in SOURCES for name, _ in calls(path) if name.endswith(".commit")}

    # The second ends what was begun as READ ONLY.
    assert found == {"app/transaction.py", "app/database.py"}


def test_only_the_clock_reads_the_clock():
    forbidden = re.compile(r"(^|\.)(datetime\.now|datetime\.utcnow|date\.today|time\.time)$")
    found = [
        f"{relative(path)}:{line}"
        for path in SOURCES
        for name, line in calls(path)
        if forbidden.search(name) and relative(path) != "app/clock.py"
    ]

    assert found == []


def test_only_the_configuration_reads_the_environment():
    found = [
        relative(path)
        for path in SOURCES
        if re.search(r"os\.(environ|getenv)", path.read_text()) and not relative(path).startswith("app/storage/bucket")
    ]

    assert found == []


def test_every_module_stands_somewhere_in_the_picture():
    contract = tomllib.loads((ROOT / "pyproject.toml").read_text())["tool"]["importlinter"]["contracts"][0]
    placed = {name.strip() for layer in contract["layers"] for name in re.split(r"[:|]", layer)}
    free = {"app.clock", "app.journal", "app.roles"}  # no arrows to draw: one function, one list each

    modules = {
        f"app.{path.stem}"
        for path in (ROOT / "app").iterdir()
        if path.suffix == ".py" or (path / "__init__.py").exists()
    }
    modules -= {"app.__init__"}
    homeless = {name for name in modules if not any(p == name or p.startswith(f"{name}.") for p in placed)}

    assert homeless - free == set()


def test_the_repository_speaks_only_of_itself():
    tracked = subprocess.run(["git", "ls-files"], cwd=ROOT, capture_output=True, text=True, check=True).stdout.split()
    forbidden = re.compile(
        r"(/work/|/root/|registry\.npmjs|pypi\.org|\bClaude\b|\bAnthropic\b|\bchatgpt\b)", re.IGNORECASE
    )
    found = []
    for name in tracked:
        if name == relative(Path(__file__)):
            continue
        try:
            text = (ROOT / name).read_text()
        except (UnicodeDecodeError, FileNotFoundError):
            continue
        found += [f"{name}: {match.group()}" for match in forbidden.finditer(text)]

    assert found == []


@pytest.mark.parametrize("path", SOURCES, ids=relative)
def test_a_file_says_first_which_question_it_answers(path):
    if path.read_text().strip():
        assert ast.get_docstring(ast.parse(path.read_text())), relative(path)


def test_files_stay_short_enough_to_read():
    tests = (ROOT / "tests").rglob("*.py")
    long = {relative(path): len(path.read_text().splitlines()) for path in (*SOURCES, *tests)}

    assert {name: lines for name, lines in long.items() if lines > 400} == {}
