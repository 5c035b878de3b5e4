"""Pictures (PNG, JPEG, TIFF, BMP) of the pages of a report, by OCR."""

from __future__ import annotations

import os
from collections.abc import Iterator
from contextlib import contextmanager
from io import BytesIO
from tempfile import TemporaryFile
from typing import Any

from mingfu.ingest.blocks import assemble
from mingfu.ingest.layout.flow import blocks_of
from mingfu.ingest.layout.ocr import DOTS, read_picture, require_ocr
from mingfu.ingest.reading import File, Reading

_MOST_DOTS = 100_000_000
_LONG_SIDE = 11.69  # inches of a page: pictures seldom say at how many dots an inch they were taken


def read(file: File) -> Reading:
    """Return the text; raise InputError E_NO_READER, E_DAMAGED or E_TOO_LARGE."""
    require_ocr(file, [1])
    pages = [
        read_picture(file, picture, number, max(picture.shape) / _LONG_SIDE)
        for number, picture in enumerate(_pictures(file), 1)
    ]
    text, places = assemble(blocks_of(pages))
    return Reading(text, places)


def _pictures(file: File) -> Iterator[Any]:
    """Yield the pictures of a file, turned as it says, as height x width x BGR."""
    import numpy as np
    from PIL import Image, ImageOps, ImageSequence, UnidentifiedImageError

    try:
        with Image.open(BytesIO(file.data)) as image:
            for frame in ImageSequence.Iterator(image):
                if frame.width * frame.height > _MOST_DOTS:
                    raise file.error("E_TOO_LARGE", f"it is {frame.width:,} dots wide and {frame.height:,} high")
                with _complaints() as complaints:
                    turned = ImageOps.exif_transpose(frame).convert("RGB")
                if complaints:
                    raise ValueError(complaints[0])
                turned.thumbnail((_LONG_SIDE * DOTS, _LONG_SIDE * DOTS))
                yield np.asarray(turned)[:, :, ::-1].copy()
    except Image.DecompressionBombError as error:
        raise file.error("E_TOO_LARGE", f"it is no picture of a page: {error}") from error
    except (UnidentifiedImageError, OSError, SyntaxError, ValueError) as error:
        raise file.error("E_DAMAGED", f"it begins as a picture, but is cut off or damaged: {error}") from error


@contextmanager
def _complaints() -> Iterator[list[str]]:
    """Yield a list that takes what libtiff has to say: it does so on standard error alone, and goes on."""
    complaints: list[str] = []
    screen = os.dup(2)
    with TemporaryFile() as said:
        os.dup2(said.fileno(), 2)
        try:
            yield complaints
        finally:
            os.dup2(screen, 2)
            os.close(screen)
            said.seek(0)
            complaints += said.read().decode(errors="replace").splitlines()
