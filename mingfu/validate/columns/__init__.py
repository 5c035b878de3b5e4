"""Tables against their schemas a column at a time: as frictionless would, for tables that are too large for it."""
