"""Writes pictures of pages, as a scanner does: what the writer of PDF files sets, without its text."""

from __future__ import annotations

from collections.abc import Iterable
from pathlib import Path

from PIL import Image
from pypdfium2 import PdfDocument

from mingfu.ingest.blocks import Block
from tests.writers import pdf


def write(blocks: Iterable[Block], path: Path, dots: int = 200, lean: float = 0.0) -> Path:
    """Write blocks as pictures at so many dots an inch, turned by some degrees: a PDF or TIFF file, or one page."""
    first, *others = pictures(pdf.write(blocks, path.with_suffix(".set.pdf")), dots, lean)
    several = {"save_all": True, "append_images": others} if path.suffix in (".pdf", ".tiff") else {}
    first.save(path, resolution=dots, **several)
    return path


def pictures(path: Path, dots: int = 200, lean: float = 0.0) -> list[Image.Image]:
    """Return the pages of a PDF file as pictures."""
    with PdfDocument(path) as document:
        shown = [page.render(scale=dots / 72).to_pil().convert("RGB") for page in document]
    return [picture.rotate(-lean, fillcolor="white", resample=Image.Resampling.BICUBIC) for picture in shown]
