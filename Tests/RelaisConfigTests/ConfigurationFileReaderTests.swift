import Foundation
import RelaisConfig
import Testing

struct ConfigurationFileReaderTests {
    private func withFolder(_ body: (String) throws -> Void) throws {
        let folder = NSTemporaryDirectory() + "relais-config-\(UUID().uuidString)"
        try FileManager.default.createDirectory(atPath: folder, withIntermediateDirectories: true)
        defer { try? FileManager.default.removeItem(atPath: folder) }
        try body(folder)
    }

    private func failure(_ path: String, limit: Int = 100) -> FileReadError? {
        guard case .failure(let failure) = ConfigurationFileReader.disk.read(path, limit) else { return nil }
        return failure
    }

    @Test func aFileIsReadWithItsPermissions() throws {
        try withFolder { folder in
            let path = "\(folder)/secret"
            let isCreated = FileManager.default.createFile(
                atPath: path,
                contents: Data("abc".utf8),
                attributes: [.posixPermissions: 0o600]
            )
            #expect(isCreated)
            let closed = try ConfigurationFileReader.disk.read(path, 3).get()
            #expect(closed.bytes == Array("abc".utf8))
            #expect(!closed.isWorldReadable)
            try FileManager.default.setAttributes([.posixPermissions: 0o644], ofItemAtPath: path)
            #expect(try ConfigurationFileReader.disk.read(path, 3).get().isWorldReadable)
            #expect(failure(path, limit: 2) == .tooLarge(limit: 2))
        }
    }

    @Test func whatIsNoFileIsRefused() throws {
        try withFolder { folder in
            #expect(failure("\(folder)/absent") == .missing)
            #expect(failure(folder) == .notARegularFile)
            #expect(failure("/dev/zero") == .notARegularFile)
        }
    }

    @Test func aConfigurationAndItsSecretsAreLoadedFromDisk() throws {
        try withFolder { folder in
            let text = """
                sites: { shop: { domains: [example.com] } }
                sources: { web: { clients: [relais] } }
                admin: { token: { file: token } }
                state: data
                """
            try Data(text.utf8).write(to: URL(fileURLWithPath: "\(folder)/relais.yaml"))
            try Data("from-disk\n".utf8).write(to: URL(fileURLWithPath: "\(folder)/token"))
            let configuration = try ConfigurationLoader.load(path: "\(folder)/relais.yaml", environment: [:])
            #expect(configuration.admin.token?.value == "from-disk")
            #expect(configuration.state == "\(folder)/data")
        }
    }

    @Test func anAbsentConfigurationIsOneClearError() throws {
        let errors = try #require(throws: ConfigurationErrors.self) {
            try ConfigurationLoader.load(path: "/nonexistent/relais.yaml", environment: [:])
        }
        #expect(
            errors.description
                == "/nonexistent/relais.yaml:1:1: error: the configuration file does not exist "
                + "(fix: name an existing file with --config)"
        )
    }
}
