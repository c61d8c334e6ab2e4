import RelaisEvent
import Testing

@testable import RelaisDelivery

@Suite struct DeliveryEngineReplayTests {
    private func harnessWithDeadLetters(_ seqs: [UInt64], of count: Int = 6) -> EngineHarness {
        var harness = EngineHarness()
        harness.append(count)
        harness.judgeAll { Verdict(seqs.contains($0) ? .reject : .delivered, reason: "invalid") }
        return harness
    }

    private func replay(_ seqs: [UInt64], _ harness: inout EngineHarness) {
        harness.accepted = []
        harness.feed(.replay(seqs.map { ReplayRequest(seq: $0, attempts: 1) }))
    }

    @Test func letterIsSentAgainFlaggedAndEndsWhenItIsDelivered() {
        var harness = harnessWithDeadLetters([2, 5])
        harness.entries = []
        replay([2, 5], &harness)
        #expect(harness.accepted == [2, 5])
        #expect(harness.status.dead == 0 && harness.status.retrying == 2)
        #expect(harness.encodes.map(\.seqs) == [[2, 5]])
        #expect(harness.encodes.first?.flags == [.replay, .replay])
        #expect(harness.encodes.first?.attempts == [2, 2])
        #expect(harness.state.dead.map(\.seq) == [2, 5])
        harness.deliverAll()
        #expect(harness.state.dead.isEmpty && harness.state.exceptions.isEmpty)
        #expect(harness.deliveredSeqs.suffix(2) == [2, 5])
        #expect(harness.state.outcomes.last?.members.allSatisfy(\.isReplay) == true)
        #expect(harness.status.dead == 0)
    }

    @Test func reopenedRangeEndsInTheChangeThatMakesItsLettersAndIsSentAgain() throws {
        var harness = EngineHarness()
        harness.feed(.pause(reason: "later"))
        harness.append(4)
        harness.feed(.giveUp(below: 5, .expired, detail: "too old"))
        let range = try #require(harness.state.ranges.first)
        #expect(range.seqs == 1..<5 && harness.status.givenUp == 4)
        let letters = (UInt64(1)...2).map { seq in
            DeadLetter(
                destination: range.destination,
                seq: seq,
                eventID: "",
                eventName: "",
                at: 0,
                attempts: 0,
                reason: "expired",
                detail: "too old",
                record: [1]
            )
        }
        harness.feed(.reopen(1..<5, letters))
        #expect(harness.state.ranges.isEmpty && harness.state.dead.map(\.seq) == [1, 2])
        #expect(harness.status.givenUp == 0 && harness.status.dead == 2)
        harness.feed(.resume)
        replay([1, 2], &harness)
        #expect(harness.encodes.first?.flags == [.replay, .replay])
        harness.deliverAll()
        #expect(harness.state.dead.isEmpty && harness.status.dead == 0)
    }

    @Test func letterThatIsRejectedAgainIsOneLetterWithTheNewReason() {
        var harness = harnessWithDeadLetters([2])
        replay([2], &harness)
        harness.judgeAll { _ in Verdict(.reject, reason: "still_invalid") }
        #expect(harness.state.dead.map(\.reason) == ["still_invalid"])
        #expect(harness.state.dead.map(\.attempts) == [2])
        #expect(harness.state.exceptions.isEmpty)
        #expect(harness.status.dead == 1)
    }

    @Test func replaySurvivesARestart() {
        var harness = harnessWithDeadLetters([2])
        harness.feed(.pause(reason: "later"))
        replay([2], &harness)
        harness.restart()
        #expect(harness.status.retrying == 1 && harness.status.dead == 0)
        harness.feed(.resume)
        #expect(harness.encodes.first?.flags == [.replay])
        harness.deliverAll()
        #expect(harness.state.dead.isEmpty)
    }

    @Test func replayThatFailsIsRetriedAsAReplay() {
        var harness = harnessWithDeadLetters([2])
        replay([2], &harness)
        harness.judgeAll { _ in Verdict(.retry, reason: "busy") }
        #expect(harness.state.exceptions[2]?.isReplay == true)
        harness.advance(700_000)
        harness.advanceToWake()
        harness.deliverAll()
        #expect(harness.state.dead.isEmpty && harness.state.exceptions.isEmpty)
    }

    @Test func ageDoesNotHoldAReplayBack() {
        var harness = EngineHarness { $0.maxAge = 1000 }
        harness.append(2, age: 5000)
        #expect(harness.state.dead.map(\.reason) == ["expired", "expired"])
        replay([1, 2], &harness)
        harness.deliverAll()
        #expect(harness.deliveredSeqs == [1, 2])
        #expect(harness.state.dead.isEmpty)
    }

    @Test func whatThePlanWithheldStaysWithheld() {
        var harness = EngineHarness()
        let decision = Decision(
            destination: TestEvents.destination,
            outcome: .entitled,
            sendAs: "Lead",
            withholdsUserData: true
        )
        var entry = TestEvents.entry(1, milliseconds: harness.now)
        entry.plan = Plan(decisions: [decision])
        harness.entries = [entry]
        harness.logEnd = 2
        harness.feed(.logAdvanced(end: 2))
        harness.judgeAll { _ in Verdict(.reject, reason: "invalid") }
        #expect(harness.state.dead.first?.sendAs == "Lead")
        #expect(harness.state.dead.first?.withholdsUserData == true)
        harness.entries = []
        replay([1], &harness)
        harness.deliverAll()
        let member = harness.state.outcomes.last?.members.first
        #expect(member?.sendAs == "Lead" && member?.withholdsUserData == true)
    }

    @Test func onlyAsManyAreTakenAsThereIsRoomFor() {
        var harness = EngineHarness { $0.maximumReplays = 2 }
        harness.append(6)
        harness.judgeAll { Verdict($0 < 5 ? .reject : .delivered, reason: "invalid") }
        replay([1, 2, 3, 4], &harness)
        #expect(harness.accepted == [1, 2])
        replay([1, 2, 3, 4], &harness)
        #expect(harness.accepted == [])
        harness.deliverAll()
        replay([3, 4], &harness)
        #expect(harness.accepted == [3, 4])
    }

    @Test func whatIsNotPassedIsNotTaken() {
        var harness = EngineHarness()
        harness.append(2)
        replay([1, 7], &harness)
        #expect(harness.accepted == [])
        harness.deliverAll()
        #expect(harness.deliveredSeqs == [1, 2])
    }

    @Test func droppedLettersAreGoneButNotThoseThatAreSentAgain() {
        var harness = harnessWithDeadLetters([1, 2])
        replay([2], &harness)
        harness.accepted = []
        harness.feed(.drop([1, 2]))
        #expect(harness.accepted == [1])
        #expect(harness.state.dead.map(\.seq) == [2])
        #expect(harness.status.dead == 0)
        harness.deliverAll()
        #expect(harness.state.dead.isEmpty)
    }

    @Test func replayWhoseLetterIsGoneEndsQuietly() {
        var harness = harnessWithDeadLetters([2])
        harness.feed(.pause(reason: ""))
        replay([2], &harness)
        harness.state.dead = []
        harness.feed(.resume)
        #expect(harness.state.exceptions.isEmpty && harness.state.dead.isEmpty)
        #expect(harness.encodes.isEmpty)
    }
}
