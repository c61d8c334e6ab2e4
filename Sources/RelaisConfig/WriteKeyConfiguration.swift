/// A write key as the configuration gives it: itself, or its hash. Shown as its placeholder only.
package struct WriteKeyConfiguration: Sendable, CustomStringConvertible, CustomReflectable {
    package enum Form: Sendable, Hashable {
        case plain(String)
        /// The 32 bytes of the key's SHA-256, from `sha256:` and 64 hexadecimal digits.
        case sha256([UInt8])
    }

    package let form: Form
    /// What may be shown: the reference as written, `<secret>`, or the first digits of a hash.
    package let placeholder: String

    /// Nil when the text starts with `sha256:` and is no hash.
    package init?(_ secret: Secret) {
        guard secret.value.hasPrefix(Self.prefix) else {
            form = .plain(secret.value)
            placeholder = secret.placeholder
            return
        }
        let digits = secret.value.dropFirst(Self.prefix.count)
        guard let digest = Self.bytes(digits) else { return nil }
        form = .sha256(digest)
        let isLiteral = secret.placeholder == Secret.mask
        placeholder = isLiteral ? "\(Self.prefix)\(digits.prefix(8).lowercased())…" : secret.placeholder
    }

    package var description: String { placeholder }
    package var customMirror: Mirror { Mirror(self, children: ["placeholder": placeholder]) }

    /// The key itself; nil where only its hash is known.
    package var plainText: String? {
        guard case .plain(let text) = form else { return nil }
        return text
    }

    static let prefix = "sha256:"

    private static func bytes(_ digits: Substring) -> [UInt8]? {
        guard digits.utf8.count == 64, digits.utf8.allSatisfy({ Character(Unicode.Scalar($0)).isHexDigit }) else {
            return nil
        }
        var result: [UInt8] = []
        var rest = digits
        while !rest.isEmpty {
            guard let byte = UInt8(rest.prefix(2), radix: 16) else { return nil }
            result.append(byte)
            rest = rest.dropFirst(2)
        }
        return result
    }
}
