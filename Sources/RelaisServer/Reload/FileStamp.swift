internal import Glibc

/// What shows that one of some files was replaced or written.
struct FileStamp: Sendable, Equatable {
    private let parts: [Int]

    init(_ paths: [String]) {
        parts = paths.flatMap { path -> [Int] in
            var status = stat()
            guard stat(path, &status) == 0 else { return [0] }
            return [
                Int(status.st_dev), Int(status.st_ino), Int(status.st_size), Int(status.st_mtim.tv_sec),
                Int(status.st_mtim.tv_nsec), Int(status.st_ctim.tv_sec), Int(status.st_ctim.tv_nsec),
            ]
        }
    }
}
