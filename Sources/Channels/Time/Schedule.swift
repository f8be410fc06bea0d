/// What a schedule updates, ordered by its number: what comes later may depend on what came before in the same slot.
///
/// A paper pack may add components of its own above 1000.
public struct ScheduledComponent: RawRepresentable, Hashable, Comparable, Sendable {
  public let rawValue: Int
  public init(rawValue: Int) { self.rawValue = rawValue }

  /// Positions of moving nodes.
  public static let mobility = ScheduledComponent(rawValue: 1)
  /// Line-of-sight states.
  public static let lineOfSight = ScheduledComponent(rawValue: 2)
  /// Losses by distance.
  public static let pathLoss = ScheduledComponent(rawValue: 3)
  /// Shadowing.
  public static let shadowing = ScheduledComponent(rawValue: 4)
  /// Small-scale fading.
  public static let fading = ScheduledComponent(rawValue: 5)
  /// Tasks, packets and other demands.
  public static let traffic = ScheduledComponent(rawValue: 6)

  public static func < (a: ScheduledComponent, b: ScheduledComponent) -> Bool { a.rawValue < b.rawValue }
}

/// The structure of time: slots of one length, and how often each component changes.
///
/// ```swift
/// let schedule = Schedule(
///   slot: Milliseconds(1), [.mobility: .every(100), .pathLoss: .every(100), .shadowing: .every(100), .fading: .everySlot])
/// for update in schedule.updates(in: slot) { ... }
/// ```
///
/// A component of period n is updated in slots 0, n, 2n, ... Slot 0 is its first state, step 0; the update in slot k n is step k. So the
/// step that names a component's random numbers says how often it changed, not how long a slot is.
public struct Schedule: Hashable, Sendable {
  /// How often a component changes.
  public enum Period: Hashable, Sendable {
    /// In slot 0 only.
    case once
    /// Every so many slots.
    case every(Int)

    /// In every slot.
    public static let everySlot = Period.every(1)
  }

  /// One change of one component.
  public struct Update: Hashable, Sendable {
    public let component: ScheduledComponent
    /// How often the component changed before: the step of its random stream.
    public let step: Int
  }

  public let slot: Milliseconds
  private let components: [ScheduledComponent]
  private let periods: [Period]

  /// - Parameters:
  ///   - slot: The length of a slot.
  ///   - periods: The components in any order; what is missing is never updated.
  /// - Precondition: A slot is longer than zero, periods are positive, and no component comes twice.
  public init(slot: Milliseconds, _ periods: KeyValuePairs<ScheduledComponent, Period>) {
    precondition(slot.value > 0 && slot.value.isFinite, "Schedule: a slot needs a positive length, got \(slot.value) ms")
    let sorted = periods.sorted { $0.key < $1.key }
    for (place, entry) in sorted.enumerated() {
      if case .every(let count) = entry.value {
        precondition(count > 0, "Schedule: component \(entry.key.rawValue) has a period of \(count) slots")
      }
      precondition(place == 0 || sorted[place - 1].key != entry.key, "Schedule: component \(entry.key.rawValue) comes twice")
    }
    self.slot = slot
    components = sorted.map(\.key)
    self.periods = sorted.map(\.value)
  }

  /// The period of a component; nil if it is never updated.
  public func period(of component: ScheduledComponent) -> Period? {
    components.firstIndex(of: component).map { periods[$0] }
  }

  /// The time between two updates of a component; nil if there is at most one.
  public func interval(of component: ScheduledComponent) -> Seconds? {
    guard case .every(let count) = period(of: component) else { return nil }
    return Seconds(Milliseconds(slot.value * Double(count)))
  }

  /// The step of a component's update in a slot; nil if the slot does not update it.
  ///
  /// - Precondition: The slot is not negative.
  public func step(of component: ScheduledComponent, in slot: Int) -> Int? {
    precondition(slot >= 0, "Schedule: slots are counted from 0, got \(slot)")
    return period(of: component).flatMap { Schedule.step($0, slot) }
  }

  /// The step that names a component's state in a slot: that of its last update; nil if it is never updated.
  public func currentStep(of component: ScheduledComponent, in slot: Int) -> Int? {
    precondition(slot >= 0, "Schedule: slots are counted from 0, got \(slot)")
    switch period(of: component) {
    case nil: return nil
    case .once: return 0
    case .every(let count): return slot / count
    }
  }

  /// All updates of a slot in the order of the components. Allocates nothing.
  ///
  /// - Precondition: The slot is not negative.
  public func updates(in slot: Int) -> Updates {
    precondition(slot >= 0, "Schedule: slots are counted from 0, got \(slot)")
    return Updates(schedule: self, slot: slot)
  }

  private static func step(_ period: Period, _ slot: Int) -> Int? {
    switch period {
    case .once: slot == 0 ? 0 : nil
    case .every(let count): slot % count == 0 ? slot / count : nil
    }
  }

  /// The updates of one slot.
  public struct Updates: Sequence, IteratorProtocol, Sendable {
    let schedule: Schedule
    let slot: Int
    var place = 0

    init(schedule: Schedule, slot: Int) {
      self.schedule = schedule
      self.slot = slot
    }

    public mutating func next() -> Update? {
      while place < schedule.components.count {
        defer { place += 1 }
        if let step = Schedule.step(schedule.periods[place], slot) { return Update(component: schedule.components[place], step: step) }
      }
      return nil
    }
  }
}
