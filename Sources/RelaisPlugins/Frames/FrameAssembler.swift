import CRelaisHost
import Glibc
import RelaisEvent

/// Cuts a stream of bytes into frames; only LOG frames and one kind of answer may come.
struct FrameAssembler {
    struct Frame {
        var kind: Int
        var payload: [UInt8]
    }

    private static let headerSize = Int(RELAIS_FRAME_HEADER)
    private static let largestLog = 4096
    private static let mostLogs = 256
    private let answer: Int
    private var bytes: [UInt8] = []
    private var logs = 0

    init(answer: Int) { self.answer = answer }

    var isEmpty: Bool { bytes.isEmpty }

    /// Reads once into the buffer. Returns what `read` returned and errno.
    mutating func fill(atLeast size: Int, _ read: (UnsafeMutableRawBufferPointer) -> Int) -> (Int, Int32) {
        withUnsafeTemporaryAllocation(byteCount: size, alignment: 1) { buffer in
            let count = read(buffer)
            let error = errno
            if count > 0 { bytes.append(contentsOf: buffer[..<count]) }
            return (count, error)
        }
    }

    /// The next whole frame, nil when bytes are missing.
    mutating func next() throws(ChildProcess.Failure) -> Frame? {
        guard bytes.count >= Self.headerSize else { return nil }
        let (magic, version, kind, length) = bytes.withUnsafeBytes { bytes in
            (
                bytes.integer(at: 0, as: UInt32.self), bytes.integer(at: 4, as: UInt16.self),
                Int(bytes.integer(at: 6, as: UInt16.self) ?? 0), Int(bytes.integer(at: 8, as: UInt32.self) ?? 0)
            )
        }
        guard magic == UInt32(RELAIS_FRAME_MAGIC), version == UInt16(RELAIS_FRAME_VERSION) else {
            throw .garbage("it wrote something that is no frame")
        }
        guard kind == answer || kind == Int(RELAIS_FRAME_LOG) else {
            throw .garbage("it wrote a frame of kind \(kind)")
        }
        let isLog = kind == Int(RELAIS_FRAME_LOG)
        logs += isLog ? 1 : 0
        guard length <= (isLog ? Self.largestLog : Int(RELAIS_FRAME_LIMIT)), logs <= Self.mostLogs else {
            throw .garbage("it wrote a frame that is too large, or too many")
        }
        guard bytes.count >= Self.headerSize + length else {
            bytes.reserveCapacity(Self.headerSize + length)
            logs -= isLog ? 1 : 0
            return nil
        }
        let end = Self.headerSize + length
        let payload = Array(bytes[Self.headerSize..<end])
        bytes.removeFirst(end)
        return Frame(kind: kind, payload: payload)
    }
}
