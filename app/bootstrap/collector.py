"""When the garbage collector looks for cycles."""

import gc


def calm_collector(young_objects: int) -> None:
    """Keeps what start-up built, which lives as long as the process, out of the collector's way, and lets it
    wait for so many new objects: nearly all go without it, when what they served is done."""
    gc.collect()
    gc.freeze()
    gc.set_threshold(young_objects)
