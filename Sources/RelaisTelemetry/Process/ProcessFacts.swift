internal import Foundation
internal import Glibc

/// What the system knows of this process.
package struct ProcessFacts: Sendable, Equatable {
    package var residentBytes: Double
    package var cpuSeconds: Double
    package var openFiles: Int
    package var maximumFiles: Double
    /// Seconds since 1970.
    package var startSeconds: Double

    /// nil where the system does not tell, as outside of Linux.
    package static func read() -> ProcessFacts? {
        guard let fields = statFields(), fields.count > 21, let boot = bootSeconds(),
            let user = Double(fields[11]), let system = Double(fields[12]), let start = Double(fields[19]),
            let pages = Double(fields[21])
        else { return nil }
        let ticks = Double(sysconf(Int32(_SC_CLK_TCK)))
        var limit = rlimit()
        getrlimit(__rlimit_resource_t(RLIMIT_NOFILE.rawValue), &limit)
        let files = (try? FileManager.default.contentsOfDirectory(atPath: "/proc/self/fd").count) ?? 0
        return ProcessFacts(
            residentBytes: pages * Double(sysconf(Int32(_SC_PAGESIZE))),
            cpuSeconds: (user + system) / ticks,
            // Listing them takes one.
            openFiles: max(0, files - 1),
            maximumFiles: limit.rlim_cur == .max ? .infinity : Double(limit.rlim_cur),
            startSeconds: boot + start / ticks
        )
    }

    package var samples: [MetricSample] {
        [
            MetricSample(.processMemory, [], residentBytes), MetricSample(.processCPU, [], cpuSeconds),
            MetricSample(.processOpenFiles, [], Double(openFiles)), MetricSample(.processMaxFiles, [], maximumFiles),
            MetricSample(.processStart, [], startSeconds),
        ]
    }

    /// The fields of `/proc/self/stat` after the program's name, which may hold anything.
    private static func statFields() -> [Substring]? {
        guard let text = try? String(contentsOfFile: "/proc/self/stat", encoding: .utf8),
            let end = text.lastIndex(of: ")")
        else { return nil }
        return text[text.index(after: end)...].split(separator: " ")
    }

    private static func bootSeconds() -> Double? {
        guard let text = try? String(contentsOfFile: "/proc/stat", encoding: .utf8) else { return nil }
        let line = text.split(separator: "\n").first { $0.hasPrefix("btime ") }
        return line.flatMap { Double($0.dropFirst(6)) }
    }
}
