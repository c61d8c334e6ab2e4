/// Everything that was found in a configuration file that cannot be used; at least one finding is an error.
package struct ConfigurationErrors: Error, Sendable, Equatable, CustomStringConvertible {
    /// Errors and warnings in the order of the file.
    package var diagnostics: [ConfigurationDiagnostic]

    package init(diagnostics: [ConfigurationDiagnostic]) {
        self.diagnostics = diagnostics
    }

    /// One line per finding.
    package var description: String {
        diagnostics.map(\.description).joined(separator: "\n")
    }
}
