"""The readers: a module a format, each with a function `read` from a File to a Reading."""
