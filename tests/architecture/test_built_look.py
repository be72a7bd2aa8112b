"""The built look asks no other host, and everything a page of the office loads is there."""

import json
import re
from pathlib import Path

import pytest

from app.views.assets import DIST, digest_of

ROOT = Path(__file__).resolve().parents[2]
NAMES_ONLY = ("http://www.w3.org/2000/svg", "http://www.w3.org/1999/xlink")  # namespaces; nothing is fetched


@pytest.fixture(scope="module")
def files():
    if not (DIST / "manifest.json").exists():
        pytest.skip("the look is not built: npm run build")
    return {path.relative_to(DIST).as_posix(): path for path in DIST.rglob("*") if path.is_file()}


def test_no_built_style_or_script_names_another_host(files):
    for name, path in files.items():
        if path.suffix in (".css", ".js", ".svg"):
            text = path.read_text("utf-8")
            for namespace in NAMES_ONLY:
                text = text.replace(namespace, "")
            assert not re.findall(r"(?:https?:)?//[a-z0-9-]+\.[a-z]{2,}", text), name


def test_every_file_that_a_style_names_is_built_beside_it(files):
    for name, path in files.items():
        if path.suffix == ".css":
            for address in re.findall(r"url\(\s*[\"']?([^\"')]+)", path.read_text("utf-8")):
                if not address.startswith("data:"):
                    assert (path.parent / address).is_file(), (name, address)


def test_the_manifest_knows_every_file_by_its_digest(files):
    manifest = json.loads(files["manifest.json"].read_text("utf-8"))

    # `.built` is the mark by which make knows that it is done.
    assert set(manifest) == set(files) - {"manifest.json", ".built"}
    assert digest_of("office/desk.css") == manifest["office/desk.css"]


def test_licences_of_everything_that_is_served_are_collected(files):
    text = files["LICENSES.txt"].read_text("utf-8")

    for package in ("@tabler/core", "@tabler/icons", "govuk-frontend", "htmx.org", "ibm-plex-sans", "source-sans-3"):
        assert package in text


def test_the_lock_file_names_no_registry():
    assert '"resolved"' not in (ROOT / "package-lock.json").read_text("utf-8")
