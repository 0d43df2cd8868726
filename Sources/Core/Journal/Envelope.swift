import Resources

/// What every object of the state begins with: one line of JSON that says what follows.
struct EnvelopeHeader: Hashable, Sendable {
    /// The member that makes an object one of Launch's.
    static let kindKey = "launch_state"

    enum Kind: String, Sendable {
        case snapshot, entry, segment

        /// For people.
        var title: String { self == .entry ? "an entry" : "a \(rawValue)" }
    }

    let kind: Kind
    let formatVersion: Int
    let project: String
    let lineage: String
    /// The last entry that is in it.
    let position: Int
    let serial: Int
    /// SHA-256 of the rest of the header and the content as it is stored, in hexadecimal.
    var checksum = ""
    var encryption: EncryptionHeader?

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

    func checksum(of body: some Sequence<UInt8>, _ digests: any Digesting) throws -> String {
        var header = self
        header.checksum = ""
        return digests.sha256(try StateCoding.bytes(of: header) + body).hexadecimal
    }
}

/// Packs objects of the state and opens them, with every check that their header allows.
struct EnvelopeCodec: Sendable {
    let project: String
    let storageLocation: String
    let digests: any Digesting
    /// `nil` stores in clear.
    var cipher: (any StateCipher)?
    /// What else opens objects, while the key is being changed.
    var otherCiphers: [(any StateCipher)?] = []

    /// Where an object is, for people.
    func place(of key: String) -> String { "\(storageLocation)/\(key)" }

    func pack(
        _ content: some JSONCodable, as kind: EnvelopeHeader.Kind, lineage: String, position: Int,
        serial: Int
    ) async throws -> [UInt8] {
        var header = EnvelopeHeader(
            kind: kind, formatVersion: StateDocument.currentFormat, project: project,
            lineage: lineage, position: position, serial: serial)
        return try await seal(try StateCoding.bytes(of: content), under: &header)
    }

    /// The same object under the present key.
    func resealed(_ bytes: [UInt8], key: String) async throws -> [UInt8] {
        var (header, body) = try split(bytes, location: place(of: key))
        let text = try await plain(body, header, location: place(of: key))
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
        header.checksum = try header.checksum(of: body, digests)
        return try StateCoding.bytes(of: header) + [Self.lineEnd] + body
    }

    /// - Throws: `StateError`: `.corrupt`, `.newerFormat`, `.otherProject`, `.undecipherable`.
    func open<Content: JSONCodable>(
        _ bytes: [UInt8], as kind: EnvelopeHeader.Kind, key: String, type: Content.Type
    ) async throws -> (header: EnvelopeHeader, content: Content) {
        let location = place(of: key)
        let (header, body) = try split(bytes, location: location)
        guard header.kind == kind else {
            throw StateError.corrupt(
                location: location,
                detail: "it is \(header.kind.title), where \(kind.title) should be")
        }
        let text = try await plain(body, header, location: location)
        return (header, try StateCoding.read(type, from: text, location: location))
    }

    private static let lineEnd = UInt8(ascii: "\n")

    private func split(
        _ bytes: [UInt8], location: String
    ) throws -> (EnvelopeHeader, ArraySlice<UInt8>) {
        guard let end = bytes.firstIndex(of: Self.lineEnd),
            let json = Value(json: Array(bytes[..<end])),
            let format = json["format_version"]?.integer, json[EnvelopeHeader.kindKey] != nil
        else {
            throw StateError.corrupt(location: location, detail: "it is no state of Launch")
        }
        guard format <= StateDocument.currentFormat else {
            throw StateError.newerFormat(
                location: location, found: format, supported: StateDocument.currentFormat)
        }
        let body = bytes[(end + 1)...]
        guard let header = try? EnvelopeHeader(json: json),
            try header.checksum(of: body, digests) == header.checksum
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
        do {
            return try await plain(body, header, with: cipher, location: location)
        } catch let error as StateError {
            for other in otherCiphers {
                let text = try? await plain(body, header, with: other, location: location)
                if let text { return text }
            }
            throw error
        }
    }

    private func plain(
        _ body: ArraySlice<UInt8>, _ header: EnvelopeHeader, with cipher: (any StateCipher)?,
        location: String
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
