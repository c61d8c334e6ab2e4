import Crypto
import Glibc

/// A plugin file that was read once: the bytes that were judged are the bytes that are hashed, copied and run.
package struct PluginFile: Sendable {
    package static let largest = 64 << 20

    package var path: String
    package var bytes: [UInt8]
    /// Lower-case hex.
    package var sha256: String

    /// Opens and reads a file that nobody but its owner may write, in a directory of which the same is true. Follows a
    /// symbolic link and judges what it leads to.
    package static func read(_ path: String) throws(PluginProblem) -> PluginFile {
        let descriptor = open(path, O_RDONLY | O_CLOEXEC | O_NONBLOCK)
        guard descriptor >= 0 else {
            throw PluginProblem(path: path, reason: .unreadable, message: "cannot be read: \(errorText(errno))")
        }
        defer { close(descriptor) }
        let size = try check(descriptor, path)
        try checkDirectory(of: path)
        let bytes = try readAll(descriptor, size: size, path)
        return PluginFile(path: path, bytes: bytes, sha256: hex(SHA256.hash(data: bytes)))
    }

    /// Nobody but its owner may write the directory; its sentence when that is not so.
    package static func checkDirectory(_ directory: String) throws(PluginProblem) {
        var status = stat()
        guard stat(directory, &status) == 0 else {
            throw PluginProblem(path: directory, reason: .unreadable, message: "cannot be read: \(errorText(errno))")
        }
        guard status.st_mode & S_IFMT == S_IFDIR else {
            throw PluginProblem(path: directory, reason: .unreadable, message: "is not a directory")
        }
        guard status.st_mode & 0o022 == 0 else {
            throw PluginProblem(
                path: directory,
                reason: .writableByOthers,
                message: "is a directory that \(who(status.st_mode)) may write, so anybody could put a plugin there: "
                    + "chmod go-w \(directory)"
            )
        }
    }

    private static func check(_ descriptor: Int32, _ path: String) throws(PluginProblem) -> Int {
        var status = stat()
        guard fstat(descriptor, &status) == 0 else {
            throw PluginProblem(path: path, reason: .unreadable, message: "cannot be read: \(errorText(errno))")
        }
        guard status.st_mode & S_IFMT == S_IFREG else {
            throw PluginProblem(path: path, reason: .notARegularFile, message: "is not a regular file")
        }
        guard status.st_mode & 0o022 == 0 else {
            throw PluginProblem(
                path: path,
                reason: .writableByOthers,
                message:
                    "is a file that \(who(status.st_mode)) may write, so anybody could change its code: chmod go-w \(path)"
            )
        }
        guard status.st_size <= largest else {
            throw PluginProblem(
                path: path,
                reason: .tooLarge,
                message: "has \(status.st_size) bytes; a plugin may have \(largest >> 20) MiB: strip it"
            )
        }
        return Int(status.st_size)
    }

    private static func checkDirectory(of path: String) throws(PluginProblem) {
        guard let resolved = realpath(path, nil) else {
            throw PluginProblem(path: path, reason: .unreadable, message: "cannot be read: \(errorText(errno))")
        }
        defer { free(resolved) }
        let target = String(cString: resolved)
        try checkDirectory(String(target[..<(target.lastIndex(of: "/") ?? target.startIndex)]) + "/")
    }

    private static func readAll(_ descriptor: Int32, size: Int, _ path: String) throws(PluginProblem) -> [UInt8] {
        var failure: Int32 = 0
        let bytes = [UInt8](unsafeUninitializedCapacity: size) { buffer, count in
            while count < size {
                let got = Glibc.read(descriptor, buffer.baseAddress.map { $0 + count }, size - count)
                if got < 0, errno == EINTR { continue }
                if got < 0 { failure = errno }
                if got <= 0 { break }
                count += got
            }
        }
        guard failure == 0, bytes.count == size else {
            let why = failure == 0 ? "it became shorter meanwhile" : errorText(failure)
            throw PluginProblem(path: path, reason: .unreadable, message: "cannot be read: \(why)")
        }
        return bytes
    }

    private static func who(_ mode: mode_t) -> String { mode & 0o002 != 0 ? "every user" : "its group" }

    static func hex(_ digest: some Sequence<UInt8>) -> String {
        let digits = Array("0123456789abcdef".utf8)
        return String(decoding: digest.flatMap { [digits[Int($0 >> 4)], digits[Int($0 & 15)]] }, as: UTF8.self)
    }
}

/// The system's words for an error number.
func errorText(_ number: Int32) -> String { String(cString: strerror(number)) }
