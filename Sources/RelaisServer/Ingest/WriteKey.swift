internal import Crypto
internal import Foundation
internal import RelaisIngest

/// Write keys as requests show them.
enum WriteKey {
    /// The key of `Authorization: Bearer <key>`, or of Basic with the key as user name (Segment SDKs); empty when the header
    /// says neither, nil when the request shows none.
    static func shown(by request: IncomingRequest) -> String? {
        guard let header = request.header("authorization") else { return nil }
        let text = header.utf8.drop(while: isBlank)
        guard let gap = text.firstIndex(where: isBlank) else { return "" }
        let scheme = text[..<gap]
        var value = text[gap...].drop(while: isBlank)
        while let last = value.last, isBlank(last) { value.removeLast() }
        if matches(scheme, "bearer") { return String(Substring(value)) }
        if matches(scheme, "basic") { return Data(base64Encoded: Data(value)).map(userName) ?? "" }
        return ""
    }

    /// What keys are compared by: hashes have one length, and a configuration may give nothing else.
    static func digest(_ key: String) -> [UInt8] { Array(SHA256.hash(data: Array(key.utf8))) }

    /// Compares in a time that does not depend on where the bytes differ.
    static func areEqual(_ left: [UInt8], _ right: [UInt8]) -> Bool {
        guard left.count == right.count else { return false }
        var difference: UInt8 = 0
        for index in left.indices { difference |= left[index] ^ right[index] }
        return difference == 0
    }

    private static func isBlank(_ byte: UInt8) -> Bool { byte == 0x20 || byte == 0x09 }

    /// `name` is in lower case.
    private static func matches(_ scheme: Substring.UTF8View, _ name: StaticString) -> Bool {
        guard scheme.count == name.utf8CodeUnitCount else { return false }
        return zip(scheme, UnsafeBufferPointer(start: name.utf8Start, count: name.utf8CodeUnitCount))
            .allSatisfy { $0 | 0x20 == $1 }
    }

    private static func userName(_ credentials: Data) -> String {
        String(decoding: credentials.prefix { $0 != UInt8(ascii: ":") }, as: UTF8.self)
    }
}
