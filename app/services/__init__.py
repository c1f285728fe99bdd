"""One use case a file; the outside is spoken to through the ports alone: `ports.py`, `…_ports.py`."""
