/// The allowed word that was probably meant: at most a third of its letters differ.
package func nearestMatch(to word: String, among allowed: [String]) -> String? {
    let word = word.lowercased()
    let ranked = allowed.map { (distance: editDistance(word, $0.lowercased()), name: $0) }
    guard let best = ranked.min(by: { ($0.distance, $0.name) < ($1.distance, $1.name) }),
        best.distance <= max(1, best.name.count / 3)
    else { return nil }
    return best.name
}

/// How many letters must be put in, taken out, exchanged or swapped with their neighbour to make
/// one word of the other (the optimal string alignment distance).
package func editDistance(_ first: String, _ second: String) -> Int {
    let first = Array(first)
    let second = Array(second)
    var beforePrevious: [Int] = []
    var previous = Array(0...second.count)
    for (row, letter) in first.enumerated() {
        var current = [row + 1]
        for (column, other) in second.enumerated() {
            let replaced = previous[column] + (letter == other ? 0 : 1)
            var distance = min(replaced, previous[column + 1] + 1, current[column] + 1)
            if row > 0, column > 0, letter == second[column - 1], first[row - 1] == other {
                distance = min(distance, beforePrevious[column - 1] + 1)
            }
            current.append(distance)
        }
        beforePrevious = previous
        previous = current
    }
    return previous[second.count]
}
