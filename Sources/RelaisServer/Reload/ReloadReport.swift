internal import RelaisConfig
internal import RelaisEvent

/// What came of a reload.
struct ReloadReport: Sendable {
    /// False: everything is as it was before.
    var isApplied = false
    /// About the file and the destinations' configurations, in the order of the file.
    var findings: [ConfigurationDiagnostic] = []
    /// A sentence each about what has no place in the file: plugin files, the disk.
    var problems: [String] = []
    var changes = DeliveryChanges()

    /// `{"applied":…,["error":"…",]"destinations":{"added":["…"],"restarted":[…],"removed":[…],"unchanged":[…]},
    /// "findings":[{"severity","file","line","column","path","message"[,"fix"]}],"problems":["…"]}`.
    func json() -> [UInt8] {
        var writer = JSONWriter()
        writer.object { writer in
            writer.member("applied", isApplied)
            if !isApplied { writer.member("error", "the configuration was not applied: nothing has changed") }
            writer.key("destinations")
            writer.object { writer in
                for (name, destinations) in [
                    ("added", changes.added), ("restarted", changes.restarted), ("removed", changes.removed),
                    ("unchanged", changes.unchanged),
                ] {
                    writer.array(name) { writer in for destination in destinations { writer.string(destination) } }
                }
            }
            writer.array("findings") { writer in for finding in findings { finding.write(to: &writer) } }
            writer.array("problems") { writer in for problem in problems { writer.string(problem) } }
        }
        return writer.bytes
    }
}
