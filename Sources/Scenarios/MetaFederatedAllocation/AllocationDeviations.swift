/// Where this pack departs from the paper or fills a gap of it. `Docs/Papers/mfrl/README.md` points here.
enum AllocationDeviations {
  static let list: [Deviation] = physics + learning

  private static let physics: [Deviation] = [
    Deviation(1, "Unit of energy efficiency. Footnote 1 calls it dimensionless: Mbit/J, from hertz and watts."),
    Deviation(
      2,
      "Power that is consumed. The transmission power alone, as in eq. 4 (circuitPower = 0): efficiency then falls with every milliwatt, "
        + "and the best power is the least one that exceeds the required ratio."),
    Deviation(
      3,
      "Two meanings of xi. It scales rewards in eq. 7 and discounts in eq. 14: rewardScale, 0.001 a Mbit/J and 0.005 in the country, so "
        + "that rewards of the best allocation are 30 to 70, and discount = 0.9."),
    Deviation(
      4,
      "Path loss. Eq. 1 for all scenarios, though the text adopts the assumptions of 3GPP: eq. 1 is the optional NLOS formula of UMa. "
        + "pathLoss = tr38901 takes each scenario's own."),
    Deviation(5, "Units in eq. 1. f in GHz, and d the slant distance in metres."),
    Deviation(6, "Line of sight. None, as the text says."),
    Deviation(
      7,
      "Size of the square. Not given: sides of 50, 200, 500 and 1732 m, the distances between sites in TR 38.901 (indoors the short side of"
        + " the office), with the base station in the centre; distances below 1 m count as 1 m."),
    Deviation(8, "Height of the base station. Not given: 3, 10, 25 and 35 m."),
    Deviation(
      9,
      "Shadowing. 8.29, 8.2, 7.8 and 8 dB with eq. 1, 8.03, 7.82, 6 and 8 dB with the formulas of 3GPP; one value for all subchannels of a "
        + "user, drawn anew for every block and independent of the one before."),
    Deviation(10, "Psi of the subcarrier spacing. A numerology from 0 to 3; the letter also stands for shadowing."),
    Deviation(
      11,
      "Fading. Exponential power of mean one, independent for every user, subchannel and millisecond; at 1 m/s the true coherence time is "
        + "about 20 ms."),
    Deviation(12, "Carrier. 6 GHz for all subchannels."),
    Deviation(
      13,
      "Noise. Density times bandwidth, with the base station's noise figure of 5 dB; the users' 9 dB play no part in an uplink. -180 and "
        + "-185 dBm/Hz are below thermal noise and are taken as they are."),
    Deviation(14, "Antenna gains. 8 and 3 dB are part of h, though eq. 2 leaves them out."),
    Deviation(15, "Movement. Speed and direction uniform and constant, reflected by the walls, one move a block: at most 0.1 m."),
    Deviation(
      16,
      "Places. Users at new places in every episode of training and test (redrop = false: those of one drop walk on). Without it a shared "
        + "network could tell users apart by their path loss."),
    Deviation(17, "Length of an episode. 100 steps of 1 ms, one block."),
    Deviation(18, "Required ratio. 5 dB of signal to noise, exceeded strictly; there is no interference in the model."),
    Deviation(19, "Condition of eq. 4. The sum over users of the subchannel's indicators is one: a collision counts nothing."),
    Deviation(20, "Indices of eq. 6. Users from 1 to I; the condition is one on all subchannels."),
    Deviation(21, "I^suc. Users alone on their subchannel, so that the reward of a collision is between -1 and -2/I."),
    Deviation(
      22,
      "Reward where a ratio is too small. The efficiency at the greatest power, even if that is not enough either: a cliff of a factor of "
        + "up to 54 at the required ratio."),
    Deviation(
      23,
      "Sum of efficiencies in Figs. 5, 7 and 8. Zero for users that collide, the others count, with deviation 22 for those below the "
        + "required ratio."),
    Deviation(
      24,
      "Successful assignment (eq. 20). Alone and above the required ratio, counted since adaptation began. weight = success averages by eq."
        + " 20, batchSize by eq. 19, which is the default."),
  ]

  private static let learning: [Deviation] = [
    Deviation(
      25,
      "Observation. (10 lg h + 110) / 20 and I / 10 (observation = decibels: 10 lg h); raw gains of 1e-8 to 1e-14 say nothing to a network."),
    Deviation(
      26,
      "Fingerprint t. Episode over the number of episodes; in tests 1, for the early model 0.5; in meta-training its own episodes. "
        + "fingerprint = false leaves it out."),
    Deviation(
      27,
      "Power. 12 + 12 a dBm, cut to the range, with a normally distributed and its density that of the uncut number; powerMap = milliwatts "
        + "is the same in milliwatts."),
    Deviation(28, "Deviation of the power. From the network, its logarithm cut to -4...1, at the beginning -0.7."),
    Deviation(
      29,
      "Entropy. That of the choice and that of the uncut number are reported apart; the bonus is on their sum. Only the first has a lower "
        + "bound, and the second grows freely where powers are cut."),
    Deviation(
      30,
      "Averaging. The whole model after every 100 episodes, not behind the last; the optimisers' moments stay with each user (moments = "
        + "averaged: not). Tests at the end are made before and behind one more averaging."),
    Deviation(
      31,
      "Identity of users. Observations have none: users with equal networks then choose subchannels alike, and N!/((N-I)! N^I) bounds how "
        + "often they are free of collisions. agentIndex = true, and the schemes mfrl-index and mfrl-body, are not the paper's."),
    Deviation(32, "Optimiser. Adam (0.9, 0.999, 1e-8) in both algorithms, the gradient of each model cut at a norm of 0.5."),
    Deviation(
      33,
      "Learning rates. 3e-4 in adaptation and 1.5e-4 in meta-training, the printed ones' ratio; regime = printed takes 1e-6 and 5e-7, with "
        + "which no coordination is learnt in 1000 episodes."),
    Deviation(
      34,
      "Schedule of PPO. Five episodes a user, stepped side by side under one policy, then two passes over their 500 transitions in two "
        + "minibatches of 250 each; ratios cut at 0.2, advantages normalised in each minibatch."),
    Deviation(35, "Eq. 17. The critic regresses on returns with the discount of eq. 14; critic = equation17 takes r + V(o') without discount."),
    Deviation(36, "Eq. 18. Its sign is that of a maximum."),
    Deviation(37, "Eqs. 15 and 16. The usual clipped surrogate."),
    Deviation(
      38,
      "End of an episode. Truncation: the next observation has its value. As nothing that users do changes the channel, a discount of 0 is "
        + "enough; the schemes with 'bandit' in their name take it."),
    Deviation(
      39,
      "Meta-learning. Algorithm 1 as it is printed: one network for all users of all tasks, without inner steps; the text speaks of MAML."),
    Deviation(
      40,
      "Memory of the base station. The 1400 transitions of the 14 users of one episode of all tasks, four passes in minibatches of at most "
        + "256."),
    Deviation(41, "Sum reward of Fig. 3. The sum over tasks of the mean reward in an episode."),
    Deviation(42, "Length of meta-training. 300 episodes."),
    Deviation(43, "Learning rates of the benchmarks. The same for all schemes."),
    Deviation(44, "I in the observation. Kept for all schemes, though it is constant while users adapt, and 6 is none of the tasks' numbers."),
    Deviation(
      45,
      "Policy of the tests. Drawn from the learnt distribution; what the most probable choices give is recorded beside it. Averaged models "
        + "all choose alike then."),
    Deviation(46, "Fig. 7. Its caption and its text differ: columns for each scenario, and curves over the number of averagings."),
    Deviation(47, "Fig. 8. The same settings for all numbers of users."),
    Deviation(48, "Fig. 4. Episodes of adaptation; the text calls them episodes of meta-training."),
    Deviation(49, "The three scenarios of Figs. 4 and 5. InH, UMa and RMa; UMi is that of meta-training."),
    Deviation(
      50,
      "Networks. Two layers of 512 and 256 with ReLU, from which linear heads for choice, mean and deviation go on, and a critic with a "
        + "layer of 128; orthogonal initial weights."),
    Deviation(
      51,
      "Central allocation. Rectangular assignment on each link's best power, O(I^2 N): polynomial, not exponential in the number of users."),
    Deviation(
      52,
      "Initial weights. One network for all users of FRL, one for each user of MARL (commonStart = false: also of FRL). MFRL_early is "
        + "stored at half of the episodes, before the averaging that is due then."),
  ]
}
