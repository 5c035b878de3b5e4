"""JSON as a release holds it: UTF-8, indented, in the order in which it was made."""

from __future__ import annotations

import json
from typing import Any


def json_text(content: Any) -> str:
    """Return `content` as JSON."""
    return json.dumps(content, ensure_ascii=False, indent=2) + "\n"
