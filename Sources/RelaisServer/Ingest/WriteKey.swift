internal import Foundation
internal import RelaisIngest

/// Write keys as requests show them.
enum WriteKey {
    /// The key of `Authorization: Bearer <key>`, or of Basic with the key as user name (Segment SDKs); nil when the
    /// request shows none.
    static func shown(by request: IncomingRequest) -> String? {
        guard let header = request.header("authorization") else { return nil }
        let parts = header.split(separator: " ", maxSplits: 1, omittingEmptySubsequences: true)
        guard parts.count == 2 else { return "" }
        let value = parts[1].trimmingCharacters(in: .whitespaces)
        switch parts[0].lowercased() {
        case "bearer": return value
        case "basic": return Data(base64Encoded: value).map(userName) ?? ""
        default: return ""
        }
    }

    /// Compares in a time that does not depend on where the texts differ.
    static func areEqual(_ lhs: String, _ rhs: String) -> Bool {
        let left = Array(lhs.utf8)
        let right = Array(rhs.utf8)
        guard !left.isEmpty, left.count == right.count else { return false }
        var difference: UInt8 = 0
        for index in left.indices { difference |= left[index] ^ right[index] }
        return difference == 0
    }

    private static func userName(_ credentials: Data) -> String {
        String(decoding: credentials.prefix { $0 != UInt8(ascii: ":") }, as: UTF8.self)
    }
}
