import Foundation
import RelaisEvent
import Testing

@testable import RelaisLog

@Suite struct MarksFileTests {
    private let directory = try! TemporaryDirectory()
    private var path: String { directory.path + "/a.marks" }

    private func make(_ count: Int) throws -> [UInt8] {
        var builder = MarksFileBuilder()
        let set = builder.index(of: ["ga4", "meta"])
        for index in 0..<count {
            let window: IdentityKey.Window = index % 10 == 0 ? .purchase : .standard
            builder.append(
                key("event \(index)", window: window),
                seq: UInt64(1000 + index),
                acceptedMicros: 1_700_000_000_000_000,
                set: set
            )
        }
        let bytes = builder.encoded(firstSeq: 1000, endSeq: UInt64(1000 + count))
        try FileSystem.write(bytes, to: path, in: directory.path)
        return bytes
    }

    @Test(arguments: [0, 1, 3, 4, 5, 17, 5000]) func everyMarkIsFoundAndNoOther(count: Int) throws {
        _ = try make(count)
        let file = try MarksFile(path: path)
        #expect(file.markCount == count)
        #expect(file.firstSeq == 1000 && file.endSeq == UInt64(1000 + count))
        for index in 0..<count {
            let copy = try #require(file.newest(key("event \(index)")))
            #expect(copy.seq == UInt64(1000 + index))
            #expect(copy.had == ["ga4", "meta"])
            #expect(copy.acceptedMicros == 1_700_000_000_000_000)
        }
        for index in 0..<500 { #expect(file.newest(key("other \(index)")) == nil) }
    }

    @Test func halfAFingerprintIsNoMatch() throws {
        _ = try make(100)
        let file = try MarksFile(path: path)
        var wrong = key("event 7")
        wrong.low ^= 1
        #expect(file.newest(wrong) == nil)
        #expect(file.newest(key("event 7")) != nil)
    }

    @Test func anyChangedOrMissingByteIsNoticed() throws {
        let good = try make(40)
        for position in stride(from: 0, to: good.count, by: 7) {
            var bytes = good
            bytes[position] ^= 0x40
            try Data(bytes).write(to: URL(fileURLWithPath: path))
            #expect(throws: LogOpenError.self) { try MarksFile(path: path) }
            try Data(good.prefix(position)).write(to: URL(fileURLWithPath: path))
            #expect(throws: LogOpenError.self) { try MarksFile(path: path) }
        }
    }

    @Test func filesLiveAsLongAsTheirLongestWindow() throws {
        _ = try make(40)
        let file = try MarksFile(path: path)
        let windows = MarkWindows(standardMicros: 1_000_000, purchaseMicros: 5_000_000)
        #expect(file.isAlive(windows, now: 1_700_000_005_000_000))
        #expect(!file.isAlive(windows, now: 1_700_000_005_000_001))
    }

    @Test func marksOfAllOwnersAreFoundNewestFirst() throws {
        var builder = MarksFileBuilder()
        let set = builder.index(of: ["ga4"])
        for (index, name) in ["a", "b", "c"].enumerated() {
            builder.append(
                key("id").owned(by: .visitor, name),
                seq: UInt64(10 + index),
                acceptedMicros: 1_700_000_000_000_000,
                set: set
            )
        }
        try FileSystem.write(builder.encoded(firstSeq: 10, endSeq: 13), to: path, in: directory.path)
        var found: [FoundMark] = []
        try MarksFile(path: path).find(key("id")) { mark in
            found.append(mark)
            return found.count == 2
        }
        #expect(found.map(\.copy.seq) == [12, 11])
        #expect(found.map(\.key) == [key("id").owned(by: .visitor, "c"), key("id").owned(by: .visitor, "b")])
        #expect(found.allSatisfy { $0.key.owner == .visitor })
    }
}
