"""What is a register of the office? A list with filters, saved views and export, and a page of each row.

A register is declared as users of Flask-AppBuilder know it (`datamodel`, `list_columns`, `label_columns`,
`base_filters`, `formatters_columns`, `show_columns`) and shows; it never changes a row. Nothing of a request is kept on
the view: filters, order and place are read from the address each time; what makes no sense there is as good as absent.

A page costs two statements of its own: the rows with their capped count, and the saved views.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from typing import Any, ClassVar
from urllib.parse import quote, urlencode

import sqlalchemy as sa
from flask import abort, g, request, url_for
from flask.typing import ResponseReturnValue
from flask_appbuilder import ModelView, expose, has_access
from flask_babel import lazy_gettext
from markupsafe import escape
from sqlalchemy.orm import Session, load_only

from app.transaction import one_transaction
from app.usecases.record import record
from app.views.acting import current_act
from app.views.languages import spoken
from app.views.office import register_export, register_query
from app.views.office.look import address_of
from app.views.office.register_acts import ListAct, RowAct, list_buttons, row_buttons
from app.views.office.register_export import as_exported
from app.views.office.register_filters import QuickFilter
from app.views.office.register_page import Asked, Column, Tab, cell_of, drawn, reader, refuse_slow_orders, said
from app.views.office.register_query import (
    CAP,
    LARGEST_ID,
    PAGE_SIZES,
    Order,
    Page,
    Sketch,
    read_place,
    sketch_of,
    write_place,
)
from app.views.office.saved_views import own_views

EXPORT_LIMIT = 50_000
_KEY_MARK = "0000000"
_ALL = lazy_gettext("All")


class Register(ModelView):
    """The base class of every register. Subclasses declare; see the attributes."""

    include_route_methods: ClassVar[set[str]] = {"list", "show", "export"}

    quick_filters: Sequence[QuickFilter] = ()
    """Filters that stand open above the list, in this order."""
    order_columns: Sequence[str] = ()
    """Columns one may sort by. Each leads an index followed by the primary key, or is unique (checked at start)."""
    base_order: tuple[str, str] | None = None
    """(column, "asc" or "desc") of a list that nobody sorted; the newest first by default."""
    short = False
    """Whether the table has a few hundred rows at most: then any of its columns may be sorted by."""
    eager: Mapping[str, Sequence[str]] = {}
    """Relations to one row that cells need, with the columns read of it; `letter.service` goes on from `letter`."""
    plain = False
    """Whether cells read columns only, no methods of the row: then no objects are made, which halves the reading."""
    more_columns: Sequence[str] = ()
    """Further columns of the row itself that `row_formatters` need."""
    row_formatters: Mapping[str, Callable[[Any], object]] = {}
    """As `formatters_columns`, but given the whole row."""
    number_columns: Sequence[str] = ()
    row_head = ""
    """The column whose cell is the link to the row; the first one by default."""
    row_endpoint = ""
    """Where a row opens (`CaseFile.open`); the register's own page by default."""
    row_argument = "pk"
    row_key = "id"
    """The name of the endpoint's argument, and the (dotted) column that fills it; a row without it opens nowhere."""
    standing_views: Sequence[tuple[Any, str]] = ()
    """(name, query string) of views that everybody has, before one's own."""
    empty_title: Any = lazy_gettext("Nothing here yet")
    empty_text: Any = lazy_gettext("As soon as there is something, it appears here by itself.")
    list_lead: Any = ""
    add_url_label: Any = lazy_gettext("New")
    list_template = "office/register.html"
    show_template = "office/detail.html"
    row_acts: Sequence[RowAct] = ()
    """What can be done to a row, on its page."""
    list_acts: Sequence[ListAct] = ()
    """What brings something new into the list."""

    # ---- what Flask-AppBuilder would do otherwise --------------------------------------------------------------------

    def __init__(self, **kwargs: Any) -> None:
        """Check the declaration, so that a wrong one fails when the door is built and not under a clerk's hands."""
        super().__init__(**kwargs)
        self.row_head = self.row_head or self.list_columns[0]
        self._key = self.datamodel.get_pk_name()
        self._loads: dict[str, sa.Select[Any]] = {}
        self._sketches: dict[str, Sketch] = {}
        if not self.short:
            refuse_slow_orders(self.datamodel.obj, {*self.order_columns, self._base()[0]})

    def _init_properties(self) -> None:
        # Its search columns would load whole related tables; ours are `quick_filters`.
        self.search_columns = [self.datamodel.get_pk_name()]
        self.order_columns = list(self.order_columns)
        chosen = list(self.order_columns)
        super()._init_properties()
        self.order_columns = chosen

    def _init_forms(self) -> None:
        if {"add", "edit"} & set(self.include_route_methods):
            super()._init_forms()

    @property
    def _filters(self) -> Any:
        """A filter object of this request: Flask-AppBuilder's own is shared by all threads."""
        mine: dict[int, Any] = g.setdefault("register_filters", {})
        if id(self) not in mine:
            mine[id(self)] = self.datamodel.get_filters(self.search_columns)
        return mine[id(self)]

    @_filters.setter
    def _filters(self, value: object) -> None:
        del value

    def update_redirect(self) -> None:
        """Keep no addresses in the cookie: they hold what people searched for."""

    def get_redirect(self) -> str:
        """Return to the list."""
        return url_for(f"{self.endpoint}.list")

    # ---- the list ----------------------------------------------------------------------------------------------------

    @expose("/list/")
    @has_access
    def list(self) -> ResponseReturnValue:
        """Show one page of the list that the address asks for."""
        asked = self.asked()
        page = self.page(asked)
        columns, here = self._columns(asked), self._query(asked)
        title = spoken(self.list_title)
        answer: str = self.render_template(
            self.list_template,
            title=title,
            lead=spoken(self.list_lead),
            columns=columns,
            body=drawn(page.rows, columns, self.row_head, self._row_address()),
            page=page,
            cap=CAP,
            asked=asked,
            sizes=PAGE_SIZES,
            tabs=self._tabs(here),
            here=here,
            kept=self._params(asked, size=False),
            newer=self._address(asked, before=page.before),
            older=self._address(asked, after=page.after),
            ends=self._ends(page, asked),
            clear_url=address_of(f"{self.endpoint}.list"),
            export_urls=self._export_urls(here),
            export_limit=EXPORT_LIMIT,
            save_url=self._views_url("save"),
            remove_url=self._views_url("remove"),
            register=type(self).__name__,
            scan_focus=True,
            buttons=list_buttons(self.list_acts, self._may, here),
            empty_title=spoken(self.empty_title),
            empty_text=spoken(self.empty_text),
        )
        return answer

    def _ends(self, page: Page, asked: Asked) -> tuple[str, str]:
        """Return from where to where the page reaches in what it is sorted by, the lesser first."""
        order = asked.order
        if not page.rows:
            return "", ""
        cell = self._cell(order.name if order.name in self.list_columns else self.row_head)
        ends = [escape(cell(row)).striptags() for row in (page.rows[0], page.rows[-1])]
        return (ends[1], ends[0]) if order.descending else (ends[0], ends[1])

    def asked(self) -> Asked:
        """Return what the address of this request asks for."""
        args = request.args.to_dict()
        name, way = self._base()
        if args.get("sort") in {*self.order_columns, name}:
            name, way = args["sort"], "asc" if args.get("dir") == "asc" else "desc"
        size = args.get("size", "")
        return Asked(
            self._order(name, descending=way != "asc"),
            int(size) if size in {str(known) for known in PAGE_SIZES} else self.page_size,
            tuple(filter_.read(args) for filter_ in self.quick_filters),
        )

    def page(self, asked: Asked) -> Page:
        """Read the page that `asked` and the place in the address name."""
        args = request.args
        return register_query.read_page(
            self._session(),
            self.rows(asked),
            asked.order,
            size=asked.size,
            after=read_place(args.get("after"), asked.order),
            before=read_place(args.get("before"), asked.order),
            sketch=self._sketch(asked.order.name),
        )

    def rows(self, asked: Asked) -> sa.Select[Any]:
        """Return the select of all rows that `asked` means and this person may see, without an order."""
        select: sa.Select[Any] = self._base_filters.apply_all(self._loading(asked.order.name))
        return select.where(*(condition for reading in asked.readings for condition in reading.where))

    def _loading(self, order: str) -> sa.Select[Any]:
        """Return the select of what a row of the list needs and nothing else; put together once per order."""
        if order not in self._loads:
            model = self.datamodel.obj
            select: sa.Select[Any] = sa.select(model)
            if self.plain:
                return self._loads.setdefault(order, select)
            select = select.options(load_only(*(getattr(model, name) for name in self._own_columns(order))))
            for relation, columns in self.eager.items():
                select = select.options(register_query.joined(model, relation, columns))
            self._loads[order] = select
        return self._loads[order]

    def _sketch(self, order: str) -> Sketch | None:
        """Return of what a `plain` row is made; put together once per order."""
        if self.plain and order not in self._sketches:
            self._sketches[order] = sketch_of(self.datamodel.obj, self._own_columns(order), self.eager)
        return self._sketches.get(order)

    def _own_columns(self, order: str) -> Sequence[str]:
        named = {*self.list_columns, *self.more_columns, self.row_key}
        own = {name.partition(".")[0] for name in named} & set(sa.inspect(self.datamodel.obj).column_attrs.keys())
        return sorted(own | {self._key, order})

    # ---- one row -----------------------------------------------------------------------------------------------------

    @expose("/show/<pk>", methods=["GET"])
    @has_access
    def show(self, pk: str) -> ResponseReturnValue:
        """Show all that `show_columns` or `show_fieldsets` name of one row."""
        row = self.row(pk)
        sets = self.show_fieldsets or [("", {"fields": self.show_columns})]
        sections = [
            (str(name or ""), [(self._label(column), self._cell(column)(row)) for column in fieldset["fields"]])
            for name, fieldset in sets
        ]
        answer: str = self.render_template(
            self.show_template,
            title=f"{self.show_title}: {self._said(row)}",
            heading=self._said(row),
            kind=str(self.show_title),
            row=row,
            sections=sections,
            back_url=url_for(f"{self.endpoint}.list"),
            back_label=str(self.list_title),
            buttons=row_buttons(self.row_acts, row, self._may),
        )
        return answer

    def row(self, pk: str) -> Any:
        """Return the row `pk` if this person may see it; answers 404 otherwise, also for what is no key at all."""
        if not (pk.isascii() and pk.isdigit()) or len(pk) > 19 or int(pk) > LARGEST_ID:
            abort(404)
        model = self.datamodel.obj
        select = self._base_filters.apply_all(sa.select(model)).where(self._id() == int(pk))
        for relation in self.eager:
            select = select.options(register_query.joined(model, relation))
        row = self._session().execute(select).scalar_one_or_none()
        return row if row is not None else abort(404)

    # ---- export ------------------------------------------------------------------------------------------------------

    @expose("/export/<kind>", methods=["GET"])
    @has_access
    def export(self, kind: str) -> ResponseReturnValue:
        """Answer with the list that the address asks for, all its pages up to the cap, as `csv` or `xlsx`."""
        if kind not in register_export.MEDIA:
            abort(404)
        with one_transaction() as session:
            details = {"register": type(self).__name__, "kind": kind}
            record(session, "office", "register-exported", details, act=current_act())
        asked = self.asked()
        columns = self._columns(asked)
        heads = [column.label for column in columns]
        cells = [as_exported(column.value, column.cell) for column in columns]
        order, sketch = asked.order, self._sketch(asked.order.name)
        rows = register_export.every_row(self._session(), self.rows(asked), order, limit=EXPORT_LIMIT, sketch=sketch)
        return register_export.download(str(self.list_title), kind, heads, cells, rows)

    # ---- columns -----------------------------------------------------------------------------------------------------

    def _columns(self, asked: Asked) -> Sequence[Column]:
        return [self._column(name, asked) for name in self.list_columns]

    def _column(self, name: str, asked: Asked) -> Column:
        way, url = "", ""
        if name in self.order_columns:
            ascending = not asked.order.descending
            if asked.order.name == name:
                way = "ascending" if ascending else "descending"
            turned = "desc" if way == "ascending" else "asc"
            params = [*asked.filters, *self._sized(asked), ("sort", name), ("dir", turned)]
            url = f"?{urlencode(params)}"
        classes = "num" if name in self.number_columns else ""
        return Column(name, self._label(name), reader(name), self._cell(name), classes, url, way)

    def _label(self, name: str) -> str:
        return spoken(self.label_columns.get(name, name))

    def _cell(self, name: str) -> Callable[[Any], object]:
        """Return how the cell of column `name` is made of a row; nothing is looked up per row."""
        of_row = self.row_formatters.get(name)
        if of_row is not None:
            return of_row
        return cell_of(reader(name), self.formatters_columns.get(name))

    def _said(self, row: Any) -> str:
        return str(said(reader(self.row_head)(row), "", ""))

    # ---- order and addresses -----------------------------------------------------------------------------------------

    def _session(self) -> Session:
        session: Session = self.datamodel.session
        return session

    def _id(self) -> Any:
        return getattr(self.datamodel.obj, self._key)

    def _base(self) -> tuple[str, str]:
        return self.base_order or (self._key, "desc")

    def _order(self, name: str, *, descending: bool) -> Order:
        model = self.datamodel.obj
        columns = model.__table__.c if self.plain else model
        return Order(name, getattr(columns, name), getattr(columns, self._key), descending)

    def _sized(self, asked: Asked) -> tuple[tuple[str, str], ...]:
        return (("size", str(asked.size)),) if asked.size != self.page_size else ()

    def _params(self, asked: Asked, *, size: bool = True) -> list[tuple[str, str]]:  # type: ignore[valid-type]
        """Return all of `asked` but the place, as parameters of an address; what is usual is left out."""
        order = asked.order
        params = [*asked.filters, *(self._sized(asked) if size else ())]
        if (order.name, "desc" if order.descending else "asc") != self._base():
            params += [("sort", order.name), ("dir", "desc" if order.descending else "asc")]
        return params

    def _query(self, asked: Asked) -> str:
        return urlencode(self._params(asked))

    def _address(self, asked: Asked, **place: register_query.Place | None) -> str:
        """Return the address of the page that ends or begins at `place`, or nothing where there is none."""
        ((name, where),) = place.items()
        return f"?{urlencode([*self._params(asked), (name, write_place(where))])}" if where is not None else ""

    def _row_address(self) -> Callable[[Any], str] | None:
        """Return how the address of a row is made, or None if this person may open none."""
        endpoint = self.row_endpoint or f"{self.endpoint}.show"
        view, _, method = endpoint.partition(".")
        if not self.appbuilder.sm.has_access(
            f"can_{method}", self.class_permission_name if view == self.endpoint else view
        ):
            return None
        argument, key = (self.row_argument, self.row_key) if self.row_endpoint else ("pk", self._key)
        marked: dict[str, str] = {argument: _KEY_MARK}
        front, _, back = address_of(endpoint, **marked).rpartition(_KEY_MARK)
        value = reader(key)
        return lambda row: f"{front}{quote(str(found), safe='')}{back}" if (found := value(row)) is not None else ""

    def _export_urls(self, query: str) -> Mapping[str, str]:
        if "export" not in self.include_route_methods or not self._may("can_export"):
            return {}
        return {
            kind: address_of(f"{self.endpoint}.export", kind=kind) + (f"?{query}" if query else "")
            for kind in register_export.MEDIA
        }

    def _may(self, permission: str) -> bool:
        return bool(self.appbuilder.sm.has_access(permission, self.class_permission_name))

    # ---- saved views -------------------------------------------------------------------------------------------------

    def _tabs(self, here: str) -> Sequence[Tab]:
        front = address_of(f"{self.endpoint}.list")
        standing = [(spoken(name), query, None) for name, query in (("", ""), *self.standing_views)]
        tabs = []
        for name, query, number in (*standing, *own_views(self._session(), type(self).__name__)):
            url = f"{front}?{query}" if query else front
            tabs.append(Tab(name or spoken(_ALL), url, query == here, number))
        return tabs

    def _views_url(self, act: str) -> str:
        return address_of(f"SavedViews.{act}") if self.appbuilder.sm.has_access(f"can_{act}", "SavedViews") else ""
