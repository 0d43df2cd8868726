import OrderedCollections
import Resources

extension WorldCore {
    package var github: SimulatedGitHub? { vendors[.github] as? SimulatedGitHub }
}
