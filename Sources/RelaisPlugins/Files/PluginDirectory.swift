import Glibc
package import RelaisEvent

/// A plugin that was found and may be used.
package struct DiscoveredPlugin: Sendable {
    package var file: PluginFile
    package var manifest: PluginManifest
    package var schema: ConfigurationSchema
    /// The ABI it is built for, for instance "1.0".
    package var abi: String
    package var image: PluginImage
    /// What its manifest says that this relay does not know.
    package var warnings: [ConfigurationProblem]
}

/// What a plugin directory holds.
package struct PluginInventory: Sendable {
    /// By id.
    package var plugins: [String: DiscoveredPlugin]
    /// One for each file that is no usable plugin; the others are not affected.
    package var problems: [PluginProblem]

    package init(plugins: [String: DiscoveredPlugin] = [:], problems: [PluginProblem] = []) {
        self.plugins = plugins
        self.problems = problems
    }
}

/// Finds plugins by reading files; none of their code runs.
package enum PluginDirectory {
    /// All files of the directory that end in `.so`, in the order of their names.
    package static func discover(_ directory: String) -> PluginInventory {
        var inventory = PluginInventory()
        let names: [String]
        do throws(PluginProblem) {
            try PluginFile.checkDirectory(directory)
            names = try libraryNames(in: directory)
        } catch {
            inventory.problems.append(error)
            return inventory
        }
        for name in names { add("\(directory)/\(name)", to: &inventory) }
        return inventory
    }

    /// Reads and judges one file.
    package static func inspect(_ path: String) throws(PluginProblem) -> DiscoveredPlugin {
        let file = try PluginFile.read(path)
        let image = try ELFManifestReader.read(file.bytes, path: path)
        let reading = ManifestReader.read(image.manifestText)
        guard let manifest = reading.manifest else {
            let isABI = reading.problems.contains { $0.pointer == "/abi" } && !reading.abi.isEmpty
            let list = reading.problems.map(\.description).joined(separator: "; ")
            throw PluginProblem(
                path: path,
                reason: isABI ? .wrongABI : .badManifest,
                message: "has a broken manifest: \(list)"
            )
        }
        return DiscoveredPlugin(
            file: file,
            manifest: manifest,
            schema: reading.schema,
            abi: reading.abi,
            image: image,
            warnings: reading.warnings
        )
    }

    private static func add(_ path: String, to inventory: inout PluginInventory) {
        do throws(PluginProblem) {
            let plugin = try inspect(path)
            if let other = inventory.plugins[plugin.manifest.id] {
                throw PluginProblem(
                    path: path,
                    reason: .duplicateID,
                    message: "has the id \"\(plugin.manifest.id)\" of \(other.file.path): remove one of the two files"
                )
            }
            inventory.plugins[plugin.manifest.id] = plugin
        } catch {
            inventory.problems.append(error)
        }
    }

    private static func libraryNames(in directory: String) throws(PluginProblem) -> [String] {
        guard let stream = opendir(directory) else {
            throw PluginProblem(path: directory, reason: .unreadable, message: "cannot be read: \(errorText(errno))")
        }
        defer { closedir(stream) }
        var names: [String] = []
        while let entry = readdir(stream) {
            let name = withUnsafeBytes(of: entry.pointee.d_name) { bytes in
                String(decoding: bytes.prefix { $0 != 0 }, as: UTF8.self)
            }
            if name.hasSuffix(".so"), !name.hasPrefix(".") { names.append(name) }
        }
        return names.sorted()
    }
}
