internal import Foundation

/// A folder below the system's temporary one that stands in for the relay's state while plugins are tried.
enum ScratchState {
    /// Calls `body` with the configuration's state moved to a folder for this user alone, which is gone afterwards.
    static func with<Result>(_ body: (_ directory: String) throws -> Result) throws -> Result {
        let path = NSTemporaryDirectory() + "relais-scratch-\(UUID().uuidString)"
        try FileManager.default.createDirectory(
            atPath: path,
            withIntermediateDirectories: false,
            attributes: [.posixPermissions: 0o700]
        )
        defer { try? FileManager.default.removeItem(atPath: path) }
        return try body(path)
    }
}
