"""Pictures (PNG, JPEG, TIFF, BMP) of the pages of a report, by OCR."""

from __future__ import annotations

from collections.abc import Iterator
from io import BytesIO
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
                turned = ImageOps.exif_transpose(frame).convert("RGB")
                turned.thumbnail((_LONG_SIDE * DOTS, _LONG_SIDE * DOTS))
                yield np.asarray(turned)[:, :, ::-1].copy()
    except Image.DecompressionBombError as error:
        raise file.error("E_TOO_LARGE", f"it is no picture of a page: {error}") from error
    except (UnidentifiedImageError, OSError, SyntaxError, ValueError) as error:
        raise file.error("E_DAMAGED", f"it begins as a picture, but is cut off or damaged: {error}") from error
