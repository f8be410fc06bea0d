/// A piece of work whose speed is measured.
struct SpeedCase {
  /// As in the table of speeds: `agents/td3-pendulum`.
  let name: String
  /// What is counted: "steps/s", "updates/s".
  let unit: String
  /// How many of these one call makes.
  let perCall: Double
  /// Floating-point operations of one call's matrix products, counted from the algorithm; nil where they do not tell its limit.
  let operations: Double?
  /// Sets the work up, past its warm-up, and returns the call.
  let prepare: () -> () -> Void

  init(_ name: String, unit: String, perCall: Double = 1, operations: Double? = nil, prepare: @escaping () -> () -> Void) {
    self.name = name
    self.unit = unit
    self.perCall = perCall
    self.operations = operations
    self.prepare = prepare
  }
}
