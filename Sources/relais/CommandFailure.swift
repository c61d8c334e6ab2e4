import Foundation

/// Why a command ends without having done its work.
struct CommandFailure: Error, Equatable {
    static let failed: Int32 = 1
    static let usage: Int32 = 2

    var code: Int32
    /// What, where and the fix; empty when all has been said.
    var message: String

    init(_ message: String, code: Int32 = CommandFailure.failed) {
        self.message = message
        self.code = code
    }
}

/// The standard error stream.
enum StandardError {
    static func print(_ text: String) { write(text + "\n") }

    static func write(_ text: String) { FileHandle.standardError.write(Data(text.utf8)) }
}
