internal import Foundation
internal import Synchronization

/// After the log failed, tries the disk from time to time, so that readiness returns when space does although a load
/// balancer sends nothing any more.
final class DiskProbe: Sendable {
    private let directory: String
    private let readiness: ReadinessState
    private let isStopped = Atomic<Bool>(false)

    init(directory: String, readiness: ReadinessState) {
        self.directory = directory
        self.readiness = readiness
    }

    func start() {
        let thread = Thread { [self] in
            while !isStopped.load(ordering: .relaxed) {
                Thread.sleep(forTimeInterval: 1)
                if readiness.logHasFailed, canWrite() { readiness.logWorks() }
            }
        }
        thread.name = "disk-probe"
        thread.start()
    }

    func stop() { isStopped.store(true, ordering: .relaxed) }

    /// 256 KiB, synced: about what a busy moment's commit needs.
    private func canWrite() -> Bool {
        let path = directory + "/.probe"
        defer { unlink(path) }
        let file = open(path, O_CREAT | O_WRONLY | O_TRUNC | O_CLOEXEC, 0o600)
        guard file >= 0 else { return false }
        defer { close(file) }
        let block = [UInt8](repeating: 0, count: 256 << 10)
        return write(file, block, block.count) == block.count && fsync(file) == 0
    }
}
