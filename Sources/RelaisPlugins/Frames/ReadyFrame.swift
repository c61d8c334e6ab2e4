import RelaisEvent

/// How making an instance went: the payload of a READY frame.
struct ReadyFrame: Sendable {
    struct Metric: Sendable {
        var name: String
        var unit: String
    }

    /// nil: the instance is there.
    var fault: PluginFault?
    var diagnostics: [PluginDiagnostic]
    var metrics: [Metric]

    init(_ payload: [UInt8]) throws(FrameError) {
        self = try Self.read(payload)
    }

    private init(fault: PluginFault?, diagnostics: [PluginDiagnostic], metrics: [Metric]) {
        self.fault = fault
        self.diagnostics = diagnostics
        self.metrics = metrics
    }

    private static func read(_ payload: [UInt8]) throws(FrameError) -> ReadyFrame {
        let result: Result<ReadyFrame, FrameError> = payload.withUnsafeBytes { bytes in
            Result { () throws(FrameError) in try read(FrameReader(bytes)) }
        }
        return try result.get()
    }

    private static func read(_ start: FrameReader) throws(FrameError) -> ReadyFrame {
        var reader = start
        let isUsable = try reader.integer(UInt8.self) == 1
        let fault = PluginFault(reason: try reader.text(), detail: try reader.text())
        let diagnostics = try reader.diagnostics()
        var metrics: [Metric] = []
        for _ in 0..<(try reader.count(of: 8)) {
            metrics.append(Metric(name: try reader.text(), unit: try reader.text()))
        }
        guard reader.isAtEnd, metrics.count <= 32 else { throw FrameError(detail: "a READY frame is too long") }
        return ReadyFrame(fault: isUsable ? nil : fault, diagnostics: diagnostics, metrics: metrics)
    }
}

extension FrameReader {
    mutating func diagnostics() throws(FrameError) -> [PluginDiagnostic] {
        var result: [PluginDiagnostic] = []
        for _ in 0..<(try count(of: 12)) {
            let level: Int32 = try integer()
            result.append(PluginDiagnostic(level: level, pointer: try text(), message: try text()))
        }
        return result
    }
}
