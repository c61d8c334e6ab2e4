internal import Foundation
internal import Glibc

/// A program that a test has started; killed with the value. Its output goes to files.
package final class ChildProcess {
    /// How a process ended.
    package enum Ending: Sendable, Equatable {
        case exited(Int32)
        case signalled(Int32)
    }

    package let processID: Int32
    private var ending: Ending?

    /// - Parameter output: the file that standard output goes to; errors follow unless `errors` names another.
    package init(
        _ executable: String,
        _ arguments: [String],
        environment: [String: String] = [:],
        output: String,
        errors: String? = nil,
        input: String = "/dev/null"
    ) throws {
        var actions = posix_spawn_file_actions_t()
        posix_spawn_file_actions_init(&actions)
        defer { posix_spawn_file_actions_destroy(&actions) }
        let flags = O_WRONLY | O_CREAT | O_APPEND
        posix_spawn_file_actions_addopen(&actions, 0, input, O_RDONLY, 0)
        posix_spawn_file_actions_addopen(&actions, 1, output, flags, 0o600)
        if let errors {
            posix_spawn_file_actions_addopen(&actions, 2, errors, flags, 0o600)
        } else {
            posix_spawn_file_actions_adddup2(&actions, 1, 2)
        }
        let variables = ProcessInfo.processInfo.environment.merging(environment) { $1 }.map { "\($0)=\($1)" }
        var pid: pid_t = 0
        let status = Self.withCStrings([executable] + arguments) { argv in
            Self.withCStrings(variables) { envp in posix_spawn(&pid, executable, &actions, nil, argv, envp) }
        }
        guard status == 0 else { throw TestFailure("cannot start \(executable): \(String(cString: strerror(status)))") }
        processID = pid
    }

    deinit {
        guard poll() == nil else { return }
        Glibc.kill(processID, SIGKILL)
        var status: Int32 = 0
        waitpid(processID, &status, 0)
    }

    package var isRunning: Bool { poll() == nil }

    package func send(signal: Int32) {
        if poll() == nil { Glibc.kill(processID, signal) }
    }

    package func terminate() { send(signal: SIGTERM) }
    package func interrupt() { send(signal: SIGINT) }
    package func kill() { send(signal: SIGKILL) }
    package func suspend() { send(signal: SIGSTOP) }
    package func resume() { send(signal: SIGCONT) }

    /// How it ended; throws when it still runs after the time given.
    @discardableResult
    package func wait(within timeout: Duration = .seconds(30)) async throws -> Ending {
        guard await eventually(within: timeout, every: .milliseconds(5), { poll() != nil }), let ending else {
            throw TestFailure("process \(processID) still runs after \(timeout)")
        }
        return ending
    }

    /// How it ended, or nil while it runs.
    @discardableResult
    package func poll() -> Ending? {
        if let ending { return ending }
        var status: Int32 = 0
        guard waitpid(processID, &status, WNOHANG) == processID else { return nil }
        let signal = status & 0x7f
        ending = signal == 0 ? .exited((status >> 8) & 0xff) : .signalled(signal)
        return ending
    }

    /// Memory of a process that is in RAM, in bytes, without that of its children.
    package static func residentBytes(of processID: Int32) -> Int? {
        let lines = TemporaryDirectory.text(of: "/proc/\(processID)/status").split(separator: "\n")
        return lines.first { $0.hasPrefix("VmRSS:") }
            .flatMap { Int($0.dropFirst(6).split(whereSeparator: \.isWhitespace).first ?? "") }
            .map { $0 << 10 }
    }

    /// Ends any process, at once.
    package static func killProcess(_ processID: Int32) { Glibc.kill(processID, SIGKILL) }

    /// Whether a process is there and not a zombie.
    package static func isAlive(_ processID: Int32) -> Bool { parentID(of: processID) != nil }

    /// Direct children of a process.
    package static func children(of parent: Int32) -> [Int32] {
        let entries = (try? FileManager.default.contentsOfDirectory(atPath: "/proc")) ?? []
        return entries.compactMap { Int32($0) }.filter { parentID(of: $0) == parent }
    }

    private static func parentID(of pid: Int32) -> Int32? {
        let stat = TemporaryDirectory.text(of: "/proc/\(pid)/stat")
        guard let end = stat.lastIndex(of: ")") else { return nil }
        let fields = stat[stat.index(after: end)...].split(separator: " ")
        return fields.count > 1 && fields[0] != "Z" ? Int32(fields[1]) : nil
    }

    private static func withCStrings<R>(
        _ strings: [String],
        _ body: (UnsafeMutablePointer<UnsafeMutablePointer<CChar>?>) -> R
    ) -> R {
        var pointers: [UnsafeMutablePointer<CChar>?] = strings.map { strdup($0) }
        pointers.append(nil)
        defer { for pointer in pointers { free(pointer) } }
        return pointers.withUnsafeMutableBufferPointer { buffer in
            withUnsafeMutablePointer(to: &buffer[0]) { body($0) }
        }
    }
}
