import RelaisConfig

@testable import RelaisPlugins

/// Files: the configuration, and what a plugin's library says of itself.
enum FileTargets {
    static let configuration = FuzzTarget(name: "config") { repository in
        let fixtures = try repository.files(in: "Tests/RelaisConfigTests/Fixtures", ending: ".yaml")
        let demo = try repository.bytes("deploy/demo/relais.yaml")
        return FuzzTarget.Prepared(seeds: fixtures + [demo]) { input in
            let files = ConfigurationFileReader { path, _ in
                path == "fuzz.yaml" ? .success(FileContents(bytes: input)) : .failure(.missing)
            }
            do throws(ConfigurationErrors) {
                let loaded = try ConfigurationLoader.load(path: "fuzz.yaml", environment: ["A": "x"], readFile: files)
                return FuzzOutcome("\(loaded.diagnostics.map(\.message)) \(loaded.destinations.count)")
            } catch {
                guard let first = error.diagnostics.first else { FuzzOutcome.fault("refused without an error") }
                if error.diagnostics.contains(where: { $0.location.line < 1 || $0.message.isEmpty }) {
                    FuzzOutcome.fault("an error without place or words")
                }
                return FuzzOutcome(first.message)
            }
        }
    }

    /// A manifest, NUL, and a configuration for its schema.
    static let manifest = FuzzTarget(name: "manifest") { repository in
        let configurations = [
            #"{"measurement_id":"G-TEST1","api_secret":"s0123456789","endpoint":"http://127.0.0.1:1/x"}"#,
            #"{"pixel_id":"123456789012345","access_token":"t","params":{"params.a":"custom_data.a"}}"#,
            #"{"endpoint":7}"#,
        ]
        let example = try repository.bytes("plugin-sdk/examples/c/manifest.json")
        let seeds: [[UInt8]] = try (repository.manifests() + [example]).flatMap { manifest -> [[UInt8]] in
            configurations.map { configuration -> [UInt8] in manifest + [0] + Array(configuration.utf8) }
        }
        return FuzzTarget.Prepared(seeds: seeds) { input in
            let end = input.firstIndex(of: 0) ?? input.count
            let reading = ManifestReader.read(String(decoding: input[..<end], as: UTF8.self))
            guard reading.manifest != nil else {
                guard let problem = reading.problems.first else { FuzzOutcome.fault("no manifest and no problem") }
                return FuzzOutcome(problem.message)
            }
            guard let value = try? JSONParser.parse(Array(input[min(end + 1, input.count)...])) else {
                return FuzzOutcome(1)
            }
            return FuzzOutcome(reading.schema.validate(value).problems.map(\.message).joined())
        }
    }

    static let library = FuzzTarget(name: "elf") { repository in
        let libraries = try repository.files(in: ".build/fuzz/libraries", ending: ".so")
        return FuzzTarget.Prepared(seeds: libraries) { input in
            do throws(PluginProblem) {
                return FuzzOutcome(try ELFManifestReader.read(input, path: "x.so").exports.joined(separator: " "))
            } catch {
                return FuzzOutcome(error.message)
            }
        }
    }

    /// A strict reader: what it takes, it can write and read again.
    static let json = FuzzTarget(name: "plugin-json") { repository in
        let seeds = try repository.manifests() + RequestTargets.eventTexts(repository).map { Array($0.utf8) }
        return FuzzTarget.Prepared(seeds: seeds) { input in
            do throws(JSONSyntaxError) {
                let value = try JSONParser.parse(input)
                guard let again = try? JSONParser.parse(value.text), again == value else {
                    FuzzOutcome.fault("what was read cannot be written and read again")
                }
                return FuzzOutcome(UInt64(min(value.members?.count ?? 0, 64)))
            } catch {
                return FuzzOutcome(error.message)
            }
        }
    }
}
