internal import Foundation

/// A file system of a few mebibytes in a mount namespace of its own, which a process holds: gone with it. Needs root.
package final class SmallDisk {
    /// Where it is mounted, for processes in its namespace.
    package let path: String
    private let holder: ChildProcess

    /// Why there can be none here; nil when there can.
    package static let obstacle: String? = {
        guard geteuid() == 0 else { return "mounting a file system needs root" }
        for tool in ["/usr/bin/unshare", "/usr/bin/nsenter"] where !FileManager.default.isExecutableFile(atPath: tool) {
            return "\(tool) is missing"
        }
        let probe = try? Process.run(
            URL(fileURLWithPath: "/usr/bin/unshare"),
            arguments: ["-m", "mount", "-t", "tmpfs", "tmpfs", "/mnt"]
        )
        probe?.waitUntilExit()
        return probe?.terminationStatus == 0 ? nil : "this machine does not let tests mount a file system"
    }()

    package init(mebibytes: Int, at path: String, output: String) async throws {
        self.path = path
        try FileManager.default.createDirectory(atPath: path, withIntermediateDirectories: true)
        let script =
            "mount -t tmpfs -o size=\(mebibytes)m,mode=0700 tmpfs \"$0\" && touch \"$0/.mounted\" && exec sleep 3600"
        holder = try ChildProcess("/usr/bin/unshare", ["-m", "/bin/sh", "-c", script, path], output: output)
        let isMounted = await eventually { FileManager.default.fileExists(atPath: seenFromOutside + "/.mounted") }
        guard isMounted else { throw TestFailure("no disk: \(TemporaryDirectory.text(of: output))") }
    }

    /// What a command is to be preceded by so that it sees the disk.
    package var prefix: [String] { ["/usr/bin/nsenter", "--mount=/proc/\(holder.processID)/ns/mnt", "--"] }

    /// The same folder for a process outside of the namespace.
    package var seenFromOutside: String { "/proc/\(holder.processID)/root\(path)" }

    /// Writes a file that leaves so many bytes free, and at no time fewer.
    package func fill(leaving rest: Int = 0) throws {
        let file = seenFromOutside + "/filler"
        try Data().write(to: URL(fileURLWithPath: file))
        let handle = try FileHandle(forWritingTo: URL(fileURLWithPath: file))
        defer { try? handle.close() }
        for block in [1 << 20, 1 << 16, 4096] {
            let zeroes = Data(count: block)
            while try free() >= rest + block, (try? handle.write(contentsOf: zeroes)) != nil {}
        }
    }

    private func free() throws -> Int {
        let attributes = try FileManager.default.attributesOfFileSystem(forPath: seenFromOutside)
        guard let size = attributes[.systemFreeSize] as? NSNumber else { throw TestFailure("no size of \(path)") }
        return size.intValue
    }

    package func empty() throws { try FileManager.default.removeItem(atPath: seenFromOutside + "/filler") }
}
