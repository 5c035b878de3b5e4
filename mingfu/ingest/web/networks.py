"""Networks that are not public: a list of our own, since `ipaddress.is_global` lets several of them through.

networks.csv follows the special-purpose registries of IANA (RFC 6890) and names two more that clouds
use for themselves.  Of IPv6 only 2000::/3 is assigned to hosts.
"""

from __future__ import annotations

from functools import cache
from ipaddress import IPv4Address, IPv4Network, IPv6Address, IPv6Network, ip_address, ip_network
from pathlib import Path

from mingfu.project import read_csv

# An address of these says by its last 32 bits which IPv4 address is meant: mapped ones and NAT64.
_CARRIERS = (IPv6Network("::ffff:0:0/96"), IPv6Network("64:ff9b::/96"))


def not_public(text: str) -> str | None:
    """Return what an IP address is, where it is not a public one; raise ValueError where it is none at all."""
    address = _meant(ip_address(text))
    return next((what for network, what in _special() if address in network), None)


def _meant(address: IPv4Address | IPv6Address) -> IPv4Address | IPv6Address:
    if isinstance(address, IPv6Address) and any(address in carrier for carrier in _CARRIERS):
        return IPv4Address(int(address) & 0xFFFFFFFF)
    return address


@cache
def _special() -> tuple[tuple[IPv4Network | IPv6Network, str], ...]:
    rows = read_csv(Path(__file__).with_name("networks.csv"))
    return tuple((ip_network(row["network"]), row["what"]) for row in rows)
