import HTTP
import Resources

/// An error answer of GitHub's.
struct GitHubRefusal: Error {
    let status: Int
    let message: String
    var headers: [HTTPHeader] = []

    init(_ status: Int, _ message: String, headers: [HTTPHeader] = []) {
        self.status = status
        self.message = message
        self.headers = headers
    }

    static let notFound = GitHubRefusal(404, "Not Found")

    var response: HTTPResponse {
        .document(
            [
                "message": .string(message), "status": .string(String(status)),
                "documentation_url": "https://docs.github.com/rest",
            ], status: status, headers: headers)
    }
}
