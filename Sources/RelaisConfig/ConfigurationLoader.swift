/// Reads `relais.yaml`: every error is found in one pass and told with its line, column and fix.
package struct ConfigurationLoader {
    /// Loads a configuration file.
    ///
    /// - Parameters:
    ///   - path: The file; relative paths in it start at its folder.
    ///   - environment: What `${NAME}` stands for.
    ///   - readFile: How the file and the secret files it names are read.
    /// - Returns: The configuration, with warnings in its `diagnostics`.
    /// - Throws: All findings, when at least one of them is an error.
    package static func load(
        path: String,
        environment: [String: String],
        readFile: ConfigurationFileReader = .disk
    ) throws(ConfigurationErrors) -> RelaisConfiguration {
        let collector = DiagnosticCollector()
        let start = SourceLocation(file: path, line: 1, column: 1)
        switch readFile.read(path, DocumentComposer.byteLimit) {
        case .failure(let failure):
            collector.error(start, "", "the configuration file \(failure)", fix: fix(for: failure))
            throw ConfigurationErrors(diagnostics: collector.inOrder)
        case .success(let contents):
            let context = ReadingContext(collector: collector, baseDirectory: folder(of: path), files: readFile)
            let configuration = parse(contents.bytes, path, environment, context)
            guard var configuration, !collector.hasErrors else {
                throw ConfigurationErrors(diagnostics: collector.inOrder)
            }
            configuration.diagnostics = collector.inOrder
            return configuration
        }
    }

    private static func parse(
        _ bytes: [UInt8],
        _ path: String,
        _ environment: [String: String],
        _ context: ReadingContext
    ) -> RelaisConfiguration? {
        guard let composed = DocumentComposer(file: path, collector: context.collector).compose(bytes) else {
            return nil
        }
        let root = EnvironmentSubstitution(environment: environment, collector: context.collector).apply(to: composed)
        let start = SourceLocation(file: path, line: 1, column: 1)
        guard let reader = MappingReader(root, path: "", at: start, context: context) else { return nil }
        var configuration = RelaisConfiguration(file: path)
        configuration.locations = LocationIndex(root: root)
        configuration.read(reader)
        configuration.resolveReferences(context.collector)
        return configuration
    }

    private static func folder(of path: String) -> String {
        guard let slash = path.lastIndex(of: "/") else { return "" }
        return slash == path.startIndex ? "/" : String(path[..<slash])
    }

    private static func fix(for failure: FileReadError) -> String {
        switch failure {
        case .missing: "name an existing file with --config"
        case .notARegularFile: "name a file with --config"
        case .tooLarge: "split what is not configuration out of it"
        case .unreadable: "let the user that runs relais read it"
        }
    }
}
