"""How tests walk every route of a door: addresses with something in every place, each method on its own."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from flask import Flask
from werkzeug.routing import IntegerConverter, Rule

_SAMPLES: dict[str, str | int] = {
    "kind": "xml",
    "filename": "nothing.css",
    "token": "not-a-token",
    "sign": "KM.5410.1.2026",
    "pk": "1",
}


@dataclass(frozen=True)
class Route:
    """One method of one rule, with an address to call."""

    endpoint: str
    method: str
    path: str

    def __str__(self) -> str:
        return f"{self.method} {self.path}"


def routes(app: Flask) -> Iterator[Route]:
    """Yield every route but HEAD and OPTIONS."""
    for rule in sorted(app.url_map.iter_rules(), key=lambda rule: (rule.endpoint, rule.rule)):
        for method in sorted((rule.methods or set()) - {"HEAD", "OPTIONS"}):
            yield Route(rule.endpoint, method, address(app, rule))


def address(app: Flask, rule: Rule) -> str:
    """Return an address that `rule` matches."""
    values = {name: _SAMPLES.get(name, _sample(rule, name)) for name in rule.arguments}
    with app.test_request_context():
        return app.url_map.bind("localhost").build(rule.endpoint, values, method=next(iter(rule.methods or {"GET"})))


def _sample(rule: Rule, name: str) -> str | int:
    return 999_999 if isinstance(rule._converters[name], IntegerConverter) else "AAAAAAAAAAAAAAAA"


def call(client, route: Route, data: dict[str, str] | None = None):
    """Call `route`; a form goes with everything but GET."""
    return client.open(route.path, method=route.method, data=data if route.method != "GET" else None)
