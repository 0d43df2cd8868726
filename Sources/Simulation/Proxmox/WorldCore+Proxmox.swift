import OrderedCollections
import Resources

extension WorldCore {
    /// The simulated cluster, for tests that look into it or change it.
    package var proxmox: SimulatedProxmox? { vendors[.proxmox] as? SimulatedProxmox }
}
