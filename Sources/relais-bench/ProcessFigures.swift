internal import Foundation
internal import Glibc
internal import RelaisTestKit

/// CPU time and memory of a process and its children, as the kernel counts them.
struct ProcessFigures {
    /// User and system time, in microseconds; a clock tick (10 ms) fine.
    var cpuMicroseconds: Double
    /// Resident memory of the process itself, in bytes.
    var residentBytes: Double
    /// The largest of its children's, in bytes.
    var largestChildBytes: Double

    init(of processID: Int32) {
        let children = ChildProcess.children(of: processID)
        cpuMicroseconds = ([processID] + children).reduce(0) { $0 + Self.cpu($1) }
        residentBytes = Self.resident(processID)
        largestChildBytes = children.map(Self.resident).max() ?? 0
    }

    private static func cpu(_ pid: Int32) -> Double {
        let stat = TemporaryDirectory.text(of: "/proc/\(pid)/stat")
        guard let end = stat.lastIndex(of: ")") else { return 0 }
        let fields = stat[stat.index(after: end)...].split(separator: " ")
        guard fields.count > 12, let user = Double(fields[11]), let system = Double(fields[12]) else { return 0 }
        return (user + system) * 1e6 / Double(sysconf(Int32(_SC_CLK_TCK)))
    }

    private static func resident(_ pid: Int32) -> Double { Double(ChildProcess.residentBytes(of: pid) ?? 0) }
}
