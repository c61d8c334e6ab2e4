/// What a plugin file says of itself, read without running any of its code.
package struct PluginImage: Sendable {
    /// Bytes of the section `plugin_manifest`, the NUL at its end removed.
    package var manifestText: String
    package var exports: [String]
    package var imports: [String]
    package var needed: [String]
    package var sectionNames: [String]
}

/// Reads the manifest out of a shared library's bytes.
package enum ELFManifestReader {
    package static let sectionName = "plugin_manifest"
    package static let entry = "relais_plugin_entry_v1"
    private static let entryPrefix = "relais_plugin_entry_v"
    private static let largestManifest = 1 << 20

    package static func read(_ bytes: [UInt8], path: String) throws(PluginProblem) -> PluginImage {
        let file: ELFFile
        let symbols: [ELFFile.Symbol]
        let needed: [String]
        do throws(ELFError) {
            file = try ELFFile(bytes)
            symbols = try file.symbols()
            needed = try file.needed()
        } catch {
            throw problem(error, path)
        }
        let exports = symbols.filter(\.isExported).map(\.name).sorted()
        let text = try manifest(of: file, path)
        try checkEntry(exports, path)
        return PluginImage(
            manifestText: text,
            exports: exports,
            imports: symbols.filter(\.isImported).map(\.name).sorted(),
            needed: needed,
            sectionNames: file.sectionNames
        )
    }

    private static func manifest(of file: ELFFile, _ path: String) throws(PluginProblem) -> String {
        guard var bytes = file.section(named: sectionName) else {
            throw PluginProblem(
                path: path,
                reason: .noManifest,
                message: "has no section \"\(sectionName)\": it is a shared library, but no plugin of Relais; a plugin "
                    + "embeds its manifest with RELAIS_MANIFEST"
            )
        }
        while bytes.last == 0 { bytes.removeLast() }
        guard bytes.count <= largestManifest else {
            throw PluginProblem(
                path: path,
                reason: .badManifest,
                message: "its manifest has \(bytes.count) bytes; \(largestManifest) are allowed"
            )
        }
        guard let text = String(validating: bytes, as: UTF8.self) else {
            throw PluginProblem(path: path, reason: .badManifest, message: "its manifest is not UTF-8")
        }
        return text
    }

    private static func checkEntry(_ exports: [String], _ path: String) throws(PluginProblem) {
        if exports.contains(entry) { return }
        if let other = exports.first(where: { $0.hasPrefix(entryPrefix) }) {
            throw PluginProblem(
                path: path,
                reason: .wrongABI,
                message:
                    "is built for ABI major version \(other.dropFirst(entryPrefix.count)) (it exports \(other)); this "
                    + "relay speaks version \(ManifestReader.abiMajor): rebuild it with this relay's plugin-sdk"
            )
        }
        throw PluginProblem(
            path: path,
            reason: .missingSymbol,
            message: "does not export \(entry): define it with RELAIS_PLUGIN and do not hide it"
        )
    }

    private static func problem(_ error: ELFError, _ path: String) -> PluginProblem {
        switch error {
        case .notELF:
            PluginProblem(path: path, reason: .notAPlugin, message: "is not a shared library (no ELF file)")
        case .wrongClass:
            PluginProblem(
                path: path,
                reason: .wrongArchitecture,
                message: "is not a 64-bit little-endian library; this machine needs \(ELFFile.machineName())"
            )
        case .notShared:
            PluginProblem(
                path: path,
                reason: .notAPlugin,
                message: "is an ELF file, but no shared library: link it with -shared"
            )
        case .wrongMachine(let machine):
            PluginProblem(
                path: path,
                reason: .wrongArchitecture,
                message: "is built for \(ELFFile.machineName(machine)); this machine is \(ELFFile.machineName())"
            )
        case .broken(let part):
            PluginProblem(
                path: path,
                reason: .notAPlugin,
                message: "is damaged: \(part) reaches outside the file; copy it again"
            )
        }
    }
}
