import Foundation
import RelaisEvent
import RelaisTestKit
import Testing

@testable import RelaisServer

@Suite struct CurlLineTests {
    private static let hostile = "it's $(touch /x) `id` \"\\ !! #\n* ~ | ; &"

    /// What a shell makes of the line when `curl` prints its arguments, each ended by NUL.
    private func arguments(_ line: String) async throws -> [String] {
        let folder = try TemporaryDirectory()
        let script = "curl() { printf '%s\\0' \"$@\"; [ -p /dev/stdin ] && cat; return 0; }\n\(line)\n"
        let process = try ChildProcess(
            "/bin/sh",
            [try folder.write(script, to: "script")],
            output: folder.file("out"),
            errors: folder.file("err")
        )
        #expect(try await process.wait() == .exited(0))
        return TemporaryDirectory.text(of: folder.file("out")).split(separator: "\0", omittingEmptySubsequences: false)
            .map(String.init)
    }

    @Test func hostileTextStaysData() async throws {
        let request = HTTPRequest(
            method: "POST",
            url: "https://a.example/x?q='{[\(Self.hostile)",
            headers: [.init(name: "Content-Type", value: "text/plain"), .init(name: "X-Odd", value: Self.hostile)],
            body: Array("@\(Self.hostile)".utf8),
            isIdempotent: false
        )
        let words = try await arguments(CurlLine(request).text)
        #expect(
            words == [
                "--globoff", "-X", "POST", request.url, "-H", "Content-Type: text/plain", "-H",
                "X-Odd: \(Self.hostile)",
                "--data-raw", "@\(Self.hostile)", "",
            ]
        )
    }

    @Test(arguments: ["\u{1B}]0;owned\u{7}", "\u{202E}drowssap", "a\u{0}b"])
    func whatATerminalWouldActOnIsWrittenInBase64(_ text: String) async throws {
        let request = HTTPRequest(
            method: "POST",
            url: "https://a.example/",
            headers: [.init(name: "content-type", value: "x/\u{202E}y"), .init(name: "X-Empty", value: "")],
            body: Array(text.utf8),
            isIdempotent: false
        )
        let line = CurlLine(request).text
        #expect(TerminalText.sanitized(line) == line)
        let words = try await arguments(line)
        #expect(words.contains("content-type: x/\u{202E}y"))
        #expect(words.contains("X-Empty;"))
        #expect(words.joined(separator: "\0").hasSuffix("--data-binary\0@-\0" + text))
    }

    @Test func curlAddsNoContentTypeOfItsOwn() {
        let empty = HTTPRequest(method: "POST", url: "https://a.example/", headers: [], body: [], isIdempotent: false)
        #expect(CurlLine(empty).text.hasSuffix("-H 'Content-Type:' --data-raw ''"))
        let get = HTTPRequest(method: "GET", url: "https://a.example/", headers: [], body: [], isIdempotent: false)
        #expect(CurlLine(get).text == "curl --globoff -X 'GET' 'https://a.example/'")
    }
}
