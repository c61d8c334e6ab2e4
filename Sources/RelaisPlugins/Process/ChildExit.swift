import Glibc
import RelaisEvent

/// How a child ended.
enum ChildExit: Sendable, Equatable {
    case exited(status: Int32)
    case killed(signal: Int32)

    /// From a status of waitpid.
    init(waitStatus: Int32) {
        let signal = waitStatus & 0x7F
        self = signal == 0 ? .exited(status: waitStatus >> 8 & 0xFF) : .killed(signal: signal)
    }

    /// Its own time-out ended it: the plugin hung.
    var isHung: Bool { self == .killed(signal: SIGALRM) }

    /// Somebody else ended it; not the plugin's doing, unless it happens again and again.
    var isForeign: Bool { self == .killed(signal: SIGKILL) || self == .killed(signal: SIGTERM) }

    var description: String {
        switch self {
        case .exited(let status): "exit status \(status)"
        case .killed(let signal): Self.names[signal] ?? "signal \(signal)"
        }
    }

    private static let names: [Int32: String] = [
        SIGHUP: "SIGHUP", SIGINT: "SIGINT", SIGQUIT: "SIGQUIT", SIGILL: "SIGILL", SIGTRAP: "SIGTRAP",
        SIGABRT: "SIGABRT", SIGBUS: "SIGBUS", SIGFPE: "SIGFPE", SIGKILL: "SIGKILL", SIGUSR1: "SIGUSR1",
        SIGSEGV: "SIGSEGV", SIGUSR2: "SIGUSR2", SIGPIPE: "SIGPIPE", SIGALRM: "SIGALRM", SIGTERM: "SIGTERM",
        SIGSYS: "SIGSYS", SIGXCPU: "SIGXCPU", SIGXFSZ: "SIGXFSZ",
    ]
}
