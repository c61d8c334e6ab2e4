/// `tls`: the collector speaks HTTPS with this certificate.
package struct TLSConfiguration: Sendable, Hashable {
    package enum Version: String, Sendable, CaseIterable {
        case tls12 = "1.2"
        case tls13 = "1.3"
    }

    /// `certificate`: a PEM file, the certificate first, then its chain.
    package var certificate: String
    /// `key`: a PEM file, which not every user may be able to read.
    package var key: String
    /// `min_version`: default 1.2.
    package var minimumVersion = Version.tls12

    package init(certificate: String, key: String) {
        self.certificate = certificate
        self.key = key
    }

    init?(_ reader: MappingReader) {
        let (certificate, key) = (reader.path("certificate"), reader.path("key"))
        let version: Version? = reader.choice("min_version")
        for name in ["certificate", "key"] where reader.entry(name) == nil {
            reader.reportMissing(name, fix: "write \(name): the path of a PEM file")
        }
        reader.finish()
        guard let certificate, let key else { return nil }
        self.init(certificate: certificate, key: key)
        minimumVersion = version ?? minimumVersion
    }
}
