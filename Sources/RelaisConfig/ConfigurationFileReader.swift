#if canImport(Glibc)
import Glibc
#else
import Darwin
#endif

/// What a file held and who may read it.
package struct FileContents: Sendable {
    package var bytes: [UInt8]
    /// Any user of the machine may read the file.
    package var isWorldReadable: Bool

    package init(bytes: [UInt8], isWorldReadable: Bool = false) {
        self.bytes = bytes
        self.isWorldReadable = isWorldReadable
    }
}

/// Why a file could not be read; the text completes "the file …".
package enum FileReadError: Error, Sendable, Equatable, CustomStringConvertible {
    case missing
    case notARegularFile
    case tooLarge(limit: Int)
    case unreadable(reason: String)

    package var description: String {
        switch self {
        case .missing: "does not exist"
        case .notARegularFile: "is not a regular file"
        case .tooLarge(let limit): "is larger than \(limit) bytes"
        case .unreadable(let reason): "cannot be read: \(reason)"
        }
    }
}

/// Reads a whole file of at most a given number of bytes.
package struct ConfigurationFileReader: Sendable {
    package var read: @Sendable (_ path: String, _ limit: Int) -> Result<FileContents, FileReadError>

    package init(read: @escaping @Sendable (String, Int) -> Result<FileContents, FileReadError>) {
        self.read = read
    }

    /// Reads from the file system.
    package static let disk = ConfigurationFileReader { path, limit in
        Result { () throws(FileReadError) in try readDisk(path, limit) }
    }

    private static func readDisk(_ path: String, _ limit: Int) throws(FileReadError) -> FileContents {
        let descriptor = open(path, O_RDONLY | O_CLOEXEC | O_NONBLOCK)
        guard descriptor >= 0 else { throw failure(errno) }
        defer { close(descriptor) }
        var status = stat()
        guard fstat(descriptor, &status) == 0 else { throw failure(errno) }
        guard status.st_mode & S_IFMT == S_IFREG else { throw .notARegularFile }
        var bytes = [UInt8](repeating: 0, count: limit + 1)
        var filled = 0
        while filled < bytes.count {
            let count = bytes.withUnsafeMutableBytes { buffer in
                pread(descriptor, buffer.baseAddress?.advanced(by: filled), buffer.count - filled, off_t(filled))
            }
            if count == 0 { break }
            if count > 0 { filled += count } else if errno != EINTR { throw failure(errno) }
        }
        guard filled <= limit else { throw .tooLarge(limit: limit) }
        bytes.removeLast(bytes.count - filled)
        return FileContents(bytes: bytes, isWorldReadable: status.st_mode & S_IROTH != 0)
    }

    private static func failure(_ code: Int32) -> FileReadError {
        switch code {
        case ENOENT, ENOTDIR: .missing
        case EISDIR: .notARegularFile
        default: .unreadable(reason: String(cString: strerror(code)))
        }
    }
}
