/// One header field; names are lower case.
struct HeaderLine: Equatable, Sendable {
    let name: String
    let value: String

    init(_ name: String, _ value: String) {
        self.name = name.lowercased()
        self.value = value
    }
}

extension [HeaderLine] {
    /// The first value of that (lower-case) name.
    func value(_ name: String) -> String? {
        first { $0.name == name }?.value
    }

    /// The media type of `content-type` in lower case, without its parameters.
    var mediaType: String? {
        value("content-type").map { text in
            let type = text.prefix { $0 != ";" }
            return type.filter { !$0.isWhitespace }.lowercased()
        }
    }
}

extension HeaderLine {
    /// A token of RFC 9110.
    static func isFieldName(_ text: String) -> Bool {
        !text.isEmpty
            && text.utf8.allSatisfy { byte in
                (0x21...0x7E).contains(byte) && !"\"(),/:;<=>?@[\\]{}".utf8.contains(byte)
            }
    }

    /// Printable text without line breaks.
    static func isFieldValue(_ text: String) -> Bool {
        text.utf8.allSatisfy { $0 >= 0x20 && $0 != 0x7F }
    }
}
