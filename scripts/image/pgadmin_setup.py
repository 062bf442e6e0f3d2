"""Give pgAdmin's user the password of the secret, at every start."""

import os
import sys

sys.path.insert(0, os.getcwd())
os.environ["PGADMIN_SETUP_EMAIL"] = email = os.environ["PGADMIN_EMAIL"]
with open(os.environ["PGADMIN_PASSWORD_FILE"], encoding="utf-8") as secret:
    os.environ["PGADMIN_SETUP_PASSWORD"] = password = secret.read().strip()

import setup  # noqa: E402  pgAdmin's own; reads the two variables above
from pgadmin import create_app  # noqa: E402
from pgadmin.model import User, db  # noqa: E402
from flask_security.utils import hash_password  # noqa: E402

setup.setup_db()
app = create_app("pgAdmin4")
with app.test_request_context():
    user = User.query.filter_by(email=email).first()
    user.password = hash_password(password)
    db.session.commit()
