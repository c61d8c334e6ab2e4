internal import NIOSSL
internal import RelaisConfig

/// The certificate and key that the collector shows, read from the files that `tls` names.
struct TLSIdentity: Sendable {
    let context: NIOSSLContext
    let stamp: FileStamp

    /// nil for a configuration without `tls`. Throws `ConfigurationErrors` at the place of `tls.certificate` or `tls.key`.
    init?(_ configuration: RelaisConfiguration) throws(ConfigurationErrors) {
        guard let tls = configuration.tls else { return nil }
        let files = TLSFiles(configuration: configuration)
        // Before the files are read: what changes meanwhile is seen next time.
        stamp = FileStamp([tls.certificate, tls.key])
        let chain = try files.certificates(tls.certificate)
        let key = try files.key(tls.key)
        var settings = NIOSSL.TLSConfiguration.makeServerConfiguration(
            certificateChain: chain.map { .certificate($0) },
            privateKey: .privateKey(key)
        )
        settings.minimumTLSVersion = tls.minimumVersion == .tls13 ? .tlsv13 : .tlsv12
        settings.applicationProtocols = ["http/1.1"]
        do {
            context = try NIOSSLContext(configuration: settings)
        } catch {
            throw files.failure(
                "key",
                "`\(tls.key)` is not the key of the certificate",
                "name the two files of one pair"
            )
        }
    }
}

/// Reads the two files, or says at their place in the configuration why they are of no use.
private struct TLSFiles {
    private static let byteLimit = 1 << 20

    let configuration: RelaisConfiguration

    func certificates(_ path: String) throws(ConfigurationErrors) -> [NIOSSLCertificate] {
        let bytes = try read(path, "certificate").bytes
        guard let chain = try? NIOSSLCertificate.fromPEMBytes(bytes), !chain.isEmpty else {
            throw failure(
                "certificate",
                "`\(path)` holds no certificate in PEM form",
                "begin it with -----BEGIN CERTIFICATE-----"
            )
        }
        return chain
    }

    func key(_ path: String) throws(ConfigurationErrors) -> NIOSSLPrivateKey {
        let contents = try read(path, "key")
        guard !contents.isWorldReadable else {
            throw failure("key", "every user of this machine can read `\(path)`", "chmod 600 it")
        }
        do {
            return try NIOSSLPrivateKey(bytes: contents.bytes, format: .pem)
        } catch {
            throw failure(
                "key",
                "`\(path)` holds no private key in PEM form without a passphrase",
                "openssl pkey -in … writes one"
            )
        }
    }

    private func read(_ path: String, _ name: String) throws(ConfigurationErrors) -> FileContents {
        switch ConfigurationFileReader.disk.read(path, Self.byteLimit) {
        case .success(let contents): return contents
        case .failure(let reason):
            throw failure(name, "`\(path)` \(reason)", "relative paths start at the folder of the configuration file")
        }
    }

    func failure(_ name: String, _ message: String, _ fix: String) -> ConfigurationErrors {
        let path = "tls.\(name)"
        return ConfigurationErrors(diagnostics: [
            ConfigurationDiagnostic(
                .error,
                at: configuration.location(of: path),
                path: path,
                message: message,
                fix: fix
            )
        ])
    }
}
