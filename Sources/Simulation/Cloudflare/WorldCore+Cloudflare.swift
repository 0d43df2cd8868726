import OrderedCollections
import Resources

extension WorldCore {
    package var cloudflare: SimulatedCloudflare? { vendors[.cloudflare] as? SimulatedCloudflare }
}
