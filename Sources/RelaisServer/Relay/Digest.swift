internal import Crypto

/// SHA-256 as lower-case hex: what outcomes, receipts and configuration fingerprints are compared by.
enum Digest {
    static func sha256(_ bytes: [UInt8]) -> String {
        let hash = SHA256.hash(data: bytes)
        return String(unsafeUninitializedCapacity: 64) { text in
            for (index, byte) in hash.enumerated() {
                text[index * 2] = digit(byte >> 4)
                text[index * 2 + 1] = digit(byte & 15)
            }
            return 64
        }
    }

    private static func digit(_ value: UInt8) -> UInt8 {
        value < 10 ? UInt8(ascii: "0") + value : UInt8(ascii: "a") + value - 10
    }
}
