/// What the sandbox says of itself.
enum LandingPage {
    static func text(_ simulators: [any VendorSimulator]) -> String {
        let vendors = simulators.map { simulator in
            let hosts = simulator.hosts.map { "  /\($0)" }.joined(separator: "\n")
            return "\(simulator.vendor)\n\(hosts)\n    \(simulator.paths.joined(separator: "\n    "))"
        }
        return """
            Relais sandbox: simulated vendor APIs. Nothing that is sent here leaves this machine.

            Put the host's path in place of the vendor's address, for example
              endpoint: http://127.0.0.1:9191/\(simulators.first?.hosts.first ?? "")

            Simulated
            \(vendors.joined(separator: "\n"))

            Control
              GET    /_received         what was received, oldest first, as a JSON array;
                                        ?vendor=NAME  &fields=events  &accepted=true|false  &since=INDEX
              GET    /_received/count   how much; ?vendor=NAME  &by=event_id
              DELETE /_received         forget it; ?vendor=NAME
              GET    /_faults           the faults in force
              PUT    /_faults           set them: an array of objects with vendor, status, body, headers, rate,
                                        latency_ms, outage, reset, malformed, match, count
              DELETE /_faults           lift them

            """
    }
}
