internal import RelaisEvent

/// gtag's `em`: `tv.1~em.<hash>~pn.<hash>~fn0.<hash>~ct0.<text>…`, where a hash is a SHA-256 in base64url without
/// padding, and places are in clear, percent-encoded once more.
enum HashedUserData {
    static func read(_ text: Bytes, into userData: inout RawUserData) {
        var counts: [UserDataKind: Int] = [:]
        for piece in text.split(separator: UInt8(ascii: "~"), maxSplits: 99) {
            let piece = Bytes(rebasing: piece)
            guard piece.count > 3, let dot = piece.firstIndex(of: UInt8(ascii: ".")), dot >= 2,
                let field = fields[piece.slice(0..<2)]
            else { continue }
            let index = DecimalText.integer(piece.slice(2..<dot)).map { Int(clamping: $0) }
            let group = min(index ?? counts[field.kind, default: 0], 9)
            counts[field.kind, default: 0] += 1
            guard let text = field.hashed ? hex(piece.dropPrefix(dot + 1)) : decoded(piece.dropPrefix(dot + 1)) else {
                continue
            }
            userData.values.append(
                RawUserData.Value(kind: field.kind, text: text, hashed: field.hashed, group: group)
            )
        }
    }

    /// 64 lower-case hex digits; nil for gtag's error codes (`e0` … `e3`) and whatever else is not 32 bytes.
    private static func hex(_ text: Bytes) -> String? {
        guard text.count == 43 || text.count == 44, let digest = Base64Text.decode(text), digest.count == 32 else {
            return nil
        }
        let digits = Array("0123456789abcdef".utf8)
        return String(decoding: digest.flatMap { [digits[Int($0 >> 4)], digits[Int($0 & 15)]] }, as: UTF8.self)
    }

    private static func decoded(_ text: Bytes) -> String? {
        let decoded = PercentText.decode(text)
        return decoded.isEmpty ? nil : String(decoding: decoded, as: UTF8.self)
    }

    private static let fields = KeyTable<UserDataField>([
        ("em", UserDataField(kind: .email, hashed: true)), ("pn", UserDataField(kind: .phone, hashed: true)),
        ("fn", UserDataField(kind: .firstName, hashed: true)), ("ln", UserDataField(kind: .lastName, hashed: true)),
        ("sa", UserDataField(kind: .street, hashed: true)), ("ct", UserDataField(kind: .city)),
        ("rg", UserDataField(kind: .region)), ("pc", UserDataField(kind: .postalCode)),
        ("co", UserDataField(kind: .country)),
    ])
}
