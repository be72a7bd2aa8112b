"""Rules of the office in plain Python. Nothing in here imports Flask, SQLAlchemy or anything else of ours."""
