"""Writes Tests/AgentsTests/Resources/particle_reference.json: episodes and returns of mpe2's simple_spread and simple_speaker_listener.

    pip install mpe2 && python Tests/Scripts/particle-reference.py > Tests/AgentsTests/Resources/particle_reference.json

States are set from NumPy's generator, so that the episodes do not depend on how the package draws them, and lie so close that agents touch.
The order "openAI" replaces the package's integration by that of openai/multiagent-particle-envs, in which the new velocity moves the body.
openai's reward of one agent is the sum that `reward` and `global_reward` make there: every agent also touches itself. Returns are those of
whole episodes that the package starts by itself, in the unit "sum of both or all three agents' rewards in openai's unit".
"""

import itertools
import json
from importlib.metadata import version

import numpy as np
from mpe2 import simple_speaker_listener_v4, simple_spread_v3
from mpe2._mpe_utils.core import World

SEED = 20240
EPISODES = 2000
rng = np.random.default_rng(SEED)
package_integration = World.integrate_state


def velocity_first(world, forces):
    for body, force in zip(world.entities, forces):
        if not body.movable:
            continue
        body.state.p_vel = body.state.p_vel * (1 - world.damping) + (0 if force is None else force / body.mass * world.dt)
        body.state.p_pos = body.state.p_pos + body.state.p_vel * world.dt


def numbers(values):
    return [float(np.format_float_positional(x, precision=10, unique=False, trim="-")) for x in np.ravel(values)]


def set_order(order):
    World.integrate_state = package_integration if order == "mpe2" else velocity_first


def openai_rewards(base):
    """One number an agent: minus the distances, minus the agents it touches, itself among them."""
    scenario, world = base.scenario, base.world
    return [
        scenario.global_reward(world) - sum(scenario.is_collision(a, agent) for a in world.agents) for agent in world.agents]


def spread_episode(agents, order, continuous, scale, steps):
    set_order(order)
    env = simple_spread_v3.parallel_env(N=agents, max_cycles=100, continuous_actions=continuous)
    env.reset(seed=1)
    base = env.unwrapped
    record = {"task": "spread", "agents": agents, "order": order, "continuous": continuous, "steps": steps}
    for body in base.world.agents:
        body.state.p_pos = rng.uniform(-scale, scale, 2)
        body.state.p_vel = rng.uniform(-0.5, 0.5, 2)
    for mark in base.world.landmarks:
        mark.state.p_pos = rng.uniform(-1, 1, 2)
    record["positions"] = [float(x) for a in base.world.agents for x in a.state.p_pos]
    record["velocities"] = [float(x) for a in base.world.agents for x in a.state.p_vel]
    record["landmarks"] = [float(x) for a in base.world.landmarks for x in a.state.p_pos]
    record["first"] = numbers([base.observe(name) for name in base.possible_agents])
    record |= {"actions": [], "observations": [], "rewards": [], "openAIRewards": []}
    for _ in range(steps):
        names = env.agents
        if continuous:
            chosen = {name: rng.uniform(0, 1, 5).astype(np.float32) for name in names}
        else:
            chosen = {name: int(rng.integers(5)) for name in names}
        observed, rewards, *_ = env.step(chosen)
        record["actions"] += [float(x) for name in names for x in np.ravel(chosen[name])]
        record["observations"] += numbers([observed[name] for name in names])
        record["rewards"] += numbers([rewards[name] for name in names])
        record["openAIRewards"] += numbers(openai_rewards(base))
    return record


def listener_episode(order, continuous, steps):
    set_order(order)
    env = simple_speaker_listener_v4.parallel_env(max_cycles=100, continuous_actions=continuous)
    env.reset(seed=2)
    base = env.unwrapped
    speaker, listener = base.world.agents
    goal = int(rng.integers(3))
    speaker.goal_b = base.world.landmarks[goal]
    listener.state.p_pos, listener.state.p_vel = rng.uniform(-1, 1, 2), rng.uniform(-0.5, 0.5, 2)
    for mark in base.world.landmarks:
        mark.state.p_pos = rng.uniform(-1, 1, 2)
    record = {"task": "listener", "agents": 2, "order": order, "continuous": continuous, "steps": steps, "goal": goal}
    record["positions"] = [float(x) for x in listener.state.p_pos]
    record["velocities"] = [float(x) for x in listener.state.p_vel]
    record["landmarks"] = [float(x) for a in base.world.landmarks for x in a.state.p_pos]

    def padded(first, second):
        return numbers(np.concatenate([first, np.zeros(8), second]))

    record["first"] = padded(*(base.observe(name) for name in base.possible_agents))
    record |= {"actions": [], "observations": [], "rewards": [], "openAIRewards": []}
    for _ in range(steps):
        names = env.agents
        if continuous:
            chosen = {name: rng.uniform(0, 1, size).astype(np.float32) for name, size in zip(names, (3, 5))}
            record["actions"] += [float(x) for x in np.concatenate([chosen[names[0]], [0, 0], chosen[names[1]]])]
        else:
            chosen = {name: int(rng.integers(size)) for name, size in zip(names, (3, 5))}
            record["actions"] += [float(chosen[name]) for name in names]
        observed, rewards, *_ = env.step(chosen)
        record["observations"] += padded(*(observed[name] for name in names))
        record["rewards"] += numbers([rewards[name] for name in names])
        record["openAIRewards"] += numbers([sum(rewards.values())] * 2)
    return record


def nearest_move(goal, velocity):
    pushes = [(0, 0), (-1, 0), (1, 0), (0, -1), (0, 1)]
    rest = [np.sum((goal - 0.1 * velocity - 0.05 * np.array(p)) ** 2) for p in pushes]
    return int(np.argmin(rest))


def random_actions(env, observed):
    return {name: int(rng.integers(env.action_space(name).n)) for name in env.agents}


def spread_actions(env, observed):
    rows = [observed[name] for name in env.agents]
    goals = [row[4:10].reshape(3, 2) for row in rows]
    lengths = np.array([np.linalg.norm(g, axis=1) for g in goals])
    best = min(itertools.permutations(range(3)), key=lambda order: sum(lengths[i, order[i]] for i in range(3)))
    return {name: nearest_move(goals[i][best[i]], rows[i][:2]) for i, name in enumerate(env.agents)}


def walker(oracle):
    def act(env, observed):
        speaker, listener = (observed[name] for name in env.agents)
        marks = listener[2:8].reshape(3, 2)
        word = int(np.argmax(speaker))
        return dict(zip(env.agents, (word, nearest_move(marks[word] if oracle else marks.mean(axis=0), listener[:2]))))

    return act


def returns(name, order, act):
    set_order(order)
    module = simple_spread_v3 if name == "spread" else simple_speaker_listener_v4
    env = module.parallel_env(max_cycles=25)
    sums = []
    for episode in range(EPISODES):
        observed, _ = env.reset(seed=SEED + episode)
        total = 0.0
        while env.agents:
            observed, rewards, *_ = env.step(act(env, observed))
            total += sum(openai_rewards(env.unwrapped)) if name == "spread" else sum(rewards.values())
        sums.append(total)
    return {"mean": float(np.mean(sums)), "standardError": float(np.std(sums, ddof=1) / np.sqrt(EPISODES)), "episodes": EPISODES}


episodes = [
    spread_episode(agents, order, continuous, scale, 12)
    for agents, order, continuous, scale in [
        (3, "mpe2", False, 0.3), (3, "mpe2", True, 0.3), (2, "mpe2", False, 0.2), (5, "mpe2", False, 0.5), (3, "openAI", False, 0.3), (3, "openAI", True, 0.3)]]
episodes += [listener_episode(order, continuous, 12) for order in ("mpe2", "openAI") for continuous in (False, True)]
policies = [("spread", "random", random_actions), ("spread", "scripted", spread_actions)]
policies += [("listener", "random", random_actions), ("listener", "centroid", walker(False)), ("listener", "oracle", walker(True))]
measured = [
    {"task": task, "policy": policy, "order": order} | returns(task, order, act) for order in ("mpe2", "openAI") for task, policy, act in policies]
origin = f"mpe2 {version('mpe2')} (pettingzoo {version('pettingzoo')}, NumPy {np.__version__}), seed {SEED}, Tests/Scripts/particle-reference.py"
print(json.dumps({"origin": origin, "episodes": episodes, "returns": measured}))
