internal import Crypto

/// The secret that the relay's own cookies are made with. Whoever has it could make cookies that the relay believes; nobody
/// can tell the visitors of two sites apart or together by them without it.
package struct CookieKey: Sendable {
    package static let byteCount = 32

    private let key: SymmetricKey

    /// nil unless there are 32 bytes.
    package init?(bytes: [UInt8]) {
        guard bytes.count == Self.byteCount else { return nil }
        key = SymmetricKey(data: bytes)
    }

    private init(key: SymmetricKey) { self.key = key }

    package static func random() -> CookieKey { CookieKey(key: SymmetricKey(size: .bits256)) }

    package var bytes: [UInt8] { key.withUnsafeBytes { Array($0) } }

    /// 32 bytes that only the key's owner can make, different for each purpose and site.
    func code(_ purpose: String, site: String, _ data: [UInt8]) -> [UInt8] {
        Array(HMAC<SHA256>.authenticationCode(for: Self.scope(purpose, site) + data, using: key))
    }

    /// Encrypted: nonce, ciphertext, tag.
    func seal(_ data: [UInt8], _ purpose: String, site: String) -> [UInt8]? {
        let scope = Self.scope(purpose, site)
        guard let box = try? AES.GCM.seal(data, using: sealingKey, authenticating: scope) else { return nil }
        return box.combined.map { Array($0) }
    }

    /// What was sealed for that purpose and site; nil for anything else.
    func open(_ sealed: [UInt8], _ purpose: String, site: String) -> [UInt8]? {
        let scope = Self.scope(purpose, site)
        guard let box = try? AES.GCM.SealedBox(combined: sealed),
            let data = try? AES.GCM.open(box, using: sealingKey, authenticating: scope)
        else { return nil }
        return Array(data)
    }

    private var sealingKey: SymmetricKey { SymmetricKey(data: code("seal", site: "", [])) }

    private static func scope(_ purpose: String, _ site: String) -> [UInt8] {
        Array(purpose.utf8) + [0] + Array(site.utf8) + [0]
    }
}
