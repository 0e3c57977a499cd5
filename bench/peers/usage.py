"""
What the process has used. On import: when it ends, a JSON file named by ADK_USAGE gets bytes at its peak and seconds of processor
time, as usage.mjs does for Node.
"""
import atexit
import json
import os
import resource


def peak_bytes():
    """Bytes at its peak, its children's not among them: they share the matrix."""
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss * 1024


def processor_seconds():
    """Of all its threads and its ended children."""
    both = (resource.getrusage(who) for who in (resource.RUSAGE_SELF, resource.RUSAGE_CHILDREN))
    return sum(r.ru_utime + r.ru_stime for r in both)


@atexit.register
def write_usage():
    if "ADK_USAGE" in os.environ:
        with open(os.environ["ADK_USAGE"], "w") as file:
            json.dump({"bytes": peak_bytes(), "cpu": processor_seconds()}, file)
