package import Resources

import Foundation

extension Value {
    /// The value as a JSON document whose text depends on nothing but the value: keys are sorted.
    ///
    /// A secret or a part that is not known yet has no place in a document and becomes `null`.
    package func jsonText(pretty: Bool = false) -> String {
        let encoder = JSONEncoder()
        encoder.outputFormatting = [.sortedKeys, .withoutEscapingSlashes]
        if pretty { encoder.outputFormatting.insert(.prettyPrinted) }
        guard let data = try? encoder.encode(self) else { return "null" }
        return String(decoding: data, as: UTF8.self)
    }
}
