/// Sorts the first `count` elements upwards in place, without memory of its own: by insertion up to 32, by a heap beyond, so in O(n log n).
///
/// The library's sort takes memory for long arrays.
func sortInPlace<Element: Comparable>(_ array: inout [Element], count: Int) {
  precondition(count >= 0 && count <= array.count, "sortInPlace: \(count) of \(array.count) elements")
  var elements = array.mutableSpan
  if count <= 32 {
    var end = 1
    while end < count {
      let element = unsafe elements[unchecked: end]
      var hole = end
      while hole > 0 {
        let before = unsafe elements[unchecked: hole - 1]
        if !(element < before) { break }
        unsafe elements[unchecked: hole] = before
        hole -= 1
      }
      unsafe elements[unchecked: hole] = element
      end += 1
    }
    return
  }
  var root = count / 2
  while root > 0 {
    root -= 1
    sink(from: root, below: count, &elements)
  }
  var end = count
  while end > 1 {
    end -= 1
    elements.swapAt(0, end)
    sink(from: 0, below: end, &elements)
  }
}

/// Restores the heap under `root`: no parent is below its children, 2 i + 1 and 2 i + 2.
private func sink<Element: Comparable>(from root: Int, below end: Int, _ elements: inout MutableSpan<Element>) {
  let element = elements[root]
  var hole = root
  while true {
    var child = 2 * hole + 1
    if child >= end { break }
    if child + 1 < end, elements[child] < elements[child + 1] { child += 1 }
    if !(element < elements[child]) { break }
    elements[hole] = elements[child]
    hole = child
  }
  elements[hole] = element
}
