import Testing

@testable import RelaisDelivery

@Suite struct DiagnosticBudgetTests {
    @Test func whatIsOverTheBudgetIsCountedAndTold() {
        var budget = DiagnosticBudget()
        let first = (0..<50).map { _ in budget.take(now: 1_000_000) }
        #expect(first.count { $0.isAllowed } == DiagnosticBudget.messages)
        #expect(first.allSatisfy { $0.leftOut == 0 })
        let next = budget.take(now: 1_000_000 + DiagnosticBudget.windowMilliseconds)
        #expect(next.isAllowed && next.leftOut == 30)
    }
}
