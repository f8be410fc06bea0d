"""Reads an export with marl-eval's own functions and holds the score of every run against metrics.jsonl.

usage: marl-eval-check.py RUN EXPORT.json METRIC   (EXPORT from bench export RUN --marl-eval EXPORT.json --metric METRIC; needs the package id-marl-eval)
"""

import json
import sys

from marl_eval.utils.data_processing_utils import create_matrices_for_rliable, data_process_pipeline
from marl_eval.utils.diagnose_data_errors import DiagnoseData

folder, export, metric = sys.argv[1:]
with open(export) as file:
    data = json.load(file)
with open(folder + "/manifest.json") as file:
    pack = json.load(file)["pack"]

# The value recorded last, by scheme, point and seed: in the order in which that package's matrices have their rows (seeds) and columns (points).
last = {}
with open(folder + "/metrics.jsonl") as file:
    for line in file:
        entry = json.loads(line)
        if entry["metric"] == metric:
            point = " ".join("%s=%g" % pair for pair in entry["point"].items())
            scores = last.setdefault(entry["scheme"], {}).setdefault(entry["seed"], {})
            step, _ = scores.get(point, (-1, 0))
            if entry["step"] > step:
                scores[point] = (entry["step"], entry["value"])

found = DiagnoseData(data).check_data()
if set(found) != {pack} or not all(found[pack].values()):
    sys.exit("marl-eval-check: marl-eval finds faults in %s: %s" % (export, found))

matrices, _ = create_matrices_for_rliable(data_process_pipeline(data, []), pack, [])
scores = matrices["mean_" + metric.lower()]
if set(scores) != set(last):
    sys.exit("marl-eval-check: marl-eval reads the schemes %s of %s, not %s" % (sorted(scores), export, sorted(last)))
count = 0
for scheme, seeds in last.items():
    expected = [[value for _, value in seeds[seed].values()] for seed in sorted(seeds)]
    if scores[scheme].shape != (len(expected), len(expected[0])) or (abs(scores[scheme] - expected) > 1e-12).any():
        sys.exit("marl-eval-check: marl-eval reads %s for %s, not %s" % (scores[scheme].tolist(), scheme, expected))
    count += scores[scheme].size
print("marl-eval reads the %d scores of %d schemes as they were measured" % (count, len(last)))
