import RelaisEvent
import Testing

@testable import relais

@Suite struct SendReportTests {
    private func answer(_ status: Int, _ body: String = "") -> HTTPResponse {
        HTTPResponse(transport: .none, status: status, body: Array(body.utf8))
    }

    @Test func addsUpWhatTheCollectorSays() throws {
        var report = SendReport()
        report.add(
            answer(
                202,
                #"{"accepted":3,"duplicates":1,"rejected":[{"index":4,"pointer":"/value","reason":"is no number"}]}"#
            ),
            file: "a.json",
            position: 101,
            isRecorded: false,
            eventOffset: 100
        )
        #expect(report.accepted == 3 && report.duplicates == 1 && report.hasFailed)
        #expect(
            report.problems == [
                SendReport.Problem(file: "a.json", position: 105, pointer: "/value", reason: "is no number")
            ]
        )
        #expect(report.summary == "1 request: 1 taken; events: 3 accepted, 1 duplicates, 1 rejected")
        #expect(
            try report.json() == """
                {"accepted":3,"duplicates":1,"other_paths":0,"problems":[{"file":"a.json","pointer":"/value","position":105,\
                "reason":"is no number"}],"requests":1,"taken":1}
                """
        )
    }

    @Test func countsEachRefusalOnce() {
        var report = SendReport()
        report.add(
            answer(400, #"{"accepted":0,"duplicates":0,"rejected":[{"index":0,"pointer":"","reason":"no name"}]}"#),
            file: "a.json",
            position: 1,
            isRecorded: false
        )
        report.add(
            answer(401, #"{"error":"the write key is not known"}"#),
            file: "a.json",
            position: 2,
            isRecorded: false
        )
        report.add(answer(500), file: "a.json", position: 3, isRecorded: true)
        #expect(report.problems.map(\.reason) == ["no name", "the write key is not known", "answered 500"])
        #expect(report.taken == 0 && report.requests == 3)
    }

    @Test func forgivesARecordingItsOtherPathsButNotEvents() {
        var report = SendReport()
        report.add(answer(204), file: "r", position: 1, isRecorded: true)
        report.add(answer(404, #"{"error":"nothing here"}"#), file: "r", position: 2, isRecorded: true)
        #expect(!report.hasFailed)
        #expect(report.summary == "2 requests: 1 taken; 1 to paths that relais does not have")
        report.add(answer(404, #"{"error":"nothing here"}"#), file: "e", position: 1, isRecorded: false)
        #expect(report.hasFailed)
    }
}
