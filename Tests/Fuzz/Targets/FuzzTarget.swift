import CRelaisFuzz
import Foundation

/// Something that reads what others wrote. To add one: a value like these, in `all`.
struct FuzzTarget: Sendable {
    struct Prepared {
        /// Inputs to begin with.
        var seeds: [[UInt8]]
        var run: ([UInt8]) -> FuzzOutcome
    }

    var name: String
    var prepare: @Sendable (FuzzRepository) throws -> Prepared

    static var all: [FuzzTarget] {
        [
            RequestTargets.gtag, RequestTargets.events, RequestTargets.lines, RequestTargets.segment,
            RequestTargets.measurementProtocol, RequestTargets.consent, ScriptTarget.target,
            RecordTarget.target, FrameTargets.replies, FrameTargets.ready, FrameTargets.stream,
            FileTargets.configuration, FileTargets.manifest, FileTargets.library, FileTargets.json,
        ]
    }
}

/// What became of an input: inputs that come to something new are kept and mutated further.
struct FuzzOutcome {
    var value: UInt64

    init(_ value: UInt64) { self.value = value }

    /// Of a message, numbers left out.
    init(_ message: String) {
        value = message.utf8.reduce(0xCBF2_9CE4_8422_2325) { hash, byte in
            (0x30...0x39).contains(byte) ? hash : (hash ^ UInt64(byte)) &* 0x100_0000_01B3
        }
    }

    /// Ends the process: what came out breaks a promise.
    static func fault(_ reason: String) -> Never { relais_fuzz_fault(reason) }
}

/// Files of the repository that inputs are made of.
struct FuzzRepository: Sendable {
    var root: String

    func bytes(_ path: String) throws -> [UInt8] {
        Array(try Data(contentsOf: URL(fileURLWithPath: "\(root)/\(path)")))
    }

    func text(_ path: String) throws -> String { String(decoding: try bytes(path), as: UTF8.self) }

    func lines(_ path: String) throws -> [String] { try text(path).split(separator: "\n").map(String.init) }

    /// The files of a folder whose names end so, in order.
    func files(in folder: String, ending: String) throws -> [[UInt8]] {
        try FileManager.default.contentsOfDirectory(atPath: "\(root)/\(folder)").filter { $0.hasSuffix(ending) }
            .sorted()
            .map { try bytes("\(folder)/\($0)") }
    }

    /// The manifests of all plugins of the repository.
    func manifests() throws -> [[UInt8]] {
        try FileManager.default.contentsOfDirectory(atPath: "\(root)/Plugins").sorted().compactMap {
            try? bytes("Plugins/\($0)/manifest.json")
        }
    }
}
