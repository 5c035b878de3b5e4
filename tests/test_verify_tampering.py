"""Stores that somebody tampered with: not one of them passes, and each is told what is wrong in words."""

from __future__ import annotations

import json
import logging
import random
import re
import shutil
from collections import Counter
from collections.abc import Callable
from pathlib import Path

import pytest

from mingfu.keys import load_private_key, load_public_key, make_keys
from mingfu.project import Project
from mingfu.releases import releases_in
from mingfu.validate.verify import verify
from tests import samples

pytestmark = pytest.mark.slow
LOG = logging.getLogger("drill")
DRAWN = random.Random(20270402)


@pytest.fixture(scope="module")
def sound(tmp_path_factory: pytest.TempPathFactory) -> tuple[Path, Path]:
    """A store with two signed releases, and the public key."""
    house: Project = samples.project(tmp_path_factory.mktemp("sound"))
    public = make_keys(house.root / "key")
    key = load_private_key(house.root / "key")
    samples.publish(house, samples.reports()[:1], key=key)
    samples.publish(house, samples.reports(), samples.findings(), key=key)
    return house.published, public


def _a_file(store: Path) -> Path:
    release = DRAWN.choice(releases_in(store)).folder
    return DRAWN.choice(sorted(release.iterdir()))


def _flip_a_byte(store: Path) -> None:
    path = _a_file(store)
    content = bytearray(path.read_bytes())
    content[DRAWN.randrange(len(content))] ^= DRAWN.randrange(1, 256)
    path.write_bytes(content)


def _flip_a_byte_and_reseal(store: Path) -> None:
    path = _a_file(store)
    while path.name in ("SHA256SUMS", "manifest.json", "manifest.json.sig", "datapackage.json"):
        path = _a_file(store)
    content = bytearray(path.read_bytes())
    content[DRAWN.randrange(len(content))] ^= DRAWN.randrange(1, 256)
    path.write_bytes(content)
    samples.reseal(path.parent)


def _change_the_manifest(store: Path) -> None:
    release = DRAWN.choice(releases_in(store)).folder
    what = DRAWN.choice(["schemas", "raw"])
    hashes = json.loads((release / "manifest.json").read_bytes())[what]
    hashes[DRAWN.choice(sorted(hashes))] = "0" * 64
    samples.reseal_manifest(release, **{what: hashes})


def _cut(store: Path) -> None:
    path = _a_file(store)
    content = path.read_bytes()
    path.write_bytes(content[: DRAWN.randrange(len(content))])


def _remove_a_file(store: Path) -> None:
    _a_file(store).unlink()


def _add_a_file(store: Path) -> None:
    place = DRAWN.choice([store, store / "releases", *(release.folder for release in releases_in(store))])
    (place / DRAWN.choice(["note.txt", "more.csv", "observations.csv.bak", ".hidden"])).write_text("x")


def _swap_files(store: Path) -> None:
    release = DRAWN.choice(releases_in(store)).folder
    one, other = DRAWN.sample(sorted(release.iterdir()), 2)
    contents = one.read_bytes(), other.read_bytes()
    if contents[0] == contents[1]:
        return _swap_files(store)
    one.write_bytes(contents[1])
    other.write_bytes(contents[0])
    return None


def _take_a_file_of_the_other_release(store: Path) -> None:
    old, new = (release.folder for release in releases_in(store))
    name = DRAWN.choice([path.name for path in old.iterdir() if path.read_bytes() != (new / path.name).read_bytes()])
    shutil.copy(old / name, new / name)


def _swap_releases(store: Path) -> None:
    old, new = (release.folder for release in releases_in(store))
    old.rename(store / "between")
    new.rename(old)
    (store / "between").rename(new)


def _roll_back(store: Path) -> None:
    _point(store, f"releases/{releases_in(store)[0].folder.name}")


def _point_astray(store: Path) -> None:
    _point(store, DRAWN.choice(["releases", "releases/0009_2020-04-02_0123456789ab", "/etc", "../published", "."]))


def _point(store: Path, target: str) -> None:
    (store / "latest").unlink()
    (store / "latest").symlink_to(target)


def _lose_the_pointer(store: Path) -> None:
    (store / "latest").unlink()


def _remove_the_latest_release(store: Path) -> None:
    shutil.rmtree(releases_in(store)[-1].folder)


def _rewrite_history(store: Path) -> None:
    """Alter the older release and everything that vouches for it, its name included."""
    release = releases_in(store)[0].folder
    samples.reseal_manifest(release, mingfu=f"0.{DRAWN.randrange(9)}.9")
    digest = samples.digest(release / "manifest.json")
    release.rename(release.with_name(f"0001_2020-04-02_{digest[:12]}"))


def _renumber(store: Path) -> None:
    release = releases_in(store)[-1].folder
    release.rename(release.with_name(release.name.replace("0002", f"000{DRAWN.randrange(3, 9)}")))


def _sign_with_another_key(store: Path) -> None:
    release = releases_in(store)[-1].folder
    (release / "manifest.json.sig").write_bytes(DRAWN.randbytes(64))
    samples.reseal_sums(release)


TAMPERINGS: dict[str, Callable[[Path], None]] = {
    name.removeprefix("_"): function
    for name, function in list(globals().items())
    if getattr(function, "__annotations__", None) == {"store": "Path", "return": "None"}
}


def _expect_refused(sound: tuple[Path, Path], folder: Path, times: int) -> None:
    published, public = sound
    key = load_public_key(public)
    refused: Counter[str] = Counter()
    for number in range(times):
        name = sorted(TAMPERINGS)[number % len(TAMPERINGS)]
        store = folder / str(number)
        shutil.copytree(published, store, symlinks=True)
        TAMPERINGS[name](store)
        faults = verify(store, key)
        assert faults, (number, name)
        for fault in faults:
            assert fault.severity == "error"
            assert re.fullmatch(r"verify\.[a-z]+: \S+: .+", f"{fault.rule}: {fault.message}", re.S), fault
        refused[name] += 1
        shutil.rmtree(store)
    LOG.info("%d tampered stores, all refused: %s", refused.total(), dict(refused))


def test_what_nobody_touched_passes(sound: tuple[Path, Path]) -> None:
    assert verify(sound[0], load_public_key(sound[1])) == []


def test_every_kind_of_tampering_is_refused(sound: tuple[Path, Path], tmp_path: Path) -> None:
    assert len(TAMPERINGS) == 16
    _expect_refused(sound, tmp_path, len(TAMPERINGS))


@pytest.mark.drill
def test_a_thousand_tampered_stores_are_refused(sound: tuple[Path, Path], tmp_path: Path) -> None:
    _expect_refused(sound, tmp_path, 1000)


@pytest.mark.parametrize(
    ("tampering", "rules"),
    [
        (_roll_back, ["rollback"]),
        (_lose_the_pointer, ["pointer"]),
        (_point_astray, ["pointer"]),
        (_swap_releases, ["name", "name"]),
        (_rewrite_history, ["chain", "signature"]),
        (_sign_with_another_key, ["signature"]),
        (_change_the_manifest, ["name", "signature"]),
    ],
    ids=lambda value: getattr(value, "__name__", None),
)
def test_a_tampering_is_called_by_its_name(
    sound: tuple[Path, Path], tmp_path: Path, tampering: Callable[[Path], None], rules: list[str]
) -> None:
    store = tmp_path / "store"
    shutil.copytree(sound[0], store, symlinks=True)
    tampering(store)
    found = {fault.rule.removeprefix("verify.") for fault in verify(store, load_public_key(sound[1]))}
    assert set(rules) <= found
    assert found - set(rules) <= {"chain"}  # what follows a changed manifest follows another one


def test_two_files_that_changed_places_are_one_fault(sound: tuple[Path, Path], tmp_path: Path) -> None:
    release = shutil.copytree(releases_in(sound[0])[0].folder, tmp_path / "release")
    (release / "areas.csv").rename(release / "between")
    (release / "units.csv").rename(release / "areas.csv")
    (release / "between").rename(release / "units.csv")
    message = "areas.csv: the file holds what belongs in units.csv, and units.csv what belongs here"
    assert [(fault.rule, fault.message) for fault in verify(release)] == [("verify.swapped", message)]
