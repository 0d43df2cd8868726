package import Resources
package import Services

extension ServiceSpec {
    /// Where its way ends: what has no public name has nothing to answer at.
    package var lastStage: ServingStage {
        publicAccess == nil || kind == .worker ? .applicationHealthy : .serving
    }
}
