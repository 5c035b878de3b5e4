"""Bytes to documents: readers, encodings, the outline and the masthead."""
