/// Where this pack departs from the paper or fills a gap of it. `Docs/Papers/d2d/README.md` holds the same list.
enum D2DDeviations {
  static let list: [Deviation] = [
    Deviation(
      1,
      "Reference loss of D2D links. Only 'exponent 4' is given. Default: 0 dB at 1 m, so loss = 40 log10(d / 1 m), with d below 1 m "
        + "counted as 1 m (pairLossAtOneMeter). With the usual 28 dB (148 + 40 log10 d in km) the base station drowns every D2D receiver "
        + "and the choice of a block changes the reward by about 1 %: no learning curve could separate algorithms. That case, and 38.5 "
        + "dB (free space at 2 GHz), are kept as negative controls."
    ),
    Deviation(
      2,
      "Which links have exponent 4. Those that start at a D2D transmitter: to its own receiver, to other receivers, to cellular "
        + "users. Links of the base station follow 128.1 + 37.6 log10(d / 1 km), also counted from 1 m on."
    ),
    Deviation(
      3,
      "Power of the base station. 46 dBm on every block, as eq. 1 uses it; basePower = split gives each block a tenth. "
        + "baseInterference switches its term in eq. 2 off."
    ),
    Deviation(
      4,
      "Antenna gains and shadowing. Not in the table: 0 dB, none. shadowingDeviation adds independent log-normal shadowing to each "
        + "link, constant for a drop."
    ),
    Deviation(
      5,
      "Small-scale fading. Rayleigh, a new independent draw for every slot and link, flat over the blocks (the gains of eqs. 1-2 "
        + "have no block index); large-scale gains are static. fading = none, gaussmarkov (first order, with the correlation J0(2 pi v "
        + "f T / c) of speed, carrier and slot) or jakes (Clarke's model, with the whole autocorrelation J0). ownFading = perBlock lets own "
        + "links fade on each block by themselves, and the state then shows the gain on each."
    ),
    Deviation(6, "Noise. -174 dBm/Hz + 10 log10(180 kHz) + 8 dB = -113.447 dBm at every receiver."),
    Deviation(
      7,
      "Positions. Cellular users and D2D transmitters uniform in the 500 m disc, at least 10 m from the base station; each D2D "
        + "receiver uniform in a disc of 30 m round its transmitter, at least 1 m away, and it may leave the cell. One drop a seed, "
        + "never redrawn (positions = everyEpisode redraws; moving lets users and pairs walk at random with speed, a receiver with its transmitter, "
        + "turning every turnSeconds; the oracle, NAAC's neighbours and the scaling stay those of the first drop). Drop, fading, evaluation and agents have random streams of their own, so that schemes are compared on the same drop and "
        + "the same fading."
    ),
    Deviation(8, "Owners of blocks. Cellular user m owns block m, and there are as many users as blocks (resourceBlocks)."),
    Deviation(
      9,
      "Who is punished. A pair receives the negative reward exactly if the owner of the block that the pair chose is below its "
        + "threshold: every pair on that block, whoever caused it."
    ),
    Deviation(10, "Logarithm. To base 2. Rates in figures are sums of log2(1 + SINR) in bit/s/Hz, without the bandwidth."),
    Deviation(
      11,
      "Own gain. One number, so that a state has 13: own gain, cellular gain, interference, one-hot of the previous block. The actor "
        + "then holds 296.5 kB, which fits the paper's 'about 300 KB'; with all parts per block it would hold 352 kB."
    ),
    Deviation(
      12,
      "Cellular gain. From the base station to the pair's transmitter, as written, with a fading of its own. It enters neither eq. 1 "
        + "nor eq. 2. cellularGainFeature = toReceiver gives the gain of eq. 2 instead."
    ),
    Deviation(
      13,
      "Previous interference. Base station, co-channel pairs and noise at the own receiver, in the slot before, on the block then "
        + "used (the mean over its blocks, if a pair uses several); interferenceFeature = perBlock gives all blocks."
    ),
    Deviation(
      14,
      "Scaling. Decibels, minus a mean and divided by a standard deviation (at least 3 dB) over the pairs, one of each for each "
        + "feature, fixed before the first slot from the large-scale gains of the drop; for the interference from what the base station "
        + "causes, plus noise. stateScaling = db or linear."
    ),
    Deviation(15, "First state. A random previous block; interference of the base station without fading, plus noise."),
    Deviation(
      16,
      "Discrete actions under a deterministic policy gradient. The actor gives K logits, the critic takes one-hot actions. The "
        + "actor's step uses a straight-through Gumbel-softmax of temperature 1, the target action is the one-hot argmax of the target "
        + "actor, behaviour samples from the logits, and execution takes the argmax of the target actor, whose weights Algorithm 2 "
        + "loads. estimator = relaxed, softmax or expected replaces the actor's step; the last climbs the critic's mean over all choices of "
        + "the own block in the place of its slope at one of them."
    ),
    Deviation(
      17,
      "Exploration after slot 2000. The paper has none; point 16 supplies it. DQN and Q-learning: 1 to 0.05 linearly over 1000 "
        + "slots."
    ),
    Deviation(18, "Minibatch and updates. 64 tuples, at the quick and standard scales 32; one update a slot once the 2000 random slots are over."),
    Deviation(19, "Optimiser. Adam at the paper's rates of 1e-4 (actor) and 1e-3 (critic), no clipping."),
    Deviation(
      20,
      "Critic. States to 1024 units, actions join there, then 512, 256, 1 (the text of Fig. 4). criticEntry = first lets them "
        + "join beside the states. With criticTellsChoices only the others' actions join, and there is an output for each choice of the own agent."),
    Deviation(21, "Layer counts. 'Four-layer' and 'five-layer' count input and output."),
    Deviation(22, "Networks. Each agent has its own (theta_i in eqs. 14-17)."),
    Deviation(23, "Horizon. A continuing task with discount 0.95 and no terminal state; soft updates of 0.01 every slot for both targets."),
    Deviation(24, "Actor's step, eq. 17. Only the agent's own action is replaced by its policy; the others come from the replay."),
    Deviation(
      25,
      "Neighbours of NAAC. The lambda nearest by the distance of the transmitters, ties by index, itself first. The target actions "
        + "of eq. 21 are the neighbours' only. With lambda = N - 1 it is MAAC."
    ),
    Deviation(26, "'60 time slots'. Counted after the 2000 random ones, since nothing is learnt before."),
    Deviation(27, "D2D outage threshold. Not given: 0 dB like the cellular one (pairThreshold)."),
    Deviation(28, "Denominators of outage. All cellular users times slots, all pairs times slots."),
    Deviation(
      29,
      "Evaluation. Algorithm 2 on fading of its own, on the drop of the training; 5000 slots where outage is compared, since 500 "
        + "slots of ten users leave a standard error of 0.0014 at an outage of 0.01. Twenty copies (evaluationCopies) with fading of their "
        + "own share these slots, each from a first state as in point 15."
    ),
    Deviation(
      30,
      "AC baseline. Independent on-policy softmax actor and value critic, TD(0), one update for 16 fresh slots, entropy bonus 0.01. "
        + "NAAC with lambda = 0 is a second, fairer ablation."
    ),
    Deviation(
      31,
      "DQN and Q-learning. DQN: independent, 512-128, Adam 1e-3, soft target 0.01. Q-learning: a table for each agent over 3 x 3 x 3 "
        + "levels of the three gains times K, step 0.1."
    ),
    Deviation(
      32,
      "SLA. Linear reward-inaction with step 0.02 on rewards scaled by a decaying maximum; executes the argmax of its mixed "
        + "strategy."
    ),
    Deviation(33, "Replay. A million slots as in the table, but memory grows with the run instead of being reserved."),
    Deviation(34, "Seeds. The paper names no number of drops and shows no intervals; here every figure has both."),
    Deviation(35, "The 2000 random slots. All schemes pass them; MAAC, NAAC and DQN keep their experience, on-line methods learn nothing from them."),
    Deviation(
      36,
      "Length of learning. Not given. 600 learning slots of MAAC and NAAC behind the random ones (updates, updatesAboveTen), 1000 of DQN, 4000 of AC, "
        + "Q-learning and SLA; the scale standard learns for 400 slots, quick for 400 at N = 10 and 200 above, paper for 2000 (MAAC, NAAC, DQN)."
    ),
    Deviation(
      37,
      "Fine-tuning. Not specified. The executed target actors act without exploration; a slot's tuple is uploaded when the mean fading of the "
        + "pairs' own links is at least uploadThreshold, is appended to the replay and followed by one update; actors are deployed every "
        + "deploymentInterval slots. After a re-drop the replay begins empty."
    ),
    Deviation(
      38,
      "Joint action (section III-A). One block at full power, as in the paper's simulations. blocksPerSet = s offers all sets of 1 to s blocks, "
        + "over which the power is split equally, and powerLevels = beta the powers P l / beta, l = 1 ... beta. A pair is then rewarded with the "
        + "sum of its rates, punished if the user of any of its blocks is in outage, and itself in outage if its mean rate a block is below "
        + "log2(1 + threshold)."
    ),
    Deviation(
      39,
      "Geometry. The paper's state holds none. geometry = owners adds a number for each block: how much more its owner receives from the base "
        + "station than from this pair at full power, on the large scale, in dB, minus 20 and divided by 20."
    ),
  ]
}
