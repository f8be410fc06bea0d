/// The number of insertions, deletions, substitutions and swaps of neighbours that turn one text into another
/// (optimal string alignment distance). O(n m).
func editDistance(_ first: String, _ second: String) -> Int {
  let a = Array(first.utf8)
  let b = Array(second.utf8)
  var rows = Array(repeating: Array(repeating: 0, count: b.count + 1), count: a.count + 1)
  for j in 0...b.count { rows[0][j] = j }
  for i in 0...a.count { rows[i][0] = i }
  for i in stride(from: 1, through: a.count, by: 1) {
    for j in stride(from: 1, through: b.count, by: 1) {
      var best = min(rows[i - 1][j] + 1, rows[i][j - 1] + 1, rows[i - 1][j - 1] + (a[i - 1] == b[j - 1] ? 0 : 1))
      if i > 1, j > 1, a[i - 1] == b[j - 2], a[i - 2] == b[j - 1] { best = min(best, rows[i - 2][j - 2] + 1) }
      rows[i][j] = best
    }
  }
  return rows[a.count][b.count]
}

/// The known name closest to `name`, without regard to case; the first of several. The beginning of a name is as close as one letter. Nil when nothing is known.
func nearestName(to name: String, in known: [String]) -> String? {
  let wanted = name.lowercased()
  var best: (name: String, distance: Int)?
  for candidate in known {
    let lower = candidate.lowercased()
    let edits = editDistance(wanted, lower)
    let distance = !wanted.isEmpty && lower.hasPrefix(wanted) ? min(1, edits) : edits
    if best == nil || distance < best!.distance { best = (candidate, distance) }
  }
  return best?.name
}
