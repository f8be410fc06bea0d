"""Transition tables and single steps of Gymnasium's environments, for Tests/AgentsTests/Tasks.

Writes Tests/AgentsTests/Resources/gymnasium.json. Needs gymnasium (made with 1.4.0) and numpy (2.4.6).
"""

import json
import sys
import warnings

import gymnasium
import numpy

warnings.simplefilter("ignore")
SEED = 20260


def table(name, **settings):
    """Every entry of P, state by state and choice by choice."""
    task = gymnasium.make(name, **settings).unwrapped
    entries = [list(task.P[s][a]) for s in sorted(task.P) for a in sorted(task.P[s])]
    flat = [entry for some in entries for entry in some]
    return {
        "states": len(task.P),
        "choices": len(task.P[0]),
        "starts": [float(p) for p in task.initial_state_distrib],
        "counts": [len(some) for some in entries],
        "probabilities": sorted({float(entry[0]) for entry in flat}),
        "likelihoods": [sorted({float(e[0]) for e in flat}).index(float(entry[0])) for entry in flat],
        "successors": [int(entry[1]) for entry in flat],
        "rewards": [int(entry[2]) for entry in flat],
        "terminated": [int(entry[3]) for entry in flat],
    }


def steps(name, choose, episodes, longest):
    """Episodes from Gymnasium's own starts: every state, observation, action, reward and end."""
    result = []
    random = numpy.random.default_rng(SEED)
    for episode in range(episodes):
        task = gymnasium.make(name).unwrapped
        task.action_space.seed(SEED + episode)
        observation, _ = task.reset(seed=SEED + episode)
        record = {"states": [[float(x) for x in task.state]], "observations": [], "actions": [], "rewards": [], "terminated": []}
        for step in range(longest):
            action = choose(task, step, random, episode)
            observation, reward, terminated, _, _ = task.step(action)
            record["states"].append([float(x) for x in task.state])
            record["observations"].append([float(str(x)) for x in observation])
            record["actions"].append(float(str(action[0])) if isinstance(action, numpy.ndarray) else int(action))
            record["rewards"].append(float(reward))
            record["terminated"].append(int(terminated))
            if terminated:
                break
        result.append(record)
    return result


def random_action(task, step, random, episode):
    return task.action_space.sample()


def balance(task, step, random, episode):
    """Falls at random, balances for long, or runs away to either side."""
    x, v, angle, turn = task.state
    return [task.action_space.sample(), int(angle + 0.3 * turn + 0.05 * x + 0.1 * v > 0), 1, 0][episode]


def swing(task, step, random, episode):
    """At random, or always with the speed of the first link, which reaches the goal."""
    return task.action_space.sample() if episode == 0 else (0 if task.state[2] > 0 else 2)


def climb(task, step, random, episode):
    return task.action_space.sample() if episode == 0 else (2 if task.state[1] >= 0 else 0)


def push(task, step, random, episode):
    """At random, also beyond the bounds; or always with the speed."""
    if episode == 0:
        return random.uniform(-1.5, 1.5, 1).astype(numpy.float32)
    return numpy.array([1 if task.state[1] >= 0 else -1], numpy.float32)


def turn(task, step, random, episode):
    """At random, also beyond the bounds; or always with the speed, up to the largest one."""
    if episode == 0:
        return random.uniform(-3, 3, 1).astype(numpy.float32)
    return numpy.array([2 if task.state[1] >= 0 else -2], numpy.float32)


document = {
    "origin": f"Tests/Scripts/gymnasium-reference.py with gymnasium {gymnasium.__version__}, numpy {numpy.__version__}, seed {SEED}",
    "tables": {
        "FrozenLake 4x4": table("FrozenLake-v1", map_name="4x4"),
        "FrozenLake 8x8": table("FrozenLake-v1", map_name="8x8"),
        "FrozenLake 4x4 dry": table("FrozenLake-v1", map_name="4x4", is_slippery=False),
        "FrozenLake 8x8 dry": table("FrozenLake-v1", map_name="8x8", is_slippery=False),
        "CliffWalking": table("CliffWalking-v1"),
        "CliffWalking slippery": table("CliffWalking-v1", is_slippery=True),
        "Taxi": table("Taxi-v4" if "Taxi-v4" in gymnasium.registry else "Taxi-v3"),
    },
    "steps": {
        "CartPole": steps("CartPole-v1", balance, 4, 80),
        "Pendulum": steps("Pendulum-v1", turn, 2, 60),
        "Acrobot": steps("Acrobot-v1", swing, 2, 120),
        "MountainCar": steps("MountainCar-v0", climb, 2, 130),
        "MountainCarContinuous": steps("MountainCarContinuous-v0", push, 2, 120),
    },
}
path = sys.argv[1] if len(sys.argv) > 1 else "Tests/AgentsTests/Resources/gymnasium.json"
with open(path, "w") as file:
    json.dump(document, file, separators=(",", ":"))
    file.write("\n")
for name, episodes in document["steps"].items():
    print(name, [(len(e["rewards"]), e["terminated"][-1]) for e in episodes], file=sys.stderr)
