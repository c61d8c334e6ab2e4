import Foundation
import RelaisTestKit
import Testing

/// Certificates that sign themselves, made by openssl.
enum Certificate {
    /// Writes `key.pem` and `chain.pem` of that name into a folder; `names` as openssl writes them: `DNS:t.shop.example`.
    static func make(in folder: TemporaryDirectory, name: String, names: String, days: Int = 2) async throws {
        let made = try await CommandResult.of(
            "/usr/bin/openssl",
            [
                "req", "-x509", "-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:prime256v1", "-nodes", "-days",
                "\(days)",
                "-subj", "/CN=\(name)", "-addext", "subjectAltName=\(names)", "-keyout", folder.file("key.pem"), "-out",
                folder.file("chain.pem"),
            ],
            within: .seconds(30)
        )
        try #require(made.status == 0, "\(made.errors)")
        try FileManager.default.setAttributes([.posixPermissions: 0o600], ofItemAtPath: folder.file("key.pem"))
    }
}
