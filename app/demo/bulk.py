"""How do a million invented cases get into the database? In chunks, by `executemany` and COPY, with flat memory.

The same seed, number of cases and day give the same rows, but for the sealed values, whose randomness is their safety.
The caller commits after each chunk; numbers of the series are taken in the same transaction, so that the next real case
continues without a gap.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass

import sqlalchemy as sa
from flask_appbuilder.security.sqla.models import Role as RoleRow
from flask_appbuilder.security.sqla.models import User, assoc_user_role
from sqlalchemy.orm import Session

from app.demo.columns import COLUMNS, NUMBERED, Batch, Row
from app.demo.invented import dice, parties
from app.demo.letter_samples import letter_samples
from app.demo.rows import World, applicant, choose_story, write_case
from app.demo.samples import read_samples
from app.domain.acts import Act
from app.equipment import Equipment
from app.models import Base, NumberSeries, Team
from app.roles import Role
from app.usecases.staff import add_staff

CHUNK = 10_000
PEOPLE = 4_000
LOAD, CLERKS = 1_000, (1, 200)
"""How many cases there are for one clerk where the office has none yet, and how few and many clerks at most."""
SPAN_DAYS = 3 * 365
"""Over how long a time the cases came in. More of them lately: the queues of a demonstration are not empty."""
_FIRST_HOUR, _OPEN_HOURS = 5, 14  # in UTC: the day is then the same in the office


@dataclass(frozen=True, slots=True)
class Plan:
    """How many cases are to be made, from which seed, until which moment."""

    cases: int
    seed: int
    until: dt.datetime

    @property
    def chunks(self) -> range:
        """The number of the first case of each chunk."""
        return range(0, self.cases, CHUNK)


def make_world(session: Session, plan: Plan, *, equipment: Equipment, act: Act) -> World:
    """Return what the cases share; makes clerks where the office has none.

    Raises LookupError before a sample was taken in, BadInput (`role-missing`) before `office setup`.
    """
    samples = tuple(read_samples(session))
    if not samples:
        raise LookupError("there is no sample package")
    people = parties(min(PEOPLE, max(50, plan.cases)), dice(f"people {plan.seed}"))
    return World(
        samples,
        tuple(applicant(party, equipment.ring) for party in people),
        _clerks(session, min(max(plan.cases // LOAD, CLERKS[0]), CLERKS[1]), act),
        equipment.office.unit,
        equipment.office.case_class,
        session.scalar(sa.select(Team.id).order_by(Team.id).limit(1)),
        plan.until,
        equipment.office.name,
        letter_samples(session, equipment=equipment, act=act),
    )


def _clerks(session: Session, wanted: int, act: Act) -> tuple[tuple[int, str], ...]:
    of_role = (
        sa.select(User.id, User.first_name, User.last_name)
        .join(assoc_user_role, assoc_user_role.c.user_id == User.id)
        .join(RoleRow, RoleRow.id == assoc_user_role.c.role_id)
        .where(RoleRow.name == Role.CLERK.value)
        .order_by(User.id)
    )
    found = session.execute(of_role).all()
    if not found:
        for number, party in enumerate(parties(wanted, dice("clerks")), 1):
            name, _, surname = party.name.partition(" ")
            add_staff(
                session, f"test{number:02}", (name, surname), f"test{number:02}@example.invalid", [Role.CLERK], act=act
            )
        found = session.execute(of_role).all()
    return tuple((row.id, f"{row.first_name} {row.last_name}".strip()) for row in found)


def write_chunk(session: Session, plan: Plan, first: int, world: World) -> int:
    """Write the rows of up to CHUNK cases, from the case number `first` of the plan on; return how many rows."""
    batch = new_batch(session)
    rng = dice(f"{plan.seed} {plan.cases} {first}")
    for place in range(first, min(first + CHUNK, plan.cases)):
        moment = _moment(plan, place)
        write_case(batch, moment, choose_story(world, moment, rng), world, rng)
    return load(session, batch)


def new_batch(session: Session) -> Batch:
    """Return an empty batch whose keys and numbers nobody else takes until the transaction ends."""
    _be_alone(session)
    return Batch({table: _next_id(session, table) for table in NUMBERED}, _Counted(session))


def load(session: Session, batch: Batch) -> int:
    """Write the rows of `batch`, table by table; return how many."""
    for table, columns in COLUMNS.items():
        _load(session, table, columns, batch.rows[table])
    for series, last in batch.series.items():
        session.get_one(NumberSeries, series).last = last
    _go_on(session, batch)
    return sum(map(len, batch.rows.values()))


class _Counted(dict[str, int]):
    """The last number of each series, locked when it is first asked for."""

    def __init__(self, session: Session) -> None:
        super().__init__()
        self._session = session

    def __missing__(self, series: str) -> int:
        row = self._session.get(NumberSeries, series, with_for_update=True)
        if row is None:
            row = NumberSeries(series=series, last=0)
            self._session.add(row)
            self._session.flush()
        self[series] = row.last
        return row.last


def _moment(plan: Plan, place: int) -> dt.datetime:
    """Return when the case number `place` came: the later, the closer together."""
    back = SPAN_DAYS * (1 - (place + 0.5) / plan.cases) ** 2
    moment = plan.until - dt.timedelta(days=back)
    midnight = dt.datetime.combine(moment.date(), dt.time(), dt.UTC)
    shifted = midnight + dt.timedelta(hours=_FIRST_HOUR) + (moment - midnight) * (_OPEN_HOURS / 24)
    return min(shifted, plan.until).replace(microsecond=0)


# ---- what the two databases do differently ------------------------------------------------------------------------


def _is_postgresql(session: Session) -> bool:
    return session.get_bind().dialect.name == "postgresql"


def _be_alone(session: Session) -> None:
    """Let nobody take a key between ours: SQLite has one writer anyway, PostgreSQL is told which tables."""
    if not _is_postgresql(session):
        # Pages that are written again and again stay in memory until the commit: 256 MB, in this process only.
        session.execute(sa.text("PRAGMA cache_size = -262144"))
        return
    session.execute(sa.text("SET LOCAL timezone = 'UTC'"))
    session.execute(sa.text("SET LOCAL statement_timeout = 0"))
    session.execute(sa.text(f"LOCK TABLE {', '.join(NUMBERED)} IN SHARE ROW EXCLUSIVE MODE"))
    if session.scalar(sa.text("SELECT rolsuper FROM pg_roles WHERE rolname = current_user")):
        # Our rows name one another; asking about each of thirty million foreign keys takes longer than all else.
        session.execute(sa.text("SET LOCAL session_replication_role = replica"))


def _next_id(session: Session, table: str) -> int:
    id_column = Base.metadata.tables[table].c.id
    highest = session.scalar(sa.select(sa.func.coalesce(sa.func.max(id_column), 0))) or 0
    if not _is_postgresql(session):
        return highest + 1
    given = session.scalar(sa.text("SELECT nextval(pg_get_serial_sequence(:table, 'id'))"), {"table": table}) or 0
    return max(highest + 1, given)


def _go_on(session: Session, batch: Batch) -> None:
    """Let the sequences of PostgreSQL go on behind the keys that were given here."""
    if _is_postgresql(session):
        for table, following in batch.next_ids.items():
            session.execute(
                sa.text("SELECT setval(pg_get_serial_sequence(:table, 'id'), :next, false)"),
                {"table": table, "next": following},
            )


def _load(session: Session, table: str, columns: Sequence[str], rows: Sequence[Row]) -> None:
    if not rows:
        return
    connection = session.connection()
    names = ", ".join(columns)
    if not _is_postgresql(session):
        marks = ", ".join("?" * len(columns))
        connection.exec_driver_sql(f"INSERT INTO {table} ({names}) VALUES ({marks})", list(rows))  # noqa: S608  our names
        return
    driver = connection.connection.driver_connection
    if driver is None:
        raise RuntimeError("the connection is gone")
    with driver.cursor() as cursor, cursor.copy(f"COPY {table} ({names}) FROM STDIN") as copy:
        for piece in _lines(rows):
            copy.write(piece)


def _lines(rows: Iterable[Row], together: int = 2_000) -> Iterator[str]:
    """Yield the rows as COPY reads them; what we write holds no tabs and no line breaks, JSON may hold backslashes."""
    lines: list[str] = []
    for row in rows:
        lines.append("\t".join(["\\N" if value is None else str(value).replace("\\", "\\\\") for value in row]))
        if len(lines) >= together:
            yield "\n".join([*lines, ""])
            lines = []
    if lines:
        yield "\n".join([*lines, ""])


def learn(session: Session) -> None:
    """Let the planner of PostgreSQL know what came; it would find out by itself, only later."""
    if _is_postgresql(session):
        session.execute(sa.text("SET LOCAL statement_timeout = 0"))
        for table in COLUMNS:
            session.execute(sa.text(f"ANALYZE {table}"))
