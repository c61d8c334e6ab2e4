#if canImport(Glibc)
import Glibc
#elseif canImport(Darwin)
import Darwin
#endif

/// The few file operations that durability and privacy need: everything 0600 and 0700, nothing renamed before it is
/// synced.
enum FileSystem {
    /// What the system said of the last call that failed.
    static func failure(_ path: String) -> LogOpenError {
        .system(path: path, reason: String(cString: strerror(errno)))
    }

    /// Creates a directory, for its owner only; one that exists is left as it is.
    static func createDirectory(_ path: String) throws(LogOpenError) {
        guard mkdir(path, 0o700) != 0, errno != EEXIST else { return }
        throw failure(path)
    }

    /// Creates an empty file, for its owner only, in place of one of that name.
    static func createFile(_ path: String) throws(LogOpenError) {
        let descriptor = open(path, O_CREAT | O_TRUNC | O_WRONLY | O_CLOEXEC, 0o600)
        guard descriptor >= 0 else { throw failure(path) }
        close(descriptor)
    }

    /// Creates the file, for its owner only, unless it exists.
    static func createFileIfMissing(_ path: String) throws(LogOpenError) {
        let descriptor = open(path, O_CREAT | O_WRONLY | O_CLOEXEC, 0o600)
        guard descriptor >= 0 else { throw failure(path) }
        close(descriptor)
    }

    /// Makes a file's, or a directory's, content durable.
    static func sync(_ path: String) throws(LogOpenError) {
        let descriptor = open(path, O_RDONLY | O_CLOEXEC)
        guard descriptor >= 0 else { throw failure(path) }
        defer { close(descriptor) }
        guard fsync(descriptor) == 0 else { throw failure(path) }
    }

    /// Gives a synced file its name, and makes the name durable.
    static func publish(_ temporary: String, as path: String, in directory: String) throws(LogOpenError) {
        try sync(temporary)
        guard rename(temporary, path) == 0 else { throw failure(path) }
        try sync(directory)
    }

    /// Writes bytes so that either all of them or none are there under that name.
    static func write(_ bytes: [UInt8], to path: String, in directory: String) throws(LogOpenError) {
        let temporary = path + ".new"
        let descriptor = open(temporary, O_CREAT | O_TRUNC | O_WRONLY | O_CLOEXEC, 0o600)
        guard descriptor >= 0 else { throw failure(temporary) }
        var offset = 0
        while offset < bytes.count {
            let count = bytes.withUnsafeBytes { source -> Int in
                guard let base = source.baseAddress else { return 0 }
                return writeBytes(descriptor, base + offset, source.count - offset)
            }
            if count < 0 && errno == EINTR { continue }
            guard count > 0 else {
                let error = failure(temporary)
                close(descriptor)
                unlink(temporary)
                throw error
            }
            offset += count
        }
        close(descriptor)
        try publish(temporary, as: path, in: directory)
    }

    static func remove(_ path: String) { unlink(path) }

    /// Bytes in the file, 0 when there is none.
    static func size(_ path: String) -> Int {
        var status = stat()
        return stat(path, &status) == 0 ? Int(status.st_size) : 0
    }

    /// When the file's content changed last, in microseconds since 1970; 0 when there is none.
    static func modificationMicros(_ path: String) -> Int64 {
        var status = stat()
        guard stat(path, &status) == 0 else { return 0 }
        return Int64(status.st_mtim.tv_sec) * 1_000_000 + Int64(status.st_mtim.tv_nsec) / 1000
    }

    static func exists(_ path: String) -> Bool { access(path, F_OK) == 0 }

    /// Names in a directory, sorted.
    static func names(in directory: String) throws(LogOpenError) -> [String] {
        guard let stream = opendir(directory) else { throw failure(directory) }
        defer { closedir(stream) }
        var names: [String] = []
        while let entry = readdir(stream) {
            let name = withUnsafeBytes(of: &entry.pointee.d_name) { bytes in
                String(decoding: bytes.prefix { $0 != 0 }, as: UTF8.self)
            }
            if name != "." && name != ".." { names.append(name) }
        }
        return names.sorted()
    }

    private static func writeBytes(_ descriptor: Int32, _ source: UnsafeRawPointer, _ count: Int) -> Int {
        #if canImport(Glibc)
        Glibc.write(descriptor, source, count)
        #else
        Darwin.write(descriptor, source, count)
        #endif
    }
}
