"""In whose words do the fields of the office's forms refuse? In those of our catalogue, not of the library."""

from __future__ import annotations

from flask_babel import get_translations
from flask_wtf import FlaskForm


class _Sentences:
    """WTForms asks this for its sentences. They stand in our catalogue, for its own lacks some and none is checked."""

    @staticmethod
    def gettext(text: str) -> str:
        """Return `text` in the reader's language."""
        return str(get_translations().gettext(text))

    @staticmethod
    def ngettext(one: str, many: str, number: int) -> str:
        """Return the form of `one` or `many` that the reader's language has for `number`, not yet filled in."""
        return str(get_translations().ngettext(one, many, number))


class Form(FlaskForm):
    """A form of the office."""

    class Meta(FlaskForm.Meta):
        """Like the library's, but with our sentences."""

        def get_translations(self, form: FlaskForm) -> _Sentences:  # noqa: ARG002  the library gives it
            """Return where the sentences of `form` are looked up."""
            return _Sentences()
