import Glibc

/// Finds the program that plugins' processes run.
package enum PluginHostExecutable {
    package static let name = "relais-plugin-host"
    package static let variable = "RELAIS_PLUGIN_HOST"

    /// The value of `RELAIS_PLUGIN_HOST`, or else the program beside the running one; nil when neither can be run.
    package static func locate() -> String? {
        if let path = getenv(variable) { return runnable(String(cString: path)) }
        return ownDirectory().flatMap { runnable("\($0)/\(name)") }
    }

    private static func runnable(_ path: String) -> String? { access(path, X_OK) == 0 ? path : nil }

    private static func ownDirectory() -> String? {
        guard let resolved = realpath("/proc/self/exe", nil) else { return nil }
        defer { free(resolved) }
        let path = String(cString: resolved)
        return path.lastIndex(of: "/").map { String(path[..<$0]) }
    }
}
