/// One finding about a configuration file: what is wrong, where, and how to put it right.
///
/// Values never appear in it when they came from `${ENV}` or `{file: …}`, nor when their key names a credential.
package struct ConfigurationDiagnostic: Sendable, Hashable, CustomStringConvertible {
    package enum Severity: String, Sendable, Hashable, Codable {
        case error
        case warning
    }

    package var severity: Severity
    package var location: SourceLocation
    /// The key path, e.g. `destinations.meta.batch.linger`; empty for the file as a whole.
    package var path: String
    package var message: String
    /// What to write instead.
    package var fix: String?

    package init(
        _ severity: Severity,
        at location: SourceLocation,
        path: String,
        message: String,
        fix: String? = nil
    ) {
        self.severity = severity
        self.location = location
        self.path = path
        self.message = message
        self.fix = fix
    }

    /// One line in the form compilers use: `relais.yaml:12:5: error: path: message (fix)`.
    package var description: String {
        let subject = path.isEmpty ? "" : "\(path): "
        let advice = fix.map { " (fix: \($0))" } ?? ""
        return "\(location): \(severity.rawValue): \(subject)\(message)\(advice)"
    }
}
