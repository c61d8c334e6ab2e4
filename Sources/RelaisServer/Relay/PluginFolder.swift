internal import Foundation

/// Where plugins are when the configuration does not say: `plugins` beside the program's folder.
package enum PluginFolder {
    package static var installed: String {
        let program = (try? FileManager.default.destinationOfSymbolicLink(atPath: "/proc/self/exe")) ?? "relais"
        let folder = URL(fileURLWithPath: program).deletingLastPathComponent()
        return folder.deletingLastPathComponent().appendingPathComponent("plugins").path
    }
}
