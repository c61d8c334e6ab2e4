/// Gathers findings while a file is read, so that all of them can be told at once.
final class DiagnosticCollector {
    /// More findings than this help nobody; the rest shows itself once these are mended.
    static let limit = 200

    private(set) var diagnostics: [ConfigurationDiagnostic] = []

    var hasErrors: Bool { diagnostics.contains { $0.severity == .error } }

    func error(_ location: SourceLocation, _ path: String, _ message: String, fix: String? = nil) {
        add(ConfigurationDiagnostic(.error, at: location, path: path, message: message, fix: fix))
    }

    func warning(_ location: SourceLocation, _ path: String, _ message: String, fix: String? = nil) {
        add(ConfigurationDiagnostic(.warning, at: location, path: path, message: message, fix: fix))
    }

    /// The findings in the order of the file.
    var inOrder: [ConfigurationDiagnostic] {
        diagnostics.enumerated().sorted { left, right in
            let (a, b) = (left.element.location, right.element.location)
            return (a.line, a.column, left.offset) < (b.line, b.column, right.offset)
        }.map(\.element)
    }

    private func add(_ diagnostic: ConfigurationDiagnostic) {
        if diagnostics.count < DiagnosticCollector.limit, !diagnostics.contains(diagnostic) {
            diagnostics.append(diagnostic)
        }
    }
}
