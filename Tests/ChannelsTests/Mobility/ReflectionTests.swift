import Channels
import Foundation
import Testing

@Suite struct ReflectionTests {
  /// A triangle wave: the coordinate between walls 0 and `length` whose unfolded value is `u`.
  private func folded(_ u: Double, _ length: Double) -> Double {
    abs(remainder(u, 2 * length))
  }

  @Test func aRectangleFoldsTheUnfoldedWay() {
    let region = Region.rectangle(Rectangle(center: Position(x: 30, y: -10), width: Meters(60), height: Meters(25)))
    var generator = Philox(seed: 51, counter: (0, 0, 0, 1))
    for _ in 0..<5000 {
      let start = region.uniform(using: &generator)
      let velocity = Velocity(MetersPerSecond(generator.uniform(0, 40)), heading: generator.uniform(0, 7))
      let time = generator.uniform(0, 100)
      var (position, now) = (start, velocity)
      region.reflect(&position, &now, for: Seconds(time))
      #expect(region.contains(position))
      #expect(abs(position.x - folded(start.x + velocity.x * time, 60)) < 1e-9)
      #expect(abs(position.y + 22.5 - folded(start.y + 22.5 + velocity.y * time, 25)) < 1e-9)
      // Walls turn signs only.
      #expect(abs(now.x) == abs(velocity.x) && abs(now.y) == abs(velocity.y))
      // And the direction is that of the slope of the wave.
      let step = 1e-6
      let slope = (folded(start.x + velocity.x * (time + step), 60) - folded(start.x + velocity.x * (time - step), 60)) / (2 * step)
      if abs(abs(slope) - abs(velocity.x)) < 1e-3 { #expect(abs(slope - now.x) < 1e-3) }
    }
  }

  @Test(arguments: RegionTests.regions) func nobodyLeavesAndTheWayCanBeWalkedBack(region: Region) {
    var generator = Philox(seed: 52, counter: (0, 0, 0, 1))
    let size = region.diameter.value
    for _ in 0..<500 {
      let start = region.uniform(using: &generator)
      let velocity = Velocity(MetersPerSecond(3), heading: generator.uniform(0, 7))
      var (position, now) = (start, velocity)
      let time = Seconds(generator.uniform(0, 2 * size))
      region.reflect(&position, &now, for: time)
      #expect(region.contains(position))
      #expect(abs(now.speed.value - 3) < 1e-12)
      // A mirror image of time: the reversed velocity leads back.
      var back = Velocity(x: -now.x, y: -now.y)
      region.reflect(&position, &back, for: time)
      #expect(position.distance(to: start).value < 1e-6 * size)
    }
  }

  @Test func chordsOfADiscAreThoseOfTheCircularBilliard() {
    // From the border at angle 0, with the velocity at angle a from the inward normal, hit k lies at angle k (π − 2a) or its negative.
    let disc = Region.disc(center: Position(x: 5, y: 5), radius: Meters(10))
    for a in [0.1, 0.5, 1.0, 1.5] {
      let chord = 20 * cos(a)
      for k in 1...40 {
        var position = Position(x: 15, y: 5)
        var velocity = Velocity(MetersPerSecond(2), heading: .pi - a)
        disc.reflect(&position, &velocity, for: Seconds((Double(k) + 0.5) * chord / 2))
        // Halfway between hits k and k + 1.
        let (from, to) = (Double(k) * (.pi - 2 * a), Double(k + 1) * (.pi - 2 * a))
        #expect(abs(position.x - 5 - 5 * (cos(from) + cos(to))) < 1e-8)
        #expect(abs(position.y - 5 - 5 * (sin(from) + sin(to))) < 1e-8)
      }
    }
  }

  @Test(arguments: [0.0, 4]) func circlesKeepTheAngularMomentum(inner: Double) {
    let ring = Region.ring(Ring(center: .origin, inner: Meters(inner), outer: Meters(10)))
    var generator = Philox(seed: 53, counter: (0, 0, 0, 1))
    for _ in 0..<100 {
      var position = ring.uniform(using: &generator)
      var velocity = Velocity(MetersPerSecond(1.3), heading: generator.uniform(0, 7))
      let momentum = abs(position.x * velocity.y - position.y * velocity.x)
      for _ in 0..<300 {
        ring.reflect(&position, &velocity, for: Seconds(3.7))
        #expect(ring.contains(position))
      }
      #expect(abs(abs(position.x * velocity.y - position.y * velocity.x) - momentum) < 1e-9)
      #expect(abs(velocity.speed.value - 1.3) < 1e-12)
    }
  }

  @Test func alongARadiusARingIsALine() {
    let ring = Region.ring(Ring(center: .origin, inner: Meters(4), outer: Meters(10)))
    for k in 0..<200 {
      var position = Position(x: 0, y: 5)
      var velocity = Velocity(x: 0, y: 1)
      ring.reflect(&position, &velocity, for: Seconds(Double(k) * 0.37))
      #expect(position.x == 0)
      #expect(abs(position.y - 4 - folded(1 + Double(k) * 0.37, 6)) < 1e-11)
    }
  }

  @Test func hexagonsReflectAtTheirSides() {
    let hexagon = Region.hexagon(Hexagon(inradius: Meters(10)))
    // Across: between opposite sides, in each of the three directions.
    for side in 0..<3 {
      let angle = Double(side) * .pi / 3
      for k in 0..<100 {
        var position = Position.origin
        var velocity = Velocity(MetersPerSecond(1), heading: angle)
        let time = Double(k) * 1.7
        hexagon.reflect(&position, &velocity, for: Seconds(time))
        let along = folded(10 + time, 20) - 10
        #expect(abs(position.x - along * cos(angle)) < 1e-9 && abs(position.y - along * sin(angle)) < 1e-9)
      }
    }
    // Around: through the middles of the sides, a hexagon of side 10 that closes after 60 m.
    var position = Position(x: 10, y: 0)
    var velocity = Velocity(MetersPerSecond(1), heading: 2 * .pi / 3)
    for k in 1...6 {
      hexagon.reflect(&position, &velocity, for: Seconds(10))
      let angle = Double(k) * .pi / 3
      #expect(abs(position.x - 10 * cos(angle)) < 1e-9 && abs(position.y - 10 * sin(angle)) < 1e-9)
    }
  }

  @Test(arguments: RegionTests.regions) func theWayDoesNotDependOnHowTimeIsCut(region: Region) {
    let size = region.diameter.value
    let start = region.clamped(Position(x: region.center.x + 0.13 * size, y: region.center.y + 0.21 * size))
    var (whole, cut) = (start, start)
    var (velocity, pieces) = (Velocity(x: 1.1, y: 0.3), Velocity(x: 1.1, y: 0.3))
    region.reflect(&whole, &velocity, for: Seconds(5 * size))
    for _ in 0..<1000 { region.reflect(&cut, &pieces, for: Seconds(0.005 * size)) }
    #expect(whole.distance(to: cut).value < 1e-8 * size)
  }

  @Test func velocitiesPointWhereTheyAreHeaded() {
    let velocity = Velocity(MetersPerSecond(2), heading: .pi / 6)
    #expect(abs(velocity.x - sqrt(3)) < 1e-15 && abs(velocity.y - 1) < 1e-15)
    #expect(Velocity(x: 3, y: -4).speed.value == 5)
  }

  @Test func timeDoesNotRunBackwards() async {
    await #expect(processExitsWith: .failure) {
      var position = Position.origin
      var velocity = Velocity.zero
      Region.disc(radius: Meters(1)).reflect(&position, &velocity, for: Seconds(-1))
    }
  }
}
