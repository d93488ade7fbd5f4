"""`python -m autoresponder`."""

from __future__ import annotations

from autoresponder.cli import main

if __name__ == "__main__":
    main()
