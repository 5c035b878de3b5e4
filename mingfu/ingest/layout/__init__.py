"""From characters with boxes on pages to paragraphs and tables; PDF files and pictures share it.

page.py holds the words, lines.py puts characters into lines, ruled.py into tables, columns.py finds the
reading order, furniture.py takes away headers and page numbers, paragraphs.py joins lines, and flow.py
walks a document through them.
"""
