"""Open statistics from the annual rule-of-law reports of Chinese governments."""
