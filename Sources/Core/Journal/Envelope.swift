import Foundation
import Resources

/// What every object of the state begins with: one line of JSON that says what follows.
struct EnvelopeHeader: Hashable, Sendable, Codable {
    enum Kind: String, Sendable, Codable {
        case snapshot, entry, segment
    }

    let kind: Kind
    let formatVersion: Int
    let project: String
    let lineage: String
    /// The last entry that is in it.
    let position: Int
    let serial: Int
    /// SHA-256 of the identity and the content as it is stored, in hexadecimal.
    var checksum = ""
    var encryption: EncryptionHeader?

    private enum CodingKeys: String, CodingKey {
        case kind = "launch_state"
        case formatVersion = "format_version"
        case project, lineage, position, serial
        case checksum = "sha256"
        case encryption
    }

    /// What the content is bound to: it is no valid content of any other object.
    var identity: [UInt8] {
        Array(
            """
            \(kind.rawValue)
            \(formatVersion)
            \(project)
            \(lineage)
            \(position)
            \(serial)

            """.utf8)
    }
}

/// Packs objects of the state and opens them, with every check that their header allows.
struct EnvelopeCodec: Sendable {
    let project: String
    let storageLocation: String
    let digests: any Digesting
    /// `nil` stores in clear.
    var cipher: (any StateCipher)?

    /// Where an object is, for people.
    func place(of key: String) -> String { "\(storageLocation)/\(key)" }

    func pack(
        _ content: some Encodable, as kind: EnvelopeHeader.Kind, lineage: String, position: Int,
        serial: Int
    ) async throws -> [UInt8] {
        var header = EnvelopeHeader(
            kind: kind, formatVersion: StateDocument.currentFormat, project: project,
            lineage: lineage, position: position, serial: serial)
        return try await seal(Array(try StateCoding.encoder().encode(content)), under: &header)
    }

    /// The same object under this codec's key.
    /// - Parameter old: opens it. An object that it cannot open is none of its generation: `nil`.
    func reseal(
        _ bytes: [UInt8], from old: EnvelopeCodec, key: String
    ) async throws -> [UInt8]? {
        var (header, body) = try split(bytes, location: place(of: key))
        guard let text = try? await old.plain(body, header, location: place(of: key)) else {
            return nil
        }
        header.encryption = nil
        return try await seal(text, under: &header)
    }

    private func seal(
        _ text: [UInt8], under header: inout EnvelopeHeader
    ) async throws -> [UInt8] {
        var body = text
        if let cipher {
            let sealed = try await cipher.seal(text, context: header.identity)
            header.encryption = sealed.header
            body = sealed.bytes
        }
        header.checksum = digests.sha256(header.identity + body).hexadecimal
        return Array(try StateCoding.encoder().encode(header)) + [Self.lineEnd] + body
    }

    /// - Throws: `StateError`: `.corrupt`, `.newerFormat`, `.otherProject`, `.undecipherable`.
    func open<Content: Decodable>(
        _ bytes: [UInt8], as kind: EnvelopeHeader.Kind, key: String, type: Content.Type
    ) async throws -> (header: EnvelopeHeader, content: Content) {
        let location = place(of: key)
        let (header, body) = try split(bytes, location: location)
        guard header.kind == kind else {
            throw StateError.corrupt(
                location: location, detail: "it is a \(header.kind), where a \(kind) should be")
        }
        let text = try await plain(body, header, location: location)
        do {
            return (header, try StateCoding.decoder().decode(type, from: Data(text)))
        } catch {
            throw StateError.corrupt(location: location, detail: "\(error)")
        }
    }

    private static let lineEnd = UInt8(ascii: "\n")

    private func split(
        _ bytes: [UInt8], location: String
    ) throws -> (EnvelopeHeader, ArraySlice<UInt8>) {
        guard let end = bytes.firstIndex(of: Self.lineEnd),
            let header = Value(json: Array(bytes[..<end])),
            let format = header["format_version"]?.integer, header["launch_state"] != nil
        else {
            throw StateError.corrupt(location: location, detail: "it is no state of Launch")
        }
        guard format <= StateDocument.currentFormat else {
            throw StateError.newerFormat(
                location: location, found: format, supported: StateDocument.currentFormat)
        }
        let read = Result {
            try StateCoding.decoder().decode(EnvelopeHeader.self, from: Data(bytes[..<end]))
        }
        let body = bytes[(end + 1)...]
        guard let header = try? read.get(),
            digests.sha256(header.identity + body).hexadecimal == header.checksum
        else {
            throw StateError.corrupt(
                location: location, detail: "it is damaged: its checksum is another")
        }
        guard header.project == project else {
            throw StateError.otherProject(
                location: location, found: header.project, expected: project)
        }
        return (header, body)
    }

    private func plain(
        _ body: ArraySlice<UInt8>, _ header: EnvelopeHeader, location: String
    ) async throws -> [UInt8] {
        switch (header.encryption, cipher) {
        case (nil, nil): return Array(body)
        case (let encryption?, let cipher?):
            return try await cipher.open(
                SealedText(header: encryption, bytes: Array(body)), context: header.identity,
                location: location)
        case (_?, nil):
            throw StateError.undecipherable(
                location: location,
                detail: "it is encrypted, and launch.yaml's `state.encryption` names no key")
        case (nil, _?):
            throw StateError.undecipherable(
                location: location,
                detail: "it is not encrypted, though launch.yaml's `state.encryption` names a key; "
                    + "`launch state rekey` encrypts it")
        }
    }
}
