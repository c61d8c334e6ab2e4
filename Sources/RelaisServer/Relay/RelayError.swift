/// Why the relay cannot run; each in a sentence for the person who starts it.
package enum RelayError: Error, Sendable, CustomStringConvertible {
    case cannotListen(address: String, key: String, reason: String)
    /// One sentence a problem.
    case plugins([String])
    case store(path: String, reason: String)

    package var description: String {
        switch self {
        case .cannotListen(let address, let key, let reason):
            "cannot listen on \(address): \(reason). Is another relay running there? Stop it, or change `\(key)` in the configuration"
        case .plugins(let problems): problems.joined(separator: "\n")
        case .store(let path, let reason): "cannot open the state in \(path): \(reason)"
        }
    }
}
