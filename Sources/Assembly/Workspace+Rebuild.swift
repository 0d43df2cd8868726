package import Reconciling
package import Resources

extension Workspace {
    /// The specs' goal, seen from everywhere: what a service left that is in no spec any more may
    /// be where no spec speaks of.
    package func rebuildGoal() -> Goal {
        goal(lookingAt: others.filter(shelf.hasCredentials))
    }

    /// Providers that no spec needs and the environment has no credentials for.
    package var notLookedAt: [ProviderName] {
        others.filter { !shelf.hasCredentials(for: $0) }.sorted()
    }

    private var others: Set<ProviderName> { Set(ProviderName.allCases).subtracting(providers) }
}
