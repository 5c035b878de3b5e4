"""Tables to findings: table schemas and consistency checks."""
