"""The web: addresses that may be asked, connections to public hosts alone, and polite visits."""
