internal import RelaisConfig

/// The keys that a running relay cannot change: it listens, stores and runs plugins as it was started.
enum RestartRule {
    private static let keys: [(path: String, value: @Sendable (RelaisConfiguration) -> String)] = [
        ("listen", { $0.listen.description }),
        ("admin.listen", { $0.admin.listen.description }),
        ("state", { $0.state }),
        ("plugins.isolation", { $0.plugins.isolation.rawValue }),
        ("dedup.window", { "\($0.dedup.window)" }),
        ("dedup.purchase", { "\($0.dedup.purchase)" }),
    ]

    /// An error for each of them that the new configuration has otherwise.
    static func violations(from running: RelaisConfiguration, to wanted: RelaisConfiguration)
        -> [ConfigurationDiagnostic]
    {
        keys.filter { $0.value(running) != $0.value(wanted) }.map { key in
            ConfigurationDiagnostic(
                .error,
                at: wanted.location(of: key.path),
                path: key.path,
                message: "needs a restart: a running relay cannot change it",
                fix: "restart relais, or put the former value back and reload"
            )
        }
    }
}
