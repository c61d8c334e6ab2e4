private import Glibc

/// Replaces secrets in texts by `***`.
package struct SecretMask: Sendable {
    private let secrets: [[UInt8]]

    /// Longer secrets first, so that one that contains another is masked whole. Also their percent-encoded forms.
    package init(secrets: [String]) {
        let forms = Set(secrets.filter { !$0.isEmpty }.flatMap { [$0, PercentEncoding.encode($0.utf8)] })
        self.secrets = forms.sorted { ($0.utf8.count, $0) > ($1.utf8.count, $1) }.map { Array($0.utf8) }
    }

    package func apply(to text: String) -> String {
        secrets.isEmpty ? text : String(decoding: apply(to: Array(text.utf8)), as: UTF8.self)
    }

    package func apply(to bytes: [UInt8]) -> [UInt8] {
        secrets.reduce(bytes) { masked, secret in Self.replace(secret, in: masked) }
    }

    private static func replace(_ secret: [UInt8], in bytes: [UInt8]) -> [UInt8] {
        var result: [UInt8] = []
        var start = 0
        while let place = find(secret, in: bytes, from: start) {
            result.append(contentsOf: bytes[start..<place])
            result.append(contentsOf: "***".utf8)
            start = place + secret.count
        }
        guard start > 0 else { return bytes }
        result.append(contentsOf: bytes[start...])
        return result
    }

    private static func find(_ secret: [UInt8], in bytes: [UInt8], from start: Int) -> Int? {
        bytes.withUnsafeBytes { haystack in
            guard let base = haystack.baseAddress else { return nil }
            var from = start
            while haystack.count - from >= secret.count {
                let room = haystack.count - from - secret.count + 1
                guard let hit = memchr(base + from, Int32(secret[0]), room) else { return nil }
                let place = UnsafeRawPointer(hit) - base
                if memcmp(hit, secret, secret.count) == 0 { return place }
                from = place + 1
            }
            return nil
        }
    }
}
