internal import RelaisEvent

/// Why a JSON text, or a value in it, cannot be taken.
struct JSONError: Error, Equatable {
    /// JSON pointer, relative to the value that was being read.
    var pointer: String
    var reason: String
    /// The text is not JSON, so that nothing after the place can be read either.
    var isSyntax: Bool

    /// A text that is not JSON; `offset` in bytes from the start of what was sent.
    static func syntax(_ problem: String, at offset: Int) -> JSONError {
        JSONError(pointer: "", reason: "invalid JSON at byte \(offset): \(problem)", isSyntax: true)
    }

    /// A value that is JSON but not what is expected there.
    static func value(_ reason: String) -> JSONError {
        JSONError(pointer: "", reason: reason, isSyntax: false)
    }

    /// The same error, told from the object that has the value under `key`.
    func inside(_ key: String) -> JSONError {
        var error = self
        error.pointer = "/" + Self.escaped(key) + pointer
        return error
    }

    /// The same error, told from the array that has the value at `index`.
    func inside(_ index: Int) -> JSONError { inside(String(index)) }

    var rejection: EventRejection { EventRejection(pointer: pointer, reason: reason) }

    /// RFC 6901, section 3.
    private static func escaped(_ key: String) -> String {
        var result = ""
        for character in key.unicodeScalars.prefix(80) {
            switch character {
            case "~": result += "~0"
            case "/": result += "~1"
            default: result.unicodeScalars.append(character)
            }
        }
        return result
    }
}
