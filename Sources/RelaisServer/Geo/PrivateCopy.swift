internal import Glibc

/// A copy of a file that nobody else can change: it has no name, and is gone with the last mapping of it.
final class PrivateCopy {
    struct Failure: Error, CustomStringConvertible {
        let description: String
    }

    private let descriptor: Int32

    /// Leads to the copy while this object lives.
    var path: String { "/proc/self/fd/\(descriptor)" }

    /// `directory` is made when it is not there, for its owner alone.
    init(of path: String, in directory: String) throws(Failure) {
        let source = open(path, O_RDONLY | O_CLOEXEC)
        guard source >= 0 else { throw Self.failure("opened") }
        defer { close(source) }
        var status = stat()
        guard fstat(source, &status) == 0, status.st_mode & S_IFMT == S_IFREG else {
            throw Failure(description: "it is no file")
        }
        if mkdir(directory, 0o700) != 0, errno != EEXIST { throw Self.failure("copied to \(directory)") }
        var template = Array("\(directory)/.copy-XXXXXX".utf8CString)
        descriptor = mkstemp(&template)
        guard descriptor >= 0 else { throw Self.failure("copied to \(directory)") }
        unlink(template)
        _ = fcntl(descriptor, F_SETFD, FD_CLOEXEC)
        try Self.copy(source, to: descriptor, bytes: Int(status.st_size))
    }

    deinit { if descriptor >= 0 { close(descriptor) } }

    private static func copy(_ source: Int32, to target: Int32, bytes: Int) throws(Failure) {
        var rest = bytes
        while rest > 0 {
            let count = sendfile(target, source, nil, rest)
            if count < 0, errno == EINTR { continue }
            guard count >= 0 else { throw failure("copied") }
            guard count > 0 else { throw Failure(description: "it is being written") }
            rest -= count
        }
    }

    private static func failure(_ what: String) -> Failure {
        let error = String(cString: strerror(errno))
        return Failure(description: "it cannot be \(what): \(error)")
    }
}
