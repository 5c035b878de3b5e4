"""Ed25519 keys (RFC 8032): made, and used to sign a release's manifest and to check that signature.

Keys are PEM files (PKCS#8 and SubjectPublicKeyInfo), signatures the 64 bytes themselves, so that OpenSSL
reads both.
"""

from __future__ import annotations

import os
from pathlib import Path
from typing import TYPE_CHECKING

from mingfu.errors import SigningError

if TYPE_CHECKING:
    from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey, Ed25519PublicKey


def make_keys(path: Path) -> Path:
    """Write a new private key, which only its owner may read, and its public key beside it; return the latter's path.

    Raises SigningError where a file of that name is there already, or cannot be written.
    """
    from cryptography.hazmat.primitives import serialization as form
    from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey

    key, public = Ed25519PrivateKey.generate(), path.with_name(f"{path.name}.pub")
    private_pem = key.private_bytes(form.Encoding.PEM, form.PrivateFormat.PKCS8, form.NoEncryption())
    public_pem = key.public_key().public_bytes(form.Encoding.PEM, form.PublicFormat.SubjectPublicKeyInfo)
    _write_new(path, private_pem, 0o600)
    _write_new(public, public_pem, 0o644)
    return public


def _write_new(path: Path, content: bytes, mode: int) -> None:
    try:
        handle = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, mode)
        with os.fdopen(handle, "wb") as file:
            file.write(content)
    except OSError as error:
        raise SigningError(f"{path}: {error.strerror}; name a file that is not there yet") from error


def load_private_key(path: Path) -> Ed25519PrivateKey:
    """Return a private key; raise SigningError where the file is none."""
    from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
    from cryptography.hazmat.primitives.serialization import load_pem_private_key

    try:
        key = load_pem_private_key(_read(path), None)
    except (ValueError, TypeError) as error:  # not PEM; under a password
        raise SigningError(f"{path}: not a private key without a password; make one with `mingfu keygen`") from error
    if not isinstance(key, Ed25519PrivateKey):
        raise SigningError(f"{path}: not an Ed25519 key; make one with `mingfu keygen`")
    return key


def load_public_key(path: Path) -> Ed25519PublicKey:
    """Return a public key; raise SigningError where the file is none."""
    from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PublicKey
    from cryptography.hazmat.primitives.serialization import load_pem_public_key

    try:
        key = load_pem_public_key(_read(path))
    except ValueError as error:
        raise SigningError(f"{path}: not a public key; name the .pub file that `mingfu keygen` wrote") from error
    if not isinstance(key, Ed25519PublicKey):
        raise SigningError(f"{path}: not an Ed25519 key; name the .pub file that `mingfu keygen` wrote")
    return key


def is_signed(content: bytes, signature: bytes, key: Ed25519PublicKey) -> bool:
    """Return whether a signature is that of the content by the key's owner."""
    from cryptography.exceptions import InvalidSignature

    try:
        key.verify(signature, content)
    except InvalidSignature:
        return False
    return True


def _read(path: Path) -> bytes:
    try:
        return path.read_bytes()
    except OSError as error:
        raise SigningError(f"{path}: {error.strerror}; check the path of the key") from error
