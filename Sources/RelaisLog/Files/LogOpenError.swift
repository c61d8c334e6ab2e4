/// Why a store of the state directory cannot be opened; each says what, where and what to do.
package enum LogOpenError: Error, Sendable, Equatable, CustomStringConvertible {
    /// Another process (or this one) has it open.
    case locked(path: String, holder: String)
    /// A newer version of the program wrote it.
    case newerSchema(path: String, found: Int, supported: Int)
    /// The file is not what it should be, and what it held is not known.
    case damaged(path: String, reason: String)
    /// The system refused.
    case system(path: String, reason: String)

    package var description: String {
        switch self {
        case .locked(let path, let holder):
            "\(path) is locked by \(holder): stop that process, or give this one another state directory"
        case .newerSchema(let path, let found, let supported):
            "\(path) has schema version \(found), this build reads up to \(supported): "
                + "run the version that wrote it, or a newer one"
        case .damaged(let path, let reason):
            "\(path) is damaged (\(reason)): restore it, or move it away and accept the loss of what only it held"
        case .system(let path, let reason):
            "\(path) cannot be opened: \(reason)"
        }
    }
}
