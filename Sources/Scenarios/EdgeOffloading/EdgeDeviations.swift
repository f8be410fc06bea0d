/// Where this pack departs from the paper or fills a gap of it. `Docs/Papers/mec/README.md` holds the same list.
enum EdgeDeviations {
  static let list: [Deviation] = [
    Deviation(1, "Number of cells. Section II-A counts M from 0 to M, sums run over M: six small cells, and the macro cell of Fig. 1 is no agent."),
    Deviation(
      2,
      "Places of small cells. 'Randomly deployed': independent and uniform in the rectangle, overlap allowed, users uniform in area "
        + "within the radius and served by their own cell even if another is nearer. minimumSeparation keeps base stations apart."),
    Deviation(3, "Least distance between a user and his base station. Not given: 10 m (minimumDistance)."),
    Deviation(
      4,
      "Path loss. 'log' is read to the base 10 with d in kilometres; no shadowing, antenna gain or noise figure, of which the paper has "
        + "none."),
    Deviation(
      5,
      "Block Rayleigh fading. A new gain of mean one for every slot, link and channel; of links to other cells only the used channel's "
        + "gain matters, and one is drawn."),
    Deviation(6, "Noise. -174 dBm/Hz over 10 MHz: -104 dBm at every base station."),
    Deviation(7, "Interference, eq. 1. The sum is over users of other cells on the same channel who offload; the formula has no channel indicator."),
    Deviation(
      8,
      "What holds for how long. Positions are drawn once a seed and shared by all schemes; tasks are drawn anew in every slot (tasks = "
        + "episode holds them for an episode, positions = everyEpisode moves everybody)."),
    Deviation(9, "Kilobytes. 1000 bytes (bytesPerKilobyte)."),
    Deviation(10, "Work of a task. Its bits times cycles per bit, both uniform and independent; energy coefficients per gigacycle."),
    Deviation(
      11,
      "Deadline. 0.9 times the local time at the user's own processor; met if the slack is at least -1 ns, so that an offloaded tenth is "
        + "in time."),
    Deviation(12, "Actors' outputs. Squashed to 0...1 (by tanh, whose argument is half of a sigmoid's)."),
    Deviation(13, "Offloading ratio. The output itself, exactly 0 or 1 only where noise is clipped; partMap = stretched maps 1.2 a - 0.1, clipped."),
    Deviation(
      14,
      "Channels (C4, C5). channelMap = scalar: one output x a user, channel floor(K x), the next free one if it is taken, users in order "
        + "of their index. channelMap = score: K outputs a user, the best free channel in that order, or by assignment of the greatest sum."),
    Deviation(15, "More users than channels. Who finds none computes locally and disturbs nobody."),
    Deviation(16, "A ratio of zero. Power, share and channel are then none."),
    Deviation(17, "Dead links. A transmission is cut off after transmissionLimit = 10 s, with its energy; 0 never cuts."),
    Deviation(18, "Power. The output times the greatest power."),
    Deviation(
      19,
      "Shares of the server (C7). Softmax over the offloading users of shareScale (x - 0.5), so that shares differ by a factor of e at "
        + "most; shareMap = ratio divides outputs by their sum."),
    Deviation(20, "Interference in the state. What was measured in the slot before; in the first one noise alone."),
    Deviation(21, "Scaling of the state. (10 lg h + 110) / 15, (10 lg (I + N) + 134) / 20, tasks to -1...1."),
    Deviation(22, "The deadline in the state. Kept, although it says nothing that the work does not say while all processors are alike."),
    Deviation(23, "Joules and seconds are added with weight one, as eq. 12 does."),
    Deviation(
      24,
      "Revenue and penalty. beta = 1, and the penalty is cut at -1 in the reward that is learnt from (penaltyCap; 0 never cuts): no "
        + "finite beta is otherwise above every penalty. Reported rewards are not cut."),
    Deviation(25, "Scale of the learnt reward. Divided by the users of a cell, for all schemes (rewardScale = none: not)."),
    Deviation(
      26,
      "System reward (eq. 12, Fig. 4). The sum of all cells' local rewards. MA-DRL learns from its mean over cells (jointReward = system: from the "
        + "sum), so that values lie within about 10 for all schemes; the constant changes no optimum. Local rewards of MA-DRL (Fig. 5) are its cells' "
        + "shares."),
    Deviation(27, "Reward of IL-DRL. Not given: the local one, eq. 23."),
    Deviation(28, "Eq. 16 and the target of F-DRL. s^j is read as the successor."),
    Deviation(29, "Eq. 19. Ascent, although the sign is that of descent."),
    Deviation(30, "End of an episode. None is terminal: the last successor keeps its value."),
    Deviation(
      31,
      "Exploration. Algorithms 1 and 2 have none: 200 slots of random actions, then normal noise on the outputs whose deviation falls "
        + "from 0.2 to 0.02 over 60 % of the slots."),
    Deviation(32, "Length of learning. 200 episodes of 50 slots, a round of F-DRL every 5 episodes."),
    Deviation(33, "Networks. 'Three layers' are input, 64 hidden units with ReLU, output; the critic takes actions beside states."),
    Deviation(34, "Optimiser. Adam at 0.001 for both networks."),
    Deviation(
      35,
      "Saturation. The actor's loss has 0.001 times the mean square of the logits (logitPenalty), without which users are driven to an "
        + "offloading ratio of zero from which none returns."),
    Deviation(36, "Stored action. The outputs with noise, not what was made of them."),
    Deviation(
      37,
      "MA-DRL. One minibatch for all agents; the others' actions in the actor's loss are those of the replay, as in eq. 18. All critics "
        + "regress the same reward."),
    Deviation(
      38,
      "F-DRL. Averages actors and critics, not targets and not the optimisers' moments (moments = averaged); equal weights of the cells; "
        + "common initial weights, those of IL-DRL differ."),
    Deviation(39, "Updates. One a slot and agent."),
    Deviation(40, "Full offloading. Random channels without repetition in a cell in every slot, equal shares, greatest power."),
    Deviation(41, "Average energy. Joules per user and slot; edge energy is transmission plus the server's."),
    Deviation(42, "Latency guaranteed percentage. The share of users and slots whose time is within the deadline."),
    Deviation(43, "Figs. 6 and 7. Executed policies without noise over 5000 slots; means, and medians over slots in the tables."),
    Deviation(44, "Seeds. The paper names none; here every figure has intervals over layouts that all schemes share."),
    Deviation(
      45,
      "Aggregation. With a server, as in Fig. 3; aggregation = serverless lets every cell compute the same mean, clustered averages each "
        + "cell with its clusterSize nearest (section IV)."),
    Deviation(46, "Restricted situation (Fig. 7). Not defined: servers of 5 GHz, and six channels for ten users."),
  ]
}
