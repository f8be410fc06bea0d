/// Where this pack departs from the paper or fills a gap of it. `Docs/Papers/mimo/README.md` holds the same list.
enum MulticellDeviations {
  static let list: [Deviation] = [
    Deviation(
      1,
      "Equation 15 is no maximiser of equation 13. It is iterated literally; at a fixed point the derivatives of equation 13 over the channels in use are "
        + "equal, and the point is a local minimum of it along the budget."),
    Deviation(2, "Denominator of equation 15. c - phi p = c + |phi| p cannot vanish; nothing is clamped."),
    Deviation(3, "Noise levels of equation 15 may be negative, and are filled as they are."),
    Deviation(4, "Water level. Exact, by sorting."),
    Deviation(5, "Sign of equation 16: minus. lookAhead = constant sets a constant derivative; 0 is iterative water-filling."),
    Deviation(6, "Interference of an iteration. From the powers of all users after the iteration before."),
    Deviation(7, "Order. All users move at once."),
    Deviation(8, "Damping. None."),
    Deviation(
      9,
      "Convergence. No criterion is given: figure 9 shows 100 iterations; the library's criterion is a greatest step of 0.001 of the budget, at most 100 "
        + "iterations."),
    Deviation(10, "k. Not given: 10 iterations in a slot (moves); 2, 5 and 20 are variants."),
    Deviation(11, "Budget. A user has an equal share of his cell's, equation 14."),
    Deviation(12, "Channels. Elements are CN(0, a), independent over channels, users and blocks; a = 1 within a cell and 1 / SIR between cells."),
    Deviation(
      13,
      "Gains are drawn by what they depend on: the Gram matrix of a cell's channels, and the part of other channels in the span of the beams. The joint law is that "
        + "of beams computed from channels."),
    Deviation(14, "SNR per slot, user and channel. P = 100 N_f for a user and slot with noise 1; budget has three other readings."),
    Deviation(15, "Roll-over of equation 5. Kept, and without effect: water-filling and shares spend all that they may."),
    Deviation(
      16,
      "Slots. Section V says that a block is one slot, where T could have no effect. Here an episode is a block of T slots with fixed channels, and the capacity "
        + "is the mean over them. Figure 8 takes the first T of 20 slots; training always has T = 10."),
    Deviation(17, "Random allocation. A uniform number for each channel, scaled to the user's budget (start)."),
    Deviation(18, "Arbitrary initialisation of FLWF. The random allocation: anew in every slot (flwf), or once a block and continued (flwf-carry)."),
    Deviation(19, "SSWF. Each user fills over noise over own gain."),
    Deviation(
      20,
      "Actions. Shares of a user's budget, by a softmax over its channels of 3 tanh(z / 3), z less its mean over them (logits); noise is added to shares, which are cut at 1e-6 and scaled to a "
        + "sum of one. What is stored was done. The actor's last layer begins at a tenth."
    ),
    Deviation(
      21,
      "Inputs. Half the logarithm of c and the logarithm of g: the game depends on channels and beams through gains alone. flatInput = channels is equation 17."
    ),
    Deviation(
      22,
      "Encoders. Not described: one network for each user and channel that also sees the means over its user's channels, its channel's users and the cell; critics "
        + "average over them. encoder = flat is the literal reading. TD3-MIX alone has flat networks of 128 units on gains."),
    Deviation(23, "First state of a block. The interference of a random allocation."),
    Deviation(24, "One actor and one pair of critics serve all cells, without the cell's number."),
    Deviation(25, "Mixing. The sum of the cells' values; mix = monotone is QMIX on the logarithms that all cells see."),
    Deviation(26, "Line 13 of the algorithm. Squared, and with the stored action in place of a fresh one."),
    Deviation(
      27, "Line 14. Every second update moves the actor and all targets; tau 0.005, noise 0.1 and its limit 0.2 on target shares."),
    Deviation(28, "Line 15. The gradient is that of the mixed value."),
    Deviation(
      29,
      "Targets. Equation 22 has two terms, line 12 bootstraps: line 12, with gamma 0.99; rewards have mean 0 and deviation 1 over the replay buffer."),
    Deviation(30, "TD3-MIX alone. No future: its target is the standardised mean capacity of the slot, without iterations of the game."),
    Deviation(
      31,
      "Amount of learning. Not given: 1000 slots, the first 200 at random, a buffer of 2000; the end of a block is a truncation through which targets bootstrap."
    ),
    Deviation(32, "Reward. With the true interference after the k iterations, which the belief equals there."),
    Deviation(33, "Axes of figures 5 to 8 are not in the text: (16, 8) is added; 4 to 12 channels; 0 to 9 dB; 1 to 20 slots."),
    Deviation(
      34,
      "Choice among trainings. Not of the paper: learning ends in one of two conventions, to stay on the channels that the game left or to move to those of the "
        + "others, and the first updates decide in which. Four trainings begin side by side (candidates); after 500 slots (trialSlots) that with the greatest "
        + "mean reward in the last fifth of them goes on alone. candidates = 1 is a single training."),
  ]
}
