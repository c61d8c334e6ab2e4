internal import Glibc
internal import RelaisConfig
internal import RelaisIngest

/// The database that `geo.file` names, as it was when it was read. What is mapped is a copy that has no name, in the
/// relay's state folder: a file that is written over in its place (`cp`, `curl -o`) would otherwise crash whoever has it
/// mapped.
struct GeoFile: Sendable {
    let database: GeoDatabase
    let stamp: FileStamp

    /// nil for a configuration without `geo.file`. Throws `ConfigurationErrors` at its place.
    init?(_ configuration: RelaisConfiguration) throws(ConfigurationErrors) {
        guard let path = configuration.geo.file else { return nil }
        // Before the file is read: what changes meanwhile is seen next time.
        stamp = FileStamp([path])
        do {
            let copy = try PrivateCopy(of: path, in: configuration.state)
            database = try withExtendedLifetime(copy) { try GeoDatabase(path: copy.path) }
        } catch {
            let reason = (error as? GeoDatabase.Problem)?.reason ?? "\(error)"
            throw ConfigurationErrors(diagnostics: [
                ConfigurationDiagnostic(
                    .error,
                    at: configuration.location(of: "geo.file"),
                    path: "geo.file",
                    message: "`\(path)` cannot be used: \(reason)",
                    fix: "name a MaxMind database of countries or cities, such as GeoLite2-City.mmdb"
                )
            ])
        }
    }
}
