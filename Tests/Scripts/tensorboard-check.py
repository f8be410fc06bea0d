"""Reads the event files of a run with TensorBoard's own reader and holds every number against metrics.jsonl.

usage: tensorboard-check.py RUN   (a folder that was made with --tensorboard; needs the package tensorboard)
"""

import json
import sys

from tensorboard.backend.event_processing.event_accumulator import EventAccumulator

folder = sys.argv[1]
expected = {}
with open(folder + "/metrics.jsonl") as file:
    for line in file:
        entry = json.loads(line)
        point = " ".join("%s=%g" % pair for pair in entry["point"].items())
        path = "/".join(part for part in [folder, "tensorboard", entry["scheme"], point, "seed%d" % entry["seed"]] if part)
        expected.setdefault(path, {})[(entry["metric"], entry["step"])] = entry["value"]

count = 0
for path, values in sorted(expected.items()):
    reader = EventAccumulator(path, size_guidance={"scalars": 0})
    reader.Reload()
    seen = {(tag, event.step): event.value for tag in reader.Tags()["scalars"] for event in reader.Scalars(tag)}
    if seen.keys() != values.keys():
        sys.exit("tensorboard-check: %s has other metrics or steps than metrics.jsonl" % path)
    for key, value in values.items():
        if abs(seen[key] - value) > 1e-6 * abs(value) + 1e-12:
            sys.exit("tensorboard-check: %s has %r for %s where metrics.jsonl has %r" % (path, seen[key], key, value))
    count += len(values)
print("TensorBoard reads %d numbers of %d jobs as they were measured" % (count, len(expected)))
