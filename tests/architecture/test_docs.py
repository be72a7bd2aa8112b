"""What the documents name is there: commands, targets, settings, files, addresses."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from pathlib import Path

import click
import pytest
from flask import Flask
from werkzeug.exceptions import HTTPException, MethodNotAllowed

from config import OfficeIdentity, from_environment
from tests.databases import test_settings as settings_of

ROOT = Path(__file__).resolve().parents[2]
PAGES = sorted(
    [*(ROOT / "docs").rglob("*.md"), *(ROOT / name for name in ("README.md", "CONTRIBUTING.md", "CHANGELOG.md"))]
)
OPERATIONS = ROOT / "docs" / "operations.md"
NOT_OURS = {"path", "db", "run", "shell", "routes"}  # what Flask and Flask-Migrate bring

COMMAND = re.compile(r"\bflask(?: --app run)? ([a-z][a-z-]*)((?: (?:[a-z][a-z-]*|--[a-z-]+))*)")
SHORT = re.compile(r"`((?:package|receipt|store|audit|worker|office|demo) [a-z-]+)`")
TARGET = re.compile(r"(?:^|[`&=\d] ?)make ([a-z][a-z-]*)", re.MULTILINE)
LINK = re.compile(r"\]\(([^)\s]+)\)")
SETTING = re.compile(r"^\| `([A-Z_]+)` \| (.+?) \| .+ \|$", re.MULTILINE)
ADDRESS = re.compile(r"(?:`|http://127\.0\.0\.1:8080)(/[a-z0-9/._-]*)[`>\s]")
SOURCE = re.compile(r"`((?:app|tests|migrations|translations|docs|benchmarks)/[A-Za-z0-9_./-]+)`")


@pytest.fixture(scope="module")
def doors(tmp_path_factory: pytest.TempPathFactory) -> Mapping[str, Flask]:
    """Both doors over a database that nobody opens."""
    from app import create_mailbox, create_office

    folder = tmp_path_factory.mktemp("doors")
    settings = settings_of(folder, f"sqlite:///{folder / 'none.db'}")
    return {"office": create_office(settings), "mailbox": create_mailbox(settings)}


def shown(path: Path) -> str:
    return str(path.relative_to(ROOT))


def named(pattern: re.Pattern[str]) -> Iterator[tuple[str, str]]:
    """What `pattern` finds in the pages, with the page."""
    for page in PAGES:
        yield from ((found, shown(page)) for found in pattern.findall(page.read_text("utf-8")))


def test_every_command_that_is_named_exists(doors):
    known = doors["office"].cli
    found = [
        (" ".join(words), page)
        for page in PAGES
        for words in [(name, *rest.split()) for name, rest in COMMAND.findall(page.read_text("utf-8"))]
    ]
    found += list(named(SHORT))
    missing = [(line, page) for line, page in found if not exists(known, line.split())]

    assert len(found) > 30
    assert missing == []


def exists(group: click.Command, words: list[str]) -> bool:
    """Whether the words lead through groups to a command, and its options are its own."""
    for place, word in enumerate(words):
        if not isinstance(group, click.Group):
            options = {option for parameter in group.params for option in parameter.opts}
            return all(option in options for option in words[place:] if option.startswith("--"))
        inside = group.commands.get(word)
        if inside is None:
            return word in NOT_OURS
        if word in NOT_OURS and place == 0:
            return True  # its own commands are loaded by Flask-Migrate
        group = inside
    return not isinstance(group, click.Group)


def test_every_target_of_make_that_is_named_exists():
    targets = set(re.findall(r"^([a-z-]+):", (ROOT / "Makefile").read_text(), re.MULTILINE))
    found = [(name, page) for name, page in named(TARGET) if name not in {"it", "a", "the", "room"}]

    assert {"run", "test", "check", "bench"} <= {name for name, _ in found}
    assert [(name, page) for name, page in found if name not in targets] == []


def test_every_setting_is_in_the_table_and_the_table_has_no_other():
    source = (ROOT / "config.py").read_text("utf-8")
    read = set(re.findall(r'env(?:\.get\(|, )"([A-Z_]+)"', source))
    read |= {f"OFFICE_{name.upper()}" for name in OfficeIdentity.__slots__}

    table = OPERATIONS.read_text("utf-8").split("\n## ")[1]

    assert table.startswith("Settings")
    assert sorted(name for name, _default in SETTING.findall(table)) == sorted(read)


def test_the_defaults_of_the_table_are_those_of_the_program(tmp_path):
    base = {"DATA_DIR": str(tmp_path)}
    said = {name: re.fullmatch(r"`([^`]*)`.*", default) for name, default in SETTING.findall(OPERATIONS.read_text())}
    defaults = {name: match.group(1) for name, match in said.items() if match and name != "DATA_DIR"}

    assert len(defaults) > 15
    for name, default in defaults.items():
        assert from_environment({**base, name: default}) == from_environment(base), name


@pytest.mark.parametrize("page", PAGES, ids=shown)
def test_every_link_inside_leads_somewhere(page):
    for target in LINK.findall(page.read_text("utf-8")):
        if "://" in target:
            continue
        path, _, part = target.partition("#")
        file = (page.parent / path).resolve() if path else page
        assert file.exists(), target
        if part:
            assert part in set(anchors(file)), target


def anchors(page: Path) -> Iterator[str]:
    """The parts of a page as links name them."""
    for title in re.findall(r"^#+ (.+)$", page.read_text("utf-8"), re.MULTILINE):
        yield re.sub(r"[^\w -]", "", title.lower()).replace(" ", "-")


def test_every_address_that_is_named_is_routed(doors):
    found = {address for address, _page in named(ADDRESS) if not address.startswith(("/etc", "/opt", "/var"))}
    lost = [address for address in sorted(found) if not routed(doors, address)]

    assert {"/sprawdz", "/cc/ca.pem", "/readyz", "/office/kotwice/list/"} <= found
    assert lost == []


def routed(doors: Mapping[str, Flask], address: str) -> bool:
    office = address.startswith("/office/")
    door, path = ("office", address.removeprefix("/office")) if office else ("mailbox", address)
    try:
        doors[door].url_map.bind("localhost").match(path)
    except MethodNotAllowed:
        return True
    except HTTPException:
        return False
    return True


def test_every_file_that_is_named_is_there():
    gone = [(name, page) for name, page in named(SOURCE) if "<" not in name and not (ROOT / name).exists()]

    assert gone == []


def test_the_pages_for_people_are_long_enough_to_help_and_say_nothing_of_machines_of_ours():
    for page in PAGES:
        text = page.read_text("utf-8")
        assert text.startswith("# "), shown(page)
        assert len(text.splitlines()) > 5, shown(page)
        assert not re.search(r"/tmp/|localhost:\d", text), shown(page)
