"""Tables to a release: CSV, Parquet and the Data Package, written whole or not at all."""
