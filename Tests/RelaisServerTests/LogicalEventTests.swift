import RelaisEvent
import Testing

@testable import RelaisServer

@Suite struct LogicalEventTests {
    let scene = ReceiptScene()

    @Test func listsCopiesNewestFirstAndTellsOfTheFirstAccepted() throws {
        scene.accept(ReceiptScene.event("purchase", id: "e-1"), [("ga4", .entitled), ("meta", .refused)])
        scene.accept(
            ReceiptScene.event("purchase", id: "e-1"),
            [("ga4", .hadEarlierCopy), ("meta", .entitled)],
            copyOf: 1
        )
        try scene.record("ga4", [1], status: 204)
        try scene.record("meta", [2])
        for reference in ["e-1", "seq:1", "seq:2"] {
            let receipt = try scene.receipt(reference)
            #expect(receipt.copies.map(\.seq) == [2, 1])
            #expect(receipt.main.seq == 1)
            #expect(receipt.destinations.map(\.state.name) == ["sent", "delivered"])
        }
    }

    @Test func findsACopyWithAnIdOfItsOwnFromEitherSide() throws {
        scene.accept(ReceiptScene.event("page_view", id: "hit-1"), [("ga4", .entitled), ("meta", .refused)])
        for number in 0..<30 { scene.accept(ReceiptScene.event("scroll", id: "other-\(number)")) }
        let copy = scene.accept(
            ReceiptScene.event("page_view", id: "hit-2"),
            [("ga4", .hadEarlierCopy), ("meta", .entitled)],
            copyOf: 1
        )
        for reference in ["hit-1", "hit-2"] {
            #expect(try scene.receipt(reference).copies.map(\.seq) == [copy, 1])
        }
    }

    @Test func joinsPurchasesOfOneTransactionAndKeepsOtherEventsApart() throws {
        scene.accept(ReceiptScene.event("purchase", id: "browser-1", transaction: "T-1"))
        scene.accept(ReceiptScene.event("purchase", id: "server-1", transaction: "T-1"))
        scene.accept(ReceiptScene.event("refund", id: "refund-1", transaction: "T-1"))
        scene.accept(ReceiptScene.event("purchase", id: "foreign-1", transaction: "T-1", site: "blog"))
        let receipt = try scene.receipt("T-1")
        #expect(receipt.copies.map(\.seq) == [2, 1])
        #expect(receipt.others.map(\.seq) == [4, 3])
        #expect(try scene.receipt("server-1").copies.map(\.seq) == [2, 1])
        #expect(try scene.receipt("refund-1").copies.map(\.seq) == [3])
        #expect(try scene.receipt("seq:4").copies.map(\.seq) == [4])
        #expect(receipt.text().contains("the same id also has refund"))
    }

    @Test func saysOfADestinationThatHadAnUnknownEarlierCopyThatItHadOne() throws {
        scene.accept(
            ReceiptScene.event("purchase", id: "e-1"),
            [("ga4", .hadEarlierCopy), ("meta", .entitled)],
            copyOf: 40
        )
        let story = try #require(try scene.receipt("e-1").destinations.first)
        #expect(story.state == .hadEarlierCopy(of: 40))
        #expect(story.state.cell == "duplicate of seq:40")
    }

    @Test func looksAtABoundedNumberOfCopies() throws {
        for _ in 0..<200 { scene.accept(ReceiptScene.event("purchase", id: "e-1")) }
        #expect(try scene.receipt("e-1").copies.count == LogicalEventFinder.copyLimit)
    }
}
