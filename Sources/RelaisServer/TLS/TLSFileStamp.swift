internal import Glibc
internal import RelaisConfig

/// What shows that one of the two files was replaced or written.
struct TLSFileStamp: Sendable, Equatable {
    private let parts: [Int]

    init(_ tls: RelaisConfig.TLSConfiguration) {
        parts = [tls.certificate, tls.key].flatMap { path -> [Int] in
            var status = stat()
            guard stat(path, &status) == 0 else { return [0] }
            return [
                Int(status.st_dev), Int(status.st_ino), Int(status.st_size), Int(status.st_mtim.tv_sec),
                Int(status.st_mtim.tv_nsec), Int(status.st_ctim.tv_sec), Int(status.st_ctim.tv_nsec),
            ]
        }
    }
}
