internal import Foundation
internal import RelaisIngest

/// `identity.key` in the state folder: made on the first start, for its owner alone.
enum CookieKeyFile {
    static let name = "identity.key"

    /// Reads the key, or makes it. Throws a ``RelayError`` for a file that others can read or that is no key: with another
    /// key every visitor would be a new one.
    static func key(in directory: String) throws -> CookieKey {
        let path = "\(directory)/\(name)"
        do {
            return try key(at: path, in: directory)
        } catch let error as RelayError {
            throw error
        } catch {
            throw RelayError.store(path: directory, reason: error.localizedDescription)
        }
    }

    private static func key(at path: String, in directory: String) throws -> CookieKey {
        guard FileManager.default.fileExists(atPath: path) else { return try make(path, in: directory) }
        let mode = try FileManager.default.attributesOfItem(atPath: path)[.posixPermissions] as? Int ?? 0
        guard mode & 0o077 == 0 else {
            throw RelayError.store(path: path, reason: "others can read the key of the visitors' ids: chmod 600 it")
        }
        let bytes = try [UInt8](Data(contentsOf: URL(fileURLWithPath: path)))
        guard let key = CookieKey(bytes: bytes) else {
            throw RelayError.store(
                path: path,
                reason: "the key has \(bytes.count) bytes and not \(CookieKey.byteCount): put back the one it was"
            )
        }
        return key
    }

    private static func make(_ path: String, in directory: String) throws -> CookieKey {
        try FileManager.default.createDirectory(
            atPath: directory,
            withIntermediateDirectories: true,
            attributes: [.posixPermissions: 0o700]
        )
        let key = CookieKey.random()
        let temporary = path + ".new"
        try? FileManager.default.removeItem(atPath: temporary)
        let isMade = FileManager.default.createFile(
            atPath: temporary,
            contents: Data(key.bytes),
            attributes: [.posixPermissions: 0o600]
        )
        guard isMade, let file = FileHandle(forUpdatingAtPath: temporary) else {
            throw RelayError.store(path: path, reason: "the key of the visitors' ids cannot be written")
        }
        try file.synchronize()
        try file.close()
        try FileManager.default.moveItem(atPath: temporary, toPath: path)
        return key
    }
}
