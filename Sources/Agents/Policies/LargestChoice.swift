/// The place of the largest of `count` numbers from `start`; the first of equals.
func largest(_ values: [Float], _ start: Int, _ count: Int) -> Int32 {
  var best = 0
  for i in 1..<max(count, 1) where values[start + i] > values[start + best] { best = i }
  return Int32(best)
}

/// The place of the largest of `count` numbers from `start`, each with `factor` times its noise.
func largest(_ values: [Float], _ start: Int, _ count: Int, plus noise: [Float], from place: Int, times factor: Float) -> Int32 {
  var best = 0
  var top = values[start] + factor * noise[place]
  for i in 1..<max(count, 1) where values[start + i] + factor * noise[place + i] > top {
    top = values[start + i] + factor * noise[place + i]
    best = i
  }
  return Int32(best)
}
