package import Services

/// One thing that is wrong in an HCL file, or that is more than a literal value.
package struct HCLProblem: Error, Hashable, Sendable {
    /// As the file was named to the reader.
    package let file: String
    package let place: Place
    /// What is wrong and what to write instead; one line.
    package let message: String

    package init(file: String, place: Place, message: String) {
        self.file = file
        self.place = place
        self.message = message
    }
}
