/// Something wrong with a destination's configuration, or with a manifest: where, what, and the fix.
package struct ConfigurationProblem: Error, Sendable, Equatable, CustomStringConvertible {
    /// JSON pointer; empty for the whole.
    package var pointer: String
    package var message: String

    package init(pointer: String, message: String) {
        self.pointer = pointer
        self.message = message
    }

    package var description: String { pointer.isEmpty ? message : "\(pointer): \(message)" }
}
