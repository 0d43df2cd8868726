import OrderedCollections

/// What people do to keys without asking the API.
extension SimulatedKMS {
    /// Makes a key with that alias, with or without `alias/`, that the inventory does not count.
    /// - Returns: False when there is one.
    @discardableResult
    package func give(_ alias: String) -> Bool {
        let alias = alias.hasPrefix("alias/") ? alias : "alias/\(alias)"
        guard aliases[alias] == nil else { return false }
        aliases[alias] = addKey(description: "", isGiven: true).id
        return true
    }

    /// - Parameter name: An id, an ARN or an alias.
    /// - Returns: False when there is no such key.
    @discardableResult
    package func setEnabled(_ isEnabled: Bool, _ name: String) -> Bool {
        guard let key = try? key(name) else { return false }
        keys[key.id]?.isEnabled = isEnabled
        return true
    }
}
