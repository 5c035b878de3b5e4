"""Documents to numbers: every numeral of a text, what it says and what it is not."""
