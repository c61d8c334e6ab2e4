internal import Crypto
internal import Foundation

/// Looks for people's data in bytes: as text, as a phone number, and as the hash of a text that was not brought into a
/// normal form first, in hexadecimal digits, in base64 and as 32 bytes.
package struct PersonalDataScan: Sendable {
    private static let phoneLength = 9
    private static let base64Length = 43

    private var phones: Set<String> = []
    private var phoneTexts: [String] = []
    private var hexHashes: Set<String> = []
    private var base64Hashes: Set<String> = []
    private var digests: Set<UInt64> = []

    package init(_ people: [RandomPerson]) {
        for person in people {
            phones.insert(person.phoneDigits)
            phoneTexts.append(person.phone)
            for text in person.texts + [person.phone] {
                let digest = Array(SHA256.hash(data: Data(text.utf8)))
                hexHashes.insert(digest.map { String(UInt16($0) + 256, radix: 16).dropFirst() }.joined())
                base64Hashes.insert(Self.urlSafe(Data(digest).base64EncodedString().prefix(Self.base64Length)))
                digests.insert(Self.number(digest[...]))
            }
        }
    }

    /// What was found, with what stands around it; at most one finding of each kind.
    package func findings(in bytes: [UInt8]) -> [String] {
        let found: [(String, Int?)] = [
            ("text", tag(bytes)), ("phone", phone(bytes)), ("hash", hexHash(bytes)), ("hash", base64Hash(bytes)),
            ("digest", digest(bytes)),
        ]
        return found.compactMap { kind, place in place.map { "\(kind): \(Self.context(bytes, $0))" } }
    }

    private func tag(_ bytes: [UInt8]) -> Int? {
        Self.place(of: RandomPerson.tag, in: bytes.map { (0x41...0x5A).contains($0) ? $0 | 0x20 : $0 })
    }

    private func phone(_ bytes: [UInt8]) -> Int? {
        for text in phoneTexts {
            if let place = Self.place(of: text, in: bytes) { return place }
        }
        let isDigit: (UInt8) -> Bool = { (0x30...0x39).contains($0) }
        return Self.firstRun(of: isDigit, in: bytes, 9...15) { run in
            Self.windows(String(decoding: run, as: UTF8.self), Self.phoneLength).contains { phones.contains($0) }
        }
    }

    private func hexHash(_ bytes: [UInt8]) -> Int? {
        let isHex: (UInt8) -> Bool = { (0x30...0x39).contains($0) || (0x61...0x66).contains($0 | 0x20) }
        return Self.firstRun(of: isHex, in: bytes, 64...1_024) { run in
            Self.windows(String(decoding: run, as: UTF8.self).lowercased(), 64).contains { hexHashes.contains($0) }
        }
    }

    private func base64Hash(_ bytes: [UInt8]) -> Int? {
        Self.firstRun(of: Self.isBase64, in: bytes, Self.base64Length...1_024) { run in
            Self.windows(Self.urlSafe(String(decoding: run, as: UTF8.self)[...]), Self.base64Length).contains {
                base64Hashes.contains($0)
            }
        }
    }

    private func digest(_ bytes: [UInt8]) -> Int? {
        guard bytes.count >= 32 else { return nil }
        var number = Self.number(bytes[..<8])
        for place in 8..<bytes.count {
            if digests.contains(number) { return place - 8 }
            number = number << 8 | UInt64(bytes[place])
        }
        return nil
    }

    // MARK: Bytes

    private static func place(of text: String, in bytes: [UInt8]) -> Int? {
        Data(bytes).range(of: Data(text.utf8))?.lowerBound
    }

    /// Where the first run of such bytes begins that has a length of the range and passes the test.
    private static func firstRun(
        of isMember: (UInt8) -> Bool,
        in bytes: [UInt8],
        _ lengths: ClosedRange<Int>,
        where test: (ArraySlice<UInt8>) -> Bool
    ) -> Int? {
        var start = 0
        for end in 0...bytes.count {
            if end < bytes.count, isMember(bytes[end]) { continue }
            if lengths.contains(end - start), test(bytes[start..<end]) { return start }
            start = end + 1
        }
        return nil
    }

    private static func windows(_ text: String, _ length: Int) -> [String] {
        let bytes = Array(text.utf8)
        guard bytes.count >= length else { return [] }
        return (0...(bytes.count - length)).map { String(decoding: bytes[$0..<($0 + length)], as: UTF8.self) }
    }

    private static func urlSafe(_ text: Substring) -> String {
        String(text).replacing("+", with: "-").replacing("/", with: "_")
    }

    private static func isBase64(_ byte: UInt8) -> Bool {
        (0x30...0x39).contains(byte) || (0x61...0x7A).contains(byte | 0x20) || [0x2B, 0x2D, 0x2F, 0x5F].contains(byte)
    }

    private static func number(_ bytes: ArraySlice<UInt8>) -> UInt64 {
        bytes.prefix(8).reduce(0) { $0 << 8 | UInt64($1) }
    }

    private static func context(_ bytes: [UInt8], _ place: Int) -> String {
        String(decoding: bytes[max(0, place - 60)..<min(bytes.count, place + 100)], as: UTF8.self)
    }
}
