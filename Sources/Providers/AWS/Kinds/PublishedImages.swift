import HTTP
import Resources
import Synchronization

/// The images that are published now, each asked for once in a run: whatever a plan says of them
/// is what its execution takes.
final class PublishedImages: Sendable {
    private let known = Mutex<[ImageSource: String]>([:])

    func current(_ source: ImageSource, _ api: AWSAPI) async throws -> String {
        if let id = known.withLock({ $0[source] }) { return id }
        let id = try await source.currentID(api)
        return known.withLock { known in
            if let first = known[source] { return first }
            known[source] = id
            return id
        }
    }
}

extension EC2 {
    /// The same machines, each with what a replacement would be made from where that is newer.
    ///
    /// A note and no more, so nothing fails for it: without an answer there is none.
    func notingNewerImages(of found: [ObservedResource]) async throws -> [ObservedResource] {
        var noted = found
        for index in noted.indices where noted[index].address.kind == Instance.kind.name {
            guard let source = ImageSource(of: noted[index]),
                let current = try await published(source),
                noted[index]["image_id"] != .string(current)
            else { continue }
            noted[index].attributes["newer_image"] = .string(current)
        }
        return noted
    }

    private func published(_ source: ImageSource) async throws -> String? {
        do {
            return try await images.current(source, api)
        } catch is AWSError {
            return nil
        } catch is HTTPError {
            return nil
        } catch is ProviderError {
            return nil
        }
    }
}
