"""`python -m mingfu` is the command `mingfu`."""

from mingfu.cli import app

app(prog_name="mingfu")
