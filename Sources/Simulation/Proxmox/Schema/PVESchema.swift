/// The parameters of a method, or the properties of a property string, by name; `net[n]` stands for
/// `net0`, `net1`…
struct PVESchema: Sendable, ExpressibleByDictionaryLiteral {
    private(set) var parameters: [String: PVEParameter]

    init(dictionaryLiteral elements: (String, PVEParameter)...) {
        parameters = Dictionary(elements) { $1 }
    }

    static func + (one: PVESchema, other: PVESchema) -> PVESchema {
        var sum = one
        sum.parameters.merge(other.parameters) { $1 }
        return sum
    }

    /// The declaration of a name that the release knows.
    func parameter(_ name: String, in version: PVEVersion) -> PVEParameter? {
        guard let found = parameters[name] ?? indexed(name), found.since <= version else {
            return nil
        }
        return found
    }

    private func indexed(_ name: String) -> PVEParameter? {
        guard let (stem, index) = name.pveIndexed, let found = parameters["\(stem)[n]"],
            let count = found.count, index < count
        else { return nil }
        return found
    }

    /// - Returns: What is wrong with each of the values, in the server's words.
    func errors(in values: [String: [String]], version: PVEVersion) -> [String: String] {
        var errors: [String: String] = [:]
        for (name, value) in values {
            guard let parameter = parameter(name, in: version) else {
                errors[name] =
                    "property is not defined in schema and the schema does not allow additional "
                    + "properties"
                continue
            }
            if let companion = parameter.companion, values[companion] == nil {
                errors[companion] = "missing property required by '\(name)'"
            }
            if let error = parameter.error(in: value, at: name, version: version) {
                errors[name] = error
            }
        }
        for (name, parameter) in parameters
        where parameter.isRequired && parameter.since <= version && values[name] == nil {
            errors[name] = errors[name] ?? "property is missing and it is not optional"
        }
        return errors
    }
}

extension String {
    /// `net0` as `("net", 0)`.
    var pveIndexed: (stem: String, index: Int)? {
        let digits = reversed().prefix { $0.isASCII && $0.isNumber }.count
        let number = suffix(digits)
        guard let index = Int(number), String(index) == number, digits < count else { return nil }
        return (String(dropLast(digits)), index)
    }
}
