"""Prefect flows: thin tasks over the library."""
