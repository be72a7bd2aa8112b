"""The unbound objects that both doors share; `create_office` and `create_mailbox` bind them."""

from __future__ import annotations

from flask_appbuilder.models.sqla.base import SQLA
from flask_babel import Babel
from flask_mail import Mail
from flask_migrate import Migrate
from flask_wtf.csrf import CSRFProtect

from app.models import Base

# Flask-AppBuilder's own metadata: with an empty one, migrations would drop every table.
db = SQLA(metadata=Base.metadata)
migrate = Migrate(render_as_batch=True)
babel = Babel()
csrf = CSRFProtect()
mail = Mail()
