package import Resources
package import Services

/// A literal value, and where each part of it stands.
package struct HCLNode: Hashable, Sendable {
    package enum Content: Hashable, Sendable {
        case null
        case boolean(Bool)
        case number(HCLNumber)
        case text(String)
        case list([HCLNode])
        /// In the order of the file.
        case object([HCLEntry])
        /// What has no literal value; that was reported.
        case unread
    }

    package let content: Content
    package let place: Place

    package init(_ content: Content, _ place: Place) {
        self.content = content
        self.place = place
    }

    /// `nil` where something in it has no literal value.
    package var value: Value? {
        switch content {
        case .null: .null
        case .boolean(let flag): .boolean(flag)
        case .number(let number): number.value
        case .text(let text): .string(text)
        case .list(let nodes): nodes.values.map(Value.list)
        case .object(let entries):
            entries.map(\.value).values.map { values in
                .object(
                    Dictionary(zip(entries.map(\.key), values), uniquingKeysWith: { $1 }))
            }
        case .unread: nil
        }
    }
}

package struct HCLEntry: Hashable, Sendable {
    package let key: String
    package let place: Place
    package let value: HCLNode

    package init(_ key: String, _ place: Place, _ value: HCLNode) {
        self.key = key
        self.place = place
        self.value = value
    }
}

extension [HCLNode] {
    fileprivate var values: [Value]? {
        let values = compactMap(\.value)
        return values.count == count ? values : nil
    }
}
