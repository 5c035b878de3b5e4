"""What a release is also published as: a workbook, and metadata in the words of each community."""
