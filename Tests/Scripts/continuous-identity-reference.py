"""Mean returns of Stable-Baselines3 on its continuous identity environment, the task of its tests/test_identity.py, over many seeds.

Needs stable-baselines3 2.9.2. Prints one line an algorithm: name, then the mean return of 20 episodes for each seed.
"""

import sys

import numpy as np
import torch
from stable_baselines3 import DDPG, SAC, TD3
from stable_baselines3.common.envs import IdentityEnvBox
from stable_baselines3.common.evaluation import evaluate_policy
from stable_baselines3.common.monitor import Monitor
from stable_baselines3.common.noise import NormalActionNoise

torch.set_num_threads(1)
steps = int(sys.argv[1]) if len(sys.argv) > 1 else 400
for algorithm in (SAC, TD3, DDPG):
    returns = []
    for seed in range(10):
        settings = dict(policy_kwargs=dict(net_arch=[64, 64]), gamma=0.95, seed=seed)
        if algorithm is not SAC:
            settings["action_noise"] = NormalActionNoise(np.zeros(1), 0.1 * np.ones(1))
        environment = Monitor(IdentityEnvBox(eps=0.5))
        environment.reset(seed=seed)
        environment.action_space.seed(seed)
        model = algorithm("MlpPolicy", environment, **settings).learn(steps)
        returns.append(float(evaluate_policy(model, environment, n_eval_episodes=20)[0]))
    print(algorithm.__name__, "mean", np.mean(returns), returns, flush=True)
