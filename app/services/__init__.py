"""One use case a file; the outside is spoken to through ports alone: `ports.py` and the `…_ports.py` beside it."""
