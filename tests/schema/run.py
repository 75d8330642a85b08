"""Runs Schemathesis against a node of its own: no 5xx, and no answer that the API's document does not tell of.

Without arguments everything is tried. With some they are handed on, for one run of Schemathesis, for example
`--include-operation-id event_triage`.
"""

import json
import os
import subprocess
import sys
import tempfile
from pathlib import Path

from node import Failed, Node
from seed import seed

HERE = Path(__file__).resolve().parent
# The same requests in every run; ids and times in them are those of the node.
SEED = 20260118
# Sequences of calls are tried several times: a node remembers, so sooner or later the same calls go another
# way, and then Hypothesis ends the phase.
SEQUENCES = 3
PLAN = [["--phases", "examples,coverage,fuzzing", "--seed", str(SEED)]]
PLAN += [["--phases", "stateful", "--seed", str(SEED + one)] for one in range(SEQUENCES)]
# The part of the operations that must have succeeded at least once: fewer, and the checks saw refusals only.
LEAST_SHARE = 0.5


def main(arguments):
    """The exit code: 0 if all is well, 1 if anything was found."""
    binary = Path(os.environ.get("FENGSUI_BIN", HERE / "../../target/release/fengsui")).resolve()
    with tempfile.TemporaryDirectory(prefix="fengsui-schema-") as folder, Node(binary, Path(folder)) as node:
        known = seed(node)
        path = Path(folder) / "seed.json"
        path.write_text(json.dumps(known))
        plan = [["--seed", str(SEED), *arguments]] if arguments else PLAN
        codes = [schemathesis(node, path, number, line) for number, line in enumerate(plan)]
        counted = path.with_name("answers.json")
        if not counted.exists():
            raise Failed(f"Schemathesis ended with {codes} before it asked anything")
        reached = reach(json.loads(counted.read_text()), known["requests"])
        return 1 if any(codes) or not reached else 0


def schemathesis(node, seed_path, number, arguments):
    """Runs it; its report goes where ours goes. Returns its exit code."""
    tool = Path(sys.executable).with_name("schemathesis")
    line = [tool, "--config-file", HERE / "schemathesis.toml", "run", f"{node.url}/api/v1/openapi.json"]
    variables = {"FENGSUI_SEED": str(seed_path), "FENGSUI_RUN": str(number)}
    variables |= {"PYTHONPATH": str(HERE), "PYTHONDONTWRITEBYTECODE": "1"}
    print("$ schemathesis run", *arguments, flush=True)
    folder, environment = seed_path.parent, os.environ | variables
    return subprocess.run([*line, *arguments], env=environment, cwd=folder, check=False).returncode


def reach(answers, requests):
    """Says how many operations succeeded at least once, and whether they are enough.

    One that the seed has a request for must succeed: where it does not, the request is wrong, or the node.
    """
    reached = {name for name, statuses in answers.items() if any(status.startswith("2") for status in statuses)}
    sent = sum(count for statuses in answers.values() for count in statuses.values())
    print(f"{len(reached)} of {len(answers)} operations succeeded at least once, in {sent} requests")
    missed = [name for name in answers if name in requests and name not in reached]
    for name in missed:
        print(f"error: `{name}` never succeeded, only {answers[name]}; see its request in tests/schema/seed.py")
    if len(reached) < LEAST_SHARE * len(answers):
        print(f"error: fewer than {LEAST_SHARE:.0%}; give operations a request in tests/schema/seed.py")
        return False
    return not missed


if __name__ == "__main__":
    try:
        sys.exit(main(sys.argv[1:]))
    except Failed as error:
        sys.exit(f"error: {error}")
