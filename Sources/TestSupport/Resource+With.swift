package import Resources

extension Resource {
    /// The same with some attributes different.
    package func with(_ changes: [String: Value]) -> Resource {
        var resource = self
        resource.attributes.merge(changes) { $1 }
        return resource
    }
}
