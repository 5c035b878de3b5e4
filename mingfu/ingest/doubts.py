"""Doubts: where the text of a report and what is known beside it disagree, or leave the area open."""

from __future__ import annotations

from collections.abc import Iterator

from mingfu.ingest.areas import Areas
from mingfu.ingest.clues import Clues
from mingfu.ingest.head import name_in
from mingfu.ingest.placing import read_name
from mingfu.model import Finding, Masthead
from mingfu.script import fold


def ambiguities(masthead: Masthead, path: str, areas: Areas) -> Iterator[Finding]:
    """Yield a warning where the name of the issuer, or else of the title, is one that several areas bear."""
    if masthead.ref_area:
        return
    title = masthead.title or ""
    for name in (masthead.issuer or "", title[slice(*name_in(title)[0])]):
        codes = sorted(read_name(name, masthead.report_year, areas).codes)
        if len(codes) > 1:
            message = f"{path}: {name} can be {_listed(codes)}; state ref_area in source.yaml beside the file"
            yield Finding("masthead.ambiguous", "warning", message, path=path, actual=name)
            return


def _listed(codes: list[str]) -> str:
    return ", ".join(codes) if len(codes) < 10 else f"{len(codes)} areas, such as {', '.join(codes[:3])}"


def contradictions(said: Masthead, clues: Clues, path: str) -> Iterator[Finding]:
    """Yield a warning for each thing that the folder or source.yaml says otherwise than `said`, the text alone."""
    origin, folder = clues.origin, clues.folder
    stated = [("area", said.ref_area, origin.ref_area), ("year", said.report_year, origin.report_year)]
    if said.genre != "other":
        stated.append(("genre", said.genre, origin.genre))
    if not _same_body(said.issuer, origin.issuer):
        stated.append(("issuer", said.issuer, origin.issuer))
    taken = "source.yaml" if origin.because else "the text"
    for what, found, other in stated:
        if found and other and found != other:
            yield _finding(path, what, found, other, "source.yaml", taken)
    if folder and said.ref_area and said.ref_area != folder.ref_area:
        yield _finding(path, "area", said.ref_area, folder.ref_area, "the folder", "the text")
    # A work report is often filed under the year in which it was given.
    if folder and said.report_year and folder.year not in (said.report_year, said.report_year + (said.genre == "work")):
        yield _finding(path, "year", said.report_year, folder.year, "the folder", "the text")


def _same_body(one: str | None, other: str | None) -> bool:
    """Tell whether two names can be one body's, of which one leaves out the areas above: 区司法局."""
    names = sorted((fold(name or "").replace("人民政府", "政府") for name in (one, other)), key=len)
    return names[1].endswith(names[0].lstrip("省市区县旗州盟"))


def _finding(path: str, what: str, found: str | int, other: str | int, where: str, taken: str) -> Finding:
    message = f"{path}: the {what} is {found} by the text, but {other} by {where}; that of {taken} is taken"
    return Finding("masthead.contradiction", "warning", message, path=path, expected=str(other), actual=str(found))
