internal import Foundation
internal import RelaisEvent

/// A request as a command for a POSIX shell. Whatever the request holds stays data: it is quoted, and text that a terminal
/// would act on is written in base64.
struct CurlLine {
    private let request: HTTPRequest

    init(_ request: HTTPRequest) { self.request = request }

    var text: String {
        var words = ["curl", "--globoff", "-X", Self.quoted(request.method), Self.quoted(request.url)]
        for header in request.headers {
            words += ["-H", Self.quoted(header.value.isEmpty ? "\(header.name);" : "\(header.name): \(header.value)")]
        }
        guard !request.body.isEmpty || request.method == "POST" else { return words.joined(separator: " ") }
        if !request.headers.contains(where: { $0.name.lowercased() == "content-type" }) {
            words += ["-H", Self.quoted("Content-Type:")]
        }
        let body = String(validating: request.body, as: UTF8.self)
        if let body, Self.isPlain(body) { return (words + ["--data-raw", Self.quoted(body)]).joined(separator: " ") }
        return Self.decoded(request.body) + " | " + (words + ["--data-binary", "@-"]).joined(separator: " ")
    }

    /// One word of a shell.
    static func quoted(_ text: String) -> String {
        isPlain(text)
            ? "'" + text.replacing("'", with: "'\\''") + "'"
            : "\"$(" + decoded(Array(text.utf8)) + ")\""
    }

    private static func isPlain(_ text: String) -> Bool {
        TerminalText.sanitized(text, keepingNewlines: true) == text
    }

    private static func decoded(_ bytes: [UInt8]) -> String {
        "printf %s '\(Data(bytes).base64EncodedString())' | base64 -d"
    }
}
