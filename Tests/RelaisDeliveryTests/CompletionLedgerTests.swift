import RelaisDelivery
import Testing

@Suite struct CompletionLedgerTests {
    @Test func cursorFollowsWhatIsLoadedWhenNothingIsOpen() {
        var ledger = CompletionLedger(cursor: 1)
        ledger.loaded(upTo: 50)
        #expect(ledger.cursor == 50)
        #expect(ledger.completed.isEmpty)
    }

    @Test func cursorWaitsForTheFirstOpenEvent() {
        var ledger = CompletionLedger(cursor: 1)
        let first = ledger.cover(5)
        let second = ledger.cover(9)
        ledger.loaded(upTo: 20)
        #expect(ledger.cursor == 1)
        ledger.complete(9, coverStart: second)
        #expect(ledger.cursor == 1)
        #expect(ledger.completed == [6..<10])
        ledger.complete(5, coverStart: first)
        #expect(ledger.cursor == 20)
        #expect(ledger.completed.isEmpty)
    }

    @Test func adjacentRangesMerge() {
        var ledger = CompletionLedger(cursor: 1)
        let covers = (1...6).map { ledger.cover(UInt64($0)) }
        ledger.loaded(upTo: 7)
        for seq in [4, 6, 2, 5] { ledger.complete(UInt64(seq), coverStart: covers[seq - 1]) }
        #expect(ledger.completed == [2..<3, 4..<7])
        ledger.complete(3, coverStart: covers[2])
        #expect(ledger.completed == [2..<7])
        #expect(ledger.isDone(6))
        #expect(!ledger.isDone(1))
    }

    @Test func restoredRangesAreNotDoneTwice() {
        var ledger = CompletionLedger(cursor: 3, completed: [5..<8, 12..<14])
        #expect([3, 4, 8, 11, 14].allSatisfy { !ledger.isDone($0) })
        #expect([1, 2, 5, 7, 12, 13].allSatisfy { ledger.isDone($0) })
        let cover = ledger.cover(4)
        ledger.loaded(upTo: 9)
        ledger.complete(4, coverStart: cover)
        #expect(ledger.cursor == 9)
        ledger.loaded(upTo: 12)
        #expect(ledger.cursor == 14)
        #expect(ledger.loadPosition == 14)
    }

    @Test(arguments: 0..<40)
    func agreesWithASetOfNumbers(seed: UInt64) {
        var generator = SeededGenerator(seed: seed)
        var ledger = CompletionLedger(cursor: 1)
        var open: [UInt64: UInt64] = [:]
        var next: UInt64 = 1
        var undone: Set<UInt64> = []
        for _ in 0..<300 {
            if Bool.random(using: &generator) {
                let seq = next + UInt64.random(in: 0..<4, using: &generator)
                open[seq] = ledger.cover(seq)
                undone.insert(seq)
                next = seq + 1 + UInt64.random(in: 0..<3, using: &generator)
                ledger.loaded(upTo: next)
            } else if let seq = open.keys.sorted().randomElement(using: &generator), let cover = open[seq] {
                open[seq] = nil
                undone.remove(seq)
                ledger.complete(seq, coverStart: cover)
            }
            #expect(undone.allSatisfy { !ledger.isDone($0) })
            #expect(
                (1..<next).allSatisfy {
                    undone.contains($0) || ledger.isDone($0) || open.values.contains { $0 <= next }
                }
            )
            if undone.isEmpty { #expect(ledger.cursor == next) }
        }
    }
}
