#if canImport(Glibc)
import Glibc
#elseif canImport(Darwin)
import Darwin
#endif

/// An advisory lock on a file, held until `release` or the end of the process: two processes never write one state.
final class FileLock: @unchecked Sendable {
    private var descriptor: Int32

    /// Takes the lock at once, or says who holds it.
    init(path: String) throws(LogOpenError) {
        descriptor = open(path, O_CREAT | O_RDWR | O_CLOEXEC, 0o600)
        guard descriptor >= 0 else { throw FileSystem.failure(path) }
        guard flock(descriptor, LOCK_EX | LOCK_NB) == 0 else {
            let isHeld = errno == EWOULDBLOCK
            let error = isHeld ? LogOpenError.locked(path: path, holder: holder()) : FileSystem.failure(path)
            close(descriptor)
            descriptor = -1
            throw error
        }
        writeHolder()
    }

    deinit { release() }

    /// Lets others have it. The file stays: removing it would let two processes lock two files of one name.
    func release() {
        guard descriptor >= 0 else { return }
        close(descriptor)
        descriptor = -1
    }

    private func writeHolder() {
        let text = Array("\(getpid())\n".utf8)
        guard ftruncate(descriptor, 0) == 0 else { return }
        _ = text.withUnsafeBytes { pwrite(descriptor, $0.baseAddress, $0.count, 0) }
    }

    private func holder() -> String {
        var text = [UInt8](repeating: 0, count: 24)
        let count = text.withUnsafeMutableBytes { pread(descriptor, $0.baseAddress, $0.count, 0) }
        let digits = text.prefix(max(0, count)).prefix { $0 >= 48 && $0 <= 57 }
        guard !digits.isEmpty else { return "another process" }
        return "process \(String(decoding: digits, as: UTF8.self))"
    }
}
