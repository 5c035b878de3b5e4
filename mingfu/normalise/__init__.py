"""Numbers to observations: the indicator catalogue and its matcher."""
