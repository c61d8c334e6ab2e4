import Yams

/// Turns the bytes of `relais.yaml` into a bounded tree of nodes, each with its place in the file.
struct DocumentComposer {
    static let byteLimit = 1 << 20
    static let depthLimit = 32
    static let nodeLimit = 50_000
    /// Few enough that aliases of aliases cannot multiply beyond what the node limit still catches cheaply.
    static let aliasLimit = 16

    let file: String
    let collector: DiagnosticCollector

    /// The root node; nil when the text is not usable YAML, which is then among the diagnostics.
    func compose(_ bytes: [UInt8]) -> SourceNode? {
        guard let text = decode(bytes) else { return nil }
        var source = SourceText(text)
        guard isComposable(text, source) else { return nil }
        guard let root = composeTree(&source) else { return nil }
        var builder = SourceTreeBuilder(file: file, source: source, collector: collector)
        return builder.build(root)
    }

    private func decode(_ bytes: [UInt8]) -> String? {
        let isMarked = bytes.starts(with: [0xEF, 0xBB, 0xBF])
        let body = isMarked ? bytes.dropFirst(3) : bytes[...]
        if let text = String(validating: body, as: UTF8.self) { return text }
        var (line, column) = (1, 1)
        var decoder = UTF8()
        var iterator = body.makeIterator()
        while case .scalarValue(let scalar) = decoder.decode(&iterator) {
            if scalar == "\n" { (line, column) = (line + 1, 1) } else { column += 1 }
        }
        let place = SourceLocation(file: file, line: line, column: column)
        collector.error(place, "", "the file is not UTF-8 text", fix: "save it as UTF-8")
        return nil
    }

    private func isComposable(_ text: String, _ source: SourceText) -> Bool {
        var index = 0
        var aliases = 0
        var previous: Unicode.Scalar = "\n"
        for scalar in text.unicodeScalars {
            if SourceText.isReserved(scalar) {
                report(source, index, "the file contains the private-use character U+\(hex(scalar))", "remove it")
                return false
            }
            if scalar == "*", isBeforeAlias(previous), isAliasName(source, index + 1) { aliases += 1 }
            if aliases > DocumentComposer.aliasLimit {
                let limit = DocumentComposer.aliasLimit
                report(source, index, "the file uses more than \(limit) aliases (`*name`)", "write the values out")
                return false
            }
            previous = scalar
            index += 1
        }
        return true
    }

    private func isBeforeAlias(_ scalar: Unicode.Scalar) -> Bool {
        scalar.properties.isWhitespace || ["[", "{", ",", ":", "-", "?"].contains(scalar)
    }

    private func isAliasName(_ source: SourceText, _ index: Int) -> Bool {
        guard index < source.scalars.count else { return false }
        let scalar = source.scalars[index]
        return scalar.properties.isAlphabetic || scalar.properties.numericType != nil || scalar == "_" || scalar == "-"
    }

    /// Composes, making repeated keys unique until none is left, so that each of them can be told with its own line.
    private func composeTree(_ source: inout SourceText) -> Node? {
        var repeated: YamlError?
        while true {
            do {
                guard let node = try Parser(yaml: source.text, encoding: .utf8).singleRoot() else {
                    report(source, 0, "the file is empty", "see the documented example configuration")
                    return nil
                }
                return node
            } catch let failure as YamlError {
                if case .duplicatedKeysInMapping(_, let context) = failure,
                    source.rename(line: context.mark.line, column: context.mark.column)
                {
                    repeated = failure
                    continue
                }
                YAMLFailure(repeated ?? failure).report(file: file, source: source, to: collector)
                return nil
            } catch {
                report(source, 0, "the file is not YAML", nil)
                return nil
            }
        }
    }

    private func report(_ source: SourceText, _ index: Int, _ message: String, _ fix: String?) {
        let position = source.position(of: index)
        let place = SourceLocation(file: file, line: position.line, column: position.column)
        collector.error(place, "", message, fix: fix)
    }

    private func hex(_ scalar: Unicode.Scalar) -> String { String(scalar.value, radix: 16, uppercase: true) }
}
