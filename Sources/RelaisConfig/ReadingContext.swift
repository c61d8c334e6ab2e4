/// What every part of the reader needs: where findings go, and how secret files are read.
struct ReadingContext {
    /// A secret longer than this is not a token or a key but some other file.
    static let secretByteLimit = 64 << 10

    let collector: DiagnosticCollector
    /// The folder of the configuration file, to which relative paths are relative; empty for the current folder.
    let baseDirectory: String
    let files: ConfigurationFileReader

    /// A path of the file as a path of the process.
    func absolutePath(_ path: String) -> String {
        path.hasPrefix("/") || baseDirectory.isEmpty ? path : "\(baseDirectory)/\(path)"
    }

    /// The scalar that a node stands for, following `{file: path}`; nil when there is none, which has been reported.
    func scalar(_ node: SourceNode, _ path: String, expecting: String) -> SourceScalar? {
        switch node.content {
        case .scalar(let scalar):
            guard !scalar.isUnresolved else { return nil }
            guard !scalar.isNull else {
                collector.error(
                    node.location,
                    path,
                    "has no value; \(expecting) is expected",
                    fix: "give one or remove the key"
                )
                return nil
            }
            return scalar
        case .mapping, .sequence:
            if let reference = ReadingContext.fileReference(node) { return fileSecret(reference, path) }
            collector.error(node.location, path, "\(expecting) is expected here, not \(node.kind)")
            return nil
        }
    }

    /// The path node of `{file: path}`; nil for any other node.
    static func fileReference(_ node: SourceNode) -> SourceNode? {
        guard case .mapping(let entries) = node.content, entries.count == 1, entries[0].key == "file",
            let scalar = entries[0].value.scalar, !scalar.isNull
        else { return nil }
        return entries[0].value
    }

    /// Reads the file a secret stands in, without the line end behind it.
    func fileSecret(_ reference: SourceNode, _ path: String) -> SourceScalar? {
        guard let scalar = reference.scalar, !scalar.isUnresolved else { return nil }
        let place = reference.location
        switch files.read(absolutePath(scalar.text), ReadingContext.secretByteLimit) {
        case .failure(let failure):
            collector.error(place, path, "the secret file `\(scalar.shown)` \(failure)", fix: fix(for: failure))
            return nil
        case .success(let contents):
            if contents.isWorldReadable {
                collector.warning(
                    place,
                    path,
                    "every user of this machine can read the secret file `\(scalar.shown)`",
                    fix: "chmod 600 it"
                )
            }
            guard var text = String(validating: contents.bytes, as: UTF8.self) else {
                collector.error(place, path, "the secret file `\(scalar.shown)` is not UTF-8 text")
                return nil
            }
            if text.hasSuffix("\r\n") || text.hasSuffix("\n") { text.removeLast() }
            guard !text.isEmpty else {
                collector.error(place, path, "the secret file `\(scalar.shown)` is empty")
                return nil
            }
            return SourceScalar(text: text, isPlain: false, placeholder: Secret.mask)
        }
    }

    private func fix(for failure: FileReadError) -> String {
        switch failure {
        case .missing: "create it; relative paths start at the folder of the configuration file"
        case .notARegularFile: "name the file that holds the secret"
        case .tooLarge: "put only the secret into the file"
        case .unreadable: "let the user that runs relais read it"
        }
    }
}
