"""Reads many related rows of one row in one statement, where loading each relationship by itself would take one each.

The statement joins every table to a small table of numbers, each to its own number, so that the rows of the tables
stand under each other instead of multiplying.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Sequence
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
        """Keep the paths; nothing is mapped or asked yet."""
        self.paths = paths

    def load(self, session: Session, root: Base) -> None:
        """Fill the relationships of `root` and of what they lead to, in one statement."""
        (key,) = sa.inspect(root).mapper.primary_key_from_instance(root)
        rows = session.execute(self._statement, {"root": key}).all()
        found = {
            path: list(dict.fromkeys(row[number] for row in rows if row[number] is not None))
            for number, path in enumerate(self.paths)
        }
        for path in self.paths:
            _attach([root] if len(path) == 1 else found[path[:-1]], path[-1], found[path])

    @cached_property
    def _statement(self) -> sa.Select[Any]:
        numbers: list[sa.ColumnClause[int]] = [sa.literal_column(str(number)) for number in range(len(self.paths))]
        branches = sa.union_all(*(sa.select(number.label("n")) for number in numbers)).subquery()
        targets = [aliased(_of(path[-1]).mapper.class_) for path in self.paths]
        joined: Any = branches
        for number, (path, target) in enumerate(zip(self.paths, targets, strict=True)):
            on = sa.and_(branches.c.n == numbers[number], _belongs(path, target))
            joined = sa.outerjoin(joined, target, on)
        return sa.select(*targets).select_from(joined).execution_options(populate_existing=True)


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
    """Return which rows of `target` the path leads to. What hangs on the root itself refers to its key."""
    local, remote = _ends(path[-1])
    column: sa.ColumnElement[Any] = getattr(target, remote)
    if len(path) == 1:
        return column == sa.bindparam("root")
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
