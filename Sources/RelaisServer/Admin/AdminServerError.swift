/// Why the admin API could not start.
enum AdminServerError: Error, Sendable, Equatable, CustomStringConvertible {
    case addressInUse(String)
    case cannotListen(String, reason: String)

    var description: String {
        switch self {
        case .addressInUse(let address):
            "the admin API cannot listen on \(address): the port is taken; stop what uses it (another relais?), or set "
                + "admin.listen to another port"
        case .cannotListen(let address, let reason):
            "the admin API cannot listen on \(address): \(reason); set admin.listen to an address of this machine and a "
                + "port that may be used"
        }
    }
}
