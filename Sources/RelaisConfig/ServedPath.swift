/// A path of the author's choice that the collector answers at.
enum ServedPath {
    static let fix = "write letters, digits, `.`, `-`, `_` and `/` only, e.g. /assets/a.js"

    /// Absolute, without empty or dot segments, at most 200 bytes, and none that means something already.
    static func isValid(_ path: String) -> Bool {
        guard path.hasPrefix("/"), path.utf8.count <= 200, path.utf8.allSatisfy(isPathByte) else { return false }
        let segments = path.dropFirst().split(separator: "/", omittingEmptySubsequences: false)
        return segments.allSatisfy { !$0.isEmpty && $0 != "." && $0 != ".." } && !isTaken(path)
    }

    private static func isTaken(_ path: String) -> Bool {
        ["/healthz", "/healthy", "/readyz", "/relais.js", "/gtm.js", "/gtag/js", "/gtag/destination"].contains(path)
            || path.hasPrefix("/v1/") || path.hasSuffix("/collect")
    }

    private static func isPathByte(_ byte: UInt8) -> Bool {
        switch byte {
        case UInt8(ascii: "a")...UInt8(ascii: "z"), UInt8(ascii: "A")...UInt8(ascii: "Z"),
            UInt8(ascii: "0")...UInt8(ascii: "9"), UInt8(ascii: "-"), UInt8(ascii: "_"), UInt8(ascii: "."),
            UInt8(ascii: "/"):
            true
        default: false
        }
    }
}
