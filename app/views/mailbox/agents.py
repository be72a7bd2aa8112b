"""How a browser is called, so that people recognise their own in a list of sessions."""

from __future__ import annotations

# The first that fits: most browsers also claim to be those below them.
_BROWSERS = (
    ("Edg", "Edge"),
    ("OPR", "Opera"),
    ("SamsungBrowser", "Samsung Internet"),
    ("Firefox", "Firefox"),
    ("FxiOS", "Firefox"),
    ("Chrome", "Chrome"),
    ("CriOS", "Chrome"),
    ("Safari", "Safari"),
)
_SYSTEMS = (
    ("Android", "Android"),
    ("iPhone", "iPhone"),
    ("iPad", "iPad"),
    ("Windows", "Windows"),
    ("Mac OS X", "macOS"),
    ("Linux", "Linux"),
)


def browser(agent: str | None) -> str:
    """Return `Firefox, Windows` for what a browser says of itself; empty where it says nothing that we know."""
    text = agent or ""
    found = (next((name for mark, name in names if mark in text), "") for names in (_BROWSERS, _SYSTEMS))
    return ", ".join(name for name in found if name)
