"""Reads many related rows of one row, or of several, in one statement, where each relationship would take one itself.

The statement is a union: each branch holds the rows of one table in columns of its own, and nothing in those of the
others, so that the rows of the tables stand under each other instead of multiplying.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator, Sequence
from functools import cached_property
from typing import Any

import sqlalchemy as sa
from sqlalchemy.orm import InstrumentedAttribute, RelationshipProperty, Session, aliased
from sqlalchemy.orm.attributes import set_committed_value

from app.models.base import Base

Path = tuple[InstrumentedAttribute[Any], ...]
"""Relationships, one after the other, from the root to what is wanted."""


class Gatherer:
    """Loads what `paths` lead to; a path stands after the path to its parent. Made once: the statement is kept."""

    def __init__(self, *paths: Path) -> None:
        """Keep the paths, each to a class of its own; nothing is mapped or asked yet."""
        self.paths = paths

    def load(self, session: Session, *roots: Base) -> None:
        """Fill the relationships of `roots`, alike ones, and of what they lead to, in one statement."""
        if not roots:
            return
        keys = [sa.inspect(root).mapper.primary_key_from_instance(root)[0] for root in roots]
        rows = session.execute(self._statement, {"roots": keys}).all()
        found = {
            path: [row[number] for row in rows if row[number] is not None] for number, path in enumerate(self.paths)
        }
        for path in self.paths:
            _attach(roots if len(path) == 1 else found[path[:-1]], path[-1], found[path])

    @cached_property
    def _statement(self) -> sa.Select[Any]:
        wanted = [_of(path[-1]).mapper.class_ for path in self.paths]
        branches = [
            sa.select(*_columns(wanted, number)).where(_belongs(path, wanted[number]))
            for number, path in enumerate(self.paths)
        ]
        rows = sa.union_all(*branches).subquery()
        return sa.select(*(aliased(one, rows) for one in wanted)).execution_options(populate_existing=True)


def _columns(wanted: Sequence[type[Base]], own: int) -> Iterator[sa.ColumnElement[Any]]:
    """Yield the columns of all classes, null but for those of the class `own`. The first branch says their types."""
    for number, one in enumerate(wanted):
        for place, column in enumerate(sa.inspect(one).local_table.c):
            null = sa.null() if own else sa.cast(sa.null(), column.type)
            yield (column if number == own else null).label(f"c{number}_{place}")


def _of(attribute: InstrumentedAttribute[Any]) -> RelationshipProperty[Any]:
    prop = attribute.property
    if not isinstance(prop, RelationshipProperty) or len(prop.local_remote_pairs) != 1:
        raise TypeError(f"{attribute} is no relationship by one column")
    return prop


def _ends(attribute: InstrumentedAttribute[Any]) -> tuple[str, str]:
    """Return the names, here and there, of the columns by which a relationship is joined."""
    prop = _of(attribute)
    ((local, remote),) = prop.local_remote_pairs
    return prop.parent.get_property_by_column(local).key, prop.mapper.get_property_by_column(remote).key


def _belongs(path: Path, target: Any) -> sa.ColumnElement[bool]:
    """Return which rows of `target` the path leads to. What hangs on a root itself refers to its key."""
    local, remote = _ends(path[-1])
    column: sa.ColumnElement[Any] = getattr(target, remote)
    if len(path) == 1:
        return column.in_(sa.bindparam("roots", expanding=True))
    parent = aliased(_of(path[-1]).parent.class_)
    return column.in_(sa.select(getattr(parent, local)).where(_belongs(path[:-1], parent)))


def _attach(parents: Sequence[Any], attribute: InstrumentedAttribute[Any], children: Sequence[Any]) -> None:
    local, remote = _ends(attribute)
    prop = _of(attribute)
    order = [prop.mapper.get_property_by_column(column).key for column in prop.order_by or ()]
    by_key: dict[Any, list[Any]] = defaultdict(list)
    for child in sorted(children, key=lambda child: [getattr(child, name) for name in order]):
        by_key[getattr(child, remote)].append(child)
    for parent in parents:
        mine = by_key.get(getattr(parent, local), [])
        set_committed_value(parent, attribute.key, mine if prop.uselist else mine[0] if mine else None)
