/// Why a file cannot be used as a plugin; one sentence with the fix.
package struct PluginProblem: Error, Sendable, Equatable, CustomStringConvertible {
    package enum Reason: String, Sendable, CaseIterable {
        case unreadable
        case notARegularFile = "not_a_regular_file"
        case tooLarge = "too_large"
        case writableByOthers = "writable_by_others"
        case notAPlugin = "not_a_plugin"
        case wrongArchitecture = "wrong_architecture"
        case noManifest = "no_manifest"
        case badManifest = "bad_manifest"
        case wrongABI = "wrong_abi"
        case missingSymbol = "missing_symbol"
        case duplicateID = "duplicate_id"
        case copyFailed = "copy_failed"
    }

    package var path: String
    package var reason: Reason
    package var message: String

    package init(path: String, reason: Reason, message: String) {
        self.path = path
        self.reason = reason
        self.message = message
    }

    package var description: String { "\(path): \(message)" }
}
