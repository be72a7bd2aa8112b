"""The stock of registration numbers: a series is looked at before it is added; a number is retired with a reason."""

from __future__ import annotations

from typing import ClassVar

from flask import flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_appbuilder import BaseView, expose, has_access
from flask_appbuilder.security.decorators import permission_name
from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from flask_babel import ngettext
from wtforms import IntegerField, SelectField, StringField
from wtforms.fields.choices import SelectChoice
from wtforms.validators import InputRequired, Length, NumberRange

from app.domain.errors import BadInput, ConditionMissing
from app.domain.vehicles import PlateKind
from app.extensions import db
from app.house import equipment
from app.transaction import one_transaction
from app.usecases.add_plates import MOST, Series, add_plates, refuse_known, retire_plate
from app.views.acting import current_act
from app.views.office.forms import Form
from app.views.wording import refusal
from app.views.wording_registers import PLATE_KINDS

_KINDS = [
    SelectChoice(kind.value, PLATE_KINDS[kind.value])
    for kind in PlateKind
    if kind not in {PlateKind.INDIVIDUAL, PlateKind.DIPLOMATIC}
]


class SeriesForm(Form):
    """What came from the manufacturer."""

    first = StringField(_l("First number"), [InputRequired(_l("Write the first number.")), Length(max=16)])
    count = IntegerField(
        _l("How many numbers"),
        [InputRequired(_l("Say how many.")), NumberRange(1, MOST, _l("From 1 to 5000 at a time."))],
        default=100,
    )
    kind = SelectField(_l("Kind"), choices=_KINDS)
    plates = SelectField(
        _l("Plates of each number"),
        choices=[SelectChoice("2", _l("two: a car")), SelectChoice("1", _l("one: all others"))],
    )


class RetireForm(Form):
    """Which number goes, and why."""

    number = StringField(_l("Registration number"), [InputRequired(_l("Write the number.")), Length(max=16)])
    reason = StringField(
        _l("Reason"),
        [InputRequired(_l("Give the reason.")), Length(max=200)],
        description=_l("For example: damaged in transport, sent back to the manufacturer."),
    )


class PlateStock(BaseView):
    """The acts behind the register of plates; they share its permissions."""

    route_base = "/tablice"
    class_permission_name = "PlateRegister"
    default_view = "add"
    include_route_methods: ClassVar[set[str]] = {"add", "retire"}

    @expose("/seria", methods=["GET", "POST"])
    @has_access
    @permission_name("stock")
    def add(self) -> ResponseReturnValue:
        """Show which numbers a series has; add it when they were seen."""
        form = SeriesForm()
        numbers: tuple[str, ...] = ()
        own = equipment().office.plate_prefixes
        if form.validate_on_submit():
            wanted = Series(form.first.data, form.count.data, PlateKind(form.kind.data), int(form.plates.data))
            try:
                if request.form.get("seen") == "yes":
                    with one_transaction() as session:
                        added = add_plates(session, wanted, prefixes=own, act=current_act())
                    flash(ngettext("%(num)s number added.", "%(num)s numbers added.", len(added)), "success")
                    return redirect(url_for("PlateRegister.list", state="in_stock"))
                numbers = wanted.numbers(own)
                refuse_known(db.session(), numbers)
            except (BadInput, ConditionMissing) as refused:
                numbers = ()
                form.form_errors.append(refusal(refused))
        status = 422 if form.errors else 200
        return render_template(
            "office/plate_series.html",
            title=_("A series of registration numbers"),
            form=form,
            numbers=numbers,
            back_url=url_for("PlateRegister.list"),
        ), status

    @expose("/wycofanie", methods=["GET", "POST"])
    @has_access
    @permission_name("stock")
    def retire(self) -> ResponseReturnValue:
        """Take a number out of the stock."""
        form = RetireForm(data={"number": request.args.get("number", "")[:16]})
        if form.validate_on_submit():
            try:
                with one_transaction() as session:
                    plate = retire_plate(session, form.number.data, form.reason.data, act=current_act())
                    number = plate.number
            except (BadInput, ConditionMissing) as refused:
                form.form_errors.append(refusal(refused))
            else:
                flash(_("The number %(number)s is retired.", number=number), "success")
                return redirect(url_for("PlateRegister.list", state="retired"))
        page = render_template(
            "office/form.html",
            title=_("Retire a registration number"),
            lead=_("A retired number is never assigned. Its reason stays in the register."),
            form=form,
            back_url=url_for("PlateRegister.list"),
            submit_label=_("Retire"),
        )
        return page, 422 if form.errors else 200
