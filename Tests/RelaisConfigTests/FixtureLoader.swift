import Foundation
import RelaisConfig

enum FixtureLoader {
    static let environment = [
        "RELAIS_ADMIN_TOKEN": "admin-secret-1", "WRITE_KEY": "write-secret-2", "GA4_SECRET": "ga4-secret-3",
        "META_TOKEN": "meta-secret-4", "PORT": "9191",
    ]

    static let secretFiles: [String: Result<FileContents, FileReadError>] = [
        "secrets/admin": .success(FileContents(bytes: Array("file-secret-5\n".utf8))),
        "secrets/meta": .success(FileContents(bytes: Array("file-secret-6\r\n".utf8))),
        "secrets/open": .success(FileContents(bytes: Array("file-secret-7".utf8), isWorldReadable: true)),
        "secrets/empty": .success(FileContents(bytes: [10])),
        "secrets/binary": .success(FileContents(bytes: [0xFF, 0xFE])),
        "secrets/huge": .failure(.tooLarge(limit: 65536)),
        "secrets/locked": .failure(.unreadable(reason: "Permission denied")),
        "secrets": .failure(.notARegularFile),
    ]

    static let secretValues = [
        "admin-secret-1", "write-secret-2", "ga4-secret-3", "meta-secret-4", "file-secret-5", "file-secret-6",
        "file-secret-7", "literal-key-0123456789", "hidden-literal", "same-key-1",
    ]

    static func names(_ suffix: String) -> [String] {
        let folder = Bundle.module.bundleURL.appendingPathComponent("Fixtures")
        let files = (try? FileManager.default.contentsOfDirectory(atPath: folder.path)) ?? []
        return files.filter { $0.hasSuffix(suffix) }.map { String($0.dropLast(suffix.count)) }.sorted()
    }

    static func bytes(_ name: String) throws -> [UInt8] {
        Array(try Data(contentsOf: Bundle.module.bundleURL.appendingPathComponent("Fixtures/\(name)")))
    }

    static func load(fixture name: String) throws -> RelaisConfiguration {
        try load(bytes: bytes(name))
    }

    static func load(text: String, folder: String = "") throws(ConfigurationErrors) -> RelaisConfiguration {
        try load(bytes: Array(text.utf8), folder: folder)
    }

    static func load(bytes: [UInt8], folder: String = "") throws(ConfigurationErrors) -> RelaisConfiguration {
        let path = "\(folder)relais.yaml"
        let reader = ConfigurationFileReader { name, limit in
            if name == path {
                return bytes.count > limit ? .failure(.tooLarge(limit: limit)) : .success(.init(bytes: bytes))
            }
            return secretFiles[String(name.dropFirst(folder.count))] ?? .failure(.missing)
        }
        return try ConfigurationLoader.load(path: path, environment: environment, readFile: reader)
    }
}
