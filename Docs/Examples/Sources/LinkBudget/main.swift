import Channels
import Foundation
import Tensor

// The downlink of a macro cell with a second station 1 km away: SINR and rate of every user, with and without Rayleigh fading.
// Tensor contributes nothing but the names of the random streams.

let users = 8
let slots = 10_000
let cell = Ring(center: .origin, inner: Meters(10), outer: Meters(500))
let interferer = Position(x: 1000, y: 0)
let power = PowerDBm(46)
let pathLoss = MacroPathLoss()
let noise = Watts(ThermalNoise(figure: Decibels(8)).power(in: Hertz(180e3)))

var generator = RandomStream(seed: 1, purpose: .drop).generator()
let positions = (0..<users).map { _ in cell.uniform(using: &generator) }

func received(from station: Position) -> [Float] {
  positions.map { Float(Watts(power - pathLoss.loss(at: $0.distance(to: station))).value) }
}

let signal = received(from: .origin)
let interference = received(from: interferer)
var sinr = [Float](repeating: 0, count: users)
var decibels = sinr
var rates = sinr
LinkQuality.sinr(signal: signal, interference: interference, noise: Float(noise.value), into: &sinr)
LinkQuality.decibels(of: sinr, into: &decibels)
LinkQuality.spectralEfficiency(sinr: sinr, into: &rates)

// Rayleigh fading multiplies each wanted power by an exponential number of mean one, a new one in every slot.
let fading = RandomStream(seed: 1, purpose: .fading)
var fadedRates = [Float](repeating: 0, count: users)
var meanRates = fadedRates
for slot in 0..<slots {
  var faded = [Float](repeating: 0, count: users)
  FadingDraws.fillExponential(&faded, in: 0..<users, stream: fading, step: slot)
  for user in 0..<users { faded[user] *= sinr[user] }
  LinkQuality.spectralEfficiency(sinr: faded, into: &fadedRates)
  for user in 0..<users { meanRates[user] += fadedRates[user] / Float(slots) }
}

print("distance/m  SINR/dB  bit/s/Hz  with fading")
for user in 0..<users {
  let distance = positions[user].distance(to: .origin).value
  print(String(format: "%10.0f %8.1f %9.2f %12.2f", distance, decibels[user], rates[user], meanRates[user]))
}

// Jensen's inequality from both sides: log2(1 + γ e^−0.5772) ≤ E log2(1 + γ X) ≤ log2(1 + γ) for an exponential X of mean one.
for user in 0..<users {
  let least = Float(Math.log2(1 + Double(sinr[user]) * Math.exp(-0.5772156649)))
  guard meanRates[user] > least - 0.1, meanRates[user] < rates[user] + 0.1 else {
    print("LinkBudget: the mean rate \(meanRates[user]) of user \(user) should lie between \(least) and \(rates[user])")
    exit(1)
  }
}
