import Foundation

/// What a file given to `relais send` holds.
enum SendInput: Equatable {
    /// Requests to be replayed in order, each with the line it begins at.
    case recording([Line])
    /// JSON events, each as it was written.
    case events([[UInt8]])

    struct Line: Equatable {
        var number: Int
        var request: RecordedRequest
    }

    /// Judges by the first element: an object with `method` and `path` begins a recording.
    ///
    /// - Throws: A ``CommandFailure`` that names file and line.
    init(_ bytes: [UInt8], file: String) throws(CommandFailure) {
        let ranges: [Range<Int>]
        do throws(JSONSplitError) {
            ranges = try JSONSplitter.elements(of: bytes)
        } catch {
            throw CommandFailure("\(file):\(error.line): not JSON: \(error.reason)", code: CommandFailure.usage)
        }
        guard let first = ranges.first else {
            throw CommandFailure("\(file) holds neither events nor recorded requests", code: CommandFailure.usage)
        }
        if try Self.line(first, of: bytes, file: file) == nil {
            self = .events(ranges.map { Array(bytes[$0]) })
            return
        }
        var lines: [Line] = []
        for range in ranges {
            guard let line = try Self.line(range, of: bytes, file: file) else {
                let number = JSONSplitter.line(of: range.lowerBound, in: bytes)
                throw CommandFailure(
                    "\(file):\(number): not a recorded request: it needs \"method\" and \"path\", \"headers\" as an "
                        + "object of texts, \"body\" as a text",
                    code: CommandFailure.usage
                )
            }
            lines.append(line)
        }
        self = .recording(lines)
    }

    private static func line(_ range: Range<Int>, of bytes: [UInt8], file: String) throws(CommandFailure) -> Line? {
        let number = JSONSplitter.line(of: range.lowerBound, in: bytes)
        do throws(RecordingError) {
            guard let request = try RecordedRequest(bytes[range]) else { return nil }
            return Line(number: number, request: request)
        } catch {
            throw CommandFailure("\(file):\(number): \(error.reason)", code: CommandFailure.usage)
        }
    }

    /// Groups of events of at most `count` events and about `bytes` bytes.
    static func batches(_ events: [[UInt8]], count: Int, bytes: Int) -> [Range<Int>] {
        var batches: [Range<Int>] = []
        var start = 0
        var size = 0
        for (index, event) in events.enumerated() {
            if index > start, index - start >= count || size + event.count > bytes {
                batches.append(start..<index)
                start = index
                size = 0
            }
            size += event.count + 1
        }
        if start < events.count { batches.append(start..<events.count) }
        return batches
    }
}

extension SendInput {
    /// The bytes of a file; of standard input for `-`.
    static func read(_ file: String) throws -> [UInt8] {
        do {
            guard file != "-" else { return Array(try FileHandle.standardInput.readToEnd() ?? Data()) }
            return Array(try Data(contentsOf: URL(fileURLWithPath: file)))
        } catch {
            throw CommandFailure("\(file) \(reason(file, error))", code: CommandFailure.usage)
        }
    }

    private static func reason(_ file: String, _ error: any Error) -> String {
        var isDirectory: ObjCBool = false
        guard FileManager.default.fileExists(atPath: file, isDirectory: &isDirectory) else { return "does not exist" }
        return isDirectory.boolValue ? "is a directory" : "cannot be read: \(error.localizedDescription)"
    }
}
