#if canImport(Glibc)
import Glibc
#elseif canImport(Darwin)
import Darwin
#endif

/// Room on the disk that holds a path, in bytes.
package struct DiskSpace: Sendable, Equatable {
    /// For processes without privileges.
    package var free: Int
    package var total: Int

    package init(free: Int, total: Int) {
        self.free = free
        self.total = total
    }

    /// nil when the system does not say.
    package init?(at path: String) {
        var status = statvfs()
        guard statvfs(path, &status) == 0 else { return nil }
        func bytes(_ blocks: UInt) -> Int {
            Int(clamping: blocks.multipliedReportingOverflow(by: status.f_frsize).partialValue)
        }
        self.init(free: bytes(UInt(status.f_bavail)), total: bytes(UInt(status.f_blocks)))
    }
}
