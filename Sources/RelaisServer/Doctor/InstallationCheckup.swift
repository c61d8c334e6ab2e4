internal import Foundation
internal import NIOSSL
internal import RelaisConfig
internal import RelaisLog

/// Examines what is on this machine: configuration, plugins, state folder, disk and certificate.
struct InstallationCheckup {
    private static let certificateNotice: Int64 = 14 * 86_400

    let configurationPath: String
    let environment: [String: String]
    /// Seconds since 1970.
    let now: Int64
    private(set) var report = DoctorReport()

    init(configurationPath: String, environment: [String: String], now: Int64) {
        self.configurationPath = configurationPath
        self.environment = environment
        self.now = now
    }

    /// The configuration, when it can be read at all.
    mutating func run() -> RelaisConfiguration? {
        checkConfiguration()
        guard let configuration = try? ConfigurationLoader.load(path: configurationPath, environment: environment)
        else {
            return nil
        }
        checkState(configuration)
        checkDisk(configuration)
        checkCertificate(configuration)
        return configuration
    }

    private mutating func checkConfiguration() {
        let check = ConfigurationCheck.run(path: configurationPath, environment: environment)
        for finding in check.findings {
            let message = "\(finding.location): \(finding.path): \(finding.message)"
            finding.severity == .error
                ? report.complain("configuration", message, fix: finding.fix)
                : report.advise("configuration", message, fix: finding.fix)
        }
        for problem in check.pluginProblems { report.complain("plugins", problem) }
        if !check.hasErrors { report.ok("configuration", check.summary.replacing("ok: ", with: "")) }
    }

    // MARK: State

    private mutating func checkState(_ configuration: RelaisConfiguration) {
        let state = configuration.state
        guard let mode = Self.mode(state) else {
            return report.advise("state", "\(state) does not exist yet: the relay makes it when it starts")
        }
        var isPrivate = true
        for (name, expected) in [("", 0o700), (CookieKeyFile.name, 0o600), ("relais.db", 0o600), ("log", 0o700)] {
            let path = name.isEmpty ? state : "\(state)/\(name)"
            guard let mode = name.isEmpty ? mode : Self.mode(path), mode & 0o077 != 0 else { continue }
            isPrivate = false
            report.complain("state", "others can get at \(path)", fix: "chmod \(String(expected, radix: 8)) it")
        }
        if isPrivate { report.ok("state", "\(state) is its owner's alone") }
    }

    private static func mode(_ path: String) -> Int? {
        (try? FileManager.default.attributesOfItem(atPath: path))?[.posixPermissions] as? Int
    }

    private mutating func checkDisk(_ configuration: RelaisConfiguration) {
        var folder = configuration.state
        while !FileManager.default.fileExists(atPath: folder), folder.count > 1 {
            folder = (folder as NSString).deletingLastPathComponent
        }
        guard let space = DiskSpace(at: folder) else { return }
        let free = Self.size(space.free)
        if space.free < configuration.store.minFree {
            report.complain(
                "disk",
                "\(free) are free where \(configuration.state) lies, less than store.min_free",
                fix: "make room, or lower store.keep and store.max_bytes"
            )
        } else if space.free < configuration.store.minFree * 4 {
            report.advise("disk", "only \(free) are free where \(configuration.state) lies", fix: "make room")
        } else {
            report.ok("disk", "\(free) are free where \(configuration.state) lies")
        }
    }

    private static func size(_ bytes: Int) -> String {
        bytes >= 10 << 30 ? "\(bytes >> 30) GiB" : "\(bytes >> 20) MiB"
    }

    // MARK: Certificate

    private mutating func checkCertificate(_ configuration: RelaisConfiguration) {
        guard let tls = configuration.tls,
            let certificate = try? NIOSSLCertificate.fromPEMFile(tls.certificate).first
        else { return }
        let left = Int64(certificate.notValidAfter) - now
        if left <= 0 {
            report.complain("tls", "the certificate \(tls.certificate) has expired", fix: "renew it")
        } else if Int64(certificate.notValidBefore) > now {
            report.complain(
                "tls",
                "the certificate \(tls.certificate) is not valid yet",
                fix: "check this machine's clock"
            )
        } else if left < Self.certificateNotice {
            report.advise("tls", "the certificate \(tls.certificate) ends in \(left / 86_400) days", fix: "renew it")
        } else {
            report.ok("tls", "the certificate \(tls.certificate) is good for \(left / 86_400) days")
        }
    }
}
