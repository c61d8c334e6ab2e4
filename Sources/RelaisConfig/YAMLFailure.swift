import Yams

/// A refusal of the YAML parser as a place, a sentence and a fix; never with text of the file, which may be secret.
struct YAMLFailure {
    private let failure: YamlError

    init(_ failure: YamlError) {
        self.failure = failure
    }

    func report(file: String, source: SourceText, to collector: DiagnosticCollector) {
        let (position, message) = summary(source)
        let place = SourceLocation(file: file, line: position.line, column: position.column)
        collector.error(place, "", "this is not valid YAML: \(message)", fix: fix(for: message, position, source))
    }

    private func summary(_ source: SourceText) -> ((line: Int, column: Int), String) {
        switch failure {
        case .scanner(let context, let problem, let mark, _), .parser(let context, let problem, let mark, _),
            .composer(let context, let problem, let mark, _):
            return ((mark.line, mark.column), sentence(problem, context))
        case .reader(let problem, _, let value, _):
            let index = source.scalars.firstIndex { Int32(bitPattern: $0.value) == value }
            return (source.position(of: index ?? 0), problem)
        case .duplicatedKeysInMapping(_, let context):
            return ((context.mark.line, context.mark.column), "a key is given twice")
        case .no, .memory, .writer, .emitter, .representer, .dataCouldNotBeDecoded:
            return ((1, 1), "it cannot be parsed")
        }
    }

    private func sentence(_ problem: String, _ context: YamlError.Context?) -> String {
        if problem.contains("nesting level") { return "lists and mappings are nested too deeply" }
        if problem.contains("another document") { return "a second document starts here" }
        guard let context else { return problem }
        let text = context.text.split(separator: "\n").first.map(String.init) ?? ""
        guard !text.isEmpty else { return problem }
        return "\(problem), \(text) that starts at \(context.mark.line):\(context.mark.column)"
    }

    private func fix(for message: String, _ position: (line: Int, column: Int), _ source: SourceText) -> String? {
        if let index = source.index(line: position.line, column: position.column), source.scalars[index] == "\t" {
            return "indent with spaces, not tabs"
        }
        if message.hasPrefix("mapping values are not allowed") {
            return "check the indentation, and put quotes around a value that contains `: `"
        }
        if message.contains("block mapping") || message.contains("block collection") {
            return "check the indentation of this line and the ones above it"
        }
        if message.contains("flow mapping") || message.contains("flow sequence") {
            return "check the brackets and commas; put quotes around values with special characters"
        }
        if message.contains("quoted scalar") { return "close the quotes" }
        if message.contains("second document") { return "keep one document; remove the `---` in the middle" }
        if message.contains("nested too deeply") { return "nest less deeply" }
        if message.contains("undefined alias") { return "define it before with &name, or put the text in quotes" }
        if message.contains("control characters") { return "remove the character" }
        return nil
    }
}
