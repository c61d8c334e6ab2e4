import CRelaisFuzz
import Foundation

/// Throws mutated inputs at what is read in Swift: `relais-fuzz --root REPOSITORY [--seed N] [--seconds N] [--runs N]
/// [--input-seconds N] [--artifacts FOLDER] [--input FILE] TARGET`. `relais-fuzz --list yes` prints the targets' names.
@main
enum FuzzMain {
    static func main() {
        let options = options(CommandLine.arguments.dropFirst())
        guard options["list"] == nil else { return FuzzTarget.all.map(\.name).forEach { print($0) } }
        guard let name = options["target"],
            let target = (FuzzTarget.all + [PlantedTarget.target]).first(where: { $0.name == name })
        else {
            end("the target is one of: \(FuzzTarget.all.map(\.name).joined(separator: ", "))")
        }
        do {
            exit(try run(target, options))
        } catch {
            end("\(target.name) cannot begin: \(error)")
        }
    }

    private static func options(_ arguments: ArraySlice<String>) -> [String: String] {
        var options: [String: String] = [:]
        var rest = arguments
        while let word = rest.popFirst() {
            if word.hasPrefix("--") {
                options[String(word.dropFirst(2))] = rest.popFirst()
            } else {
                options["target"] = word
            }
        }
        return options
    }

    private static func run(_ target: FuzzTarget, _ options: [String: String]) throws -> Int32 {
        let repository = FuzzRepository(root: options["root"] ?? FileManager.default.currentDirectoryPath)
        let settings = relais_fuzz_options(
            seed: options["seed"].flatMap { UInt64($0) } ?? 1,
            seconds: options["seconds"].flatMap { Double($0) } ?? (options["runs"] == nil ? 60 : 0),
            runs: options["runs"].flatMap { UInt64($0) } ?? 0,
            input_seconds: options["input-seconds"].flatMap { UInt64($0) } ?? 0,
            memory: 0,
            artifacts: strdup(options["artifacts"] ?? ".")
        )
        guard let fuzz = relais_fuzz_create(settings) else { end("memory is out") }
        let prepared = try target.prepare(repository)
        for seed in prepared.seeds { relais_fuzz_add(fuzz, seed, seed.count) }
        let context = Unmanaged.passRetained(FuzzContext(prepared.run)).toOpaque()
        var native = relais_fuzz_target(name: strdup(target.name), context: context, run: runInput, mutate: nil)
        guard let file = options["input"] else { return relais_fuzz_run(fuzz, &native) }
        let input = Array(try Data(contentsOf: URL(fileURLWithPath: file)))
        return relais_fuzz_replay(fuzz, &native, input, input.count)
    }

    private static let runInput: @convention(c) (UnsafeMutableRawPointer?, UnsafePointer<UInt8>?, Int) -> UInt64 = {
        context,
        bytes,
        length in
        guard let context else { return 0 }
        let input = Array(UnsafeBufferPointer(start: bytes, count: length))
        return Unmanaged<FuzzContext>.fromOpaque(context).takeUnretainedValue().run(input).value
    }

    private static func end(_ message: String) -> Never {
        FileHandle.standardError.write(Data("relais-fuzz: \(message)\n".utf8))
        exit(2)
    }
}

private final class FuzzContext {
    let run: ([UInt8]) -> FuzzOutcome

    init(_ run: @escaping ([UInt8]) -> FuzzOutcome) { self.run = run }
}
