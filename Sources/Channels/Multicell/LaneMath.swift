/// Eight networks at once.
typealias Lanes = SIMD8<Float>

/// The lanes of one place of an array whose fastest index is the lane.
@inline(__always)
func lanes(_ values: UnsafePointer<Float>, _ place: Int) -> Lanes {
  unsafe UnsafeRawPointer(values + place &* NetworkLanes.width).loadUnaligned(as: Lanes.self)
}

@inline(__always)
func lanes(_ values: UnsafeMutablePointer<Float>, _ place: Int) -> Lanes { unsafe lanes(UnsafePointer(values), place) }

@inline(__always)
func store(_ value: Lanes, _ values: UnsafeMutablePointer<Float>, _ place: Int) {
  unsafe UnsafeMutableRawPointer(values + place &* NetworkLanes.width).storeBytes(of: value, as: Lanes.self)
}

/// One number of each of eight rows of `stride` numbers.
@inline(__always)
func gathered(_ rows: UnsafePointer<Float>, _ stride: Int, _ place: Int) -> Lanes {
  let p = unsafe rows + place
  return unsafe Lanes(
    p[0], p[stride], p[2 &* stride], p[3 &* stride], p[4 &* stride], p[5 &* stride], p[6 &* stride], p[7 &* stride])
}
