/// Why a sandbox could not run.
package enum SandboxError: Error, Equatable, CustomStringConvertible {
    case addressInUse(host: String, port: Int)
    case cannotListen(host: String, port: Int, reason: String)

    package var description: String {
        switch self {
        case .addressInUse(let host, let port):
            "the sandbox cannot listen on \(host):\(port): the port is taken; stop what uses it, or choose another "
                + "port (0 lets the system choose)"
        case .cannotListen(let host, let port, let reason):
            "the sandbox cannot listen on \(host):\(port): \(reason); check that the address belongs to this machine "
                + "and that the port may be used"
        }
    }
}
