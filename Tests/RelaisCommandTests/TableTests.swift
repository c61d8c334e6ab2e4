import Foundation
import RelaisConfig
import Testing

@testable import relais

@Suite struct TableTests {
    @Test func alignsColumnsAndFitsTheTerminal() {
        var table = Table(["N", "NAME", "STATE"], numeric: [0])
        table.add(["7", "a long name of something", "delivered"])
        table.add(["128", "日本", "sent"])
        #expect(
            table.lines(width: nil) == [
                "  N  NAME                      STATE", "  7  a long name of something  delivered",
                "128  日本                      sent",
            ]
        )
        let narrow = table.lines(width: 26)
        #expect(narrow[1] == "  7  a long na…  delivered")
        #expect(narrow[2] == "128  日本        sent")
    }

    @Test func paintsTheTextAndNotTheSpaces() {
        var table = Table(["A", "B"])
        table.add(["x", "y"])
        table.add(["longer", "z"])
        let lines = table.lines(width: nil) { text, _ in text == "x" ? .green : nil }
        #expect(lines[1].contains("\u{1B}[32m"))
        #expect(lines[2] == "longer  z")
    }

    @Test func ordersDestinationsAsTheConfigurationDoes() throws {
        let json = """
            [{"seq":4,"event_id":"","event_name":"purchase\\u001b[2J","received":"2026-11-23T14:49:29.500Z","site":"s",
              "source":"web","client":"gtag","settled":true,"destinations":{"meta_fr":"delivered","old":"finished"}}]
            """
        let rows = try JSONDecoder().decode([EventRow].self, from: Data(json.utf8))
        let lines = EventsTableCommand.table(rows, ["ga4", "meta_fr"]).lines(width: nil)
        #expect(lines[0].split(separator: " ") == ["SEQ", "TIME", "EVENT", "ID", "ga4", "meta_fr", "old"])
        #expect(
            lines[1].split(separator: " ")
                == ["4", "14:49:29.500", "purchase\\u001B[2J", "-", "-", "delivered", "finished"]
        )
    }

    @Test func givesEveryWordOfACellItsColour() {
        let expected: [(String, Terminal.Color?)] = [
            ("delivered", .green), ("sent", .green), ("failed (http_400)", .red), ("waiting", .yellow),
            ("not sent (consent_denied)", .dim), ("duplicate of seq:4", .dim), ("something else", nil),
        ]
        for (cell, color) in expected { #expect(EventRow.color(of: cell) == color, "\(cell)") }
    }
}

@Suite struct AddressTests {
    @Test func asksAServerThatListensEverywhereOnThisMachine() {
        #expect(AdminOptions.reachable(ListenAddress(host: "0.0.0.0", port: 9090)).description == "127.0.0.1:9090")
        #expect(AdminOptions.reachable(ListenAddress(host: "::", port: 9090)).description == "[::1]:9090")
        #expect(AdminOptions.reachable(ListenAddress(host: "10.0.0.1", port: 1)).description == "10.0.0.1:1")
    }

    @Test func takesOnlyBaseURLs() throws {
        #expect(try HTTPClient.baseURL("http://127.0.0.1:8080/", option: "--to") == "http://127.0.0.1:8080")
        #expect(try HTTPClient.baseURL("https://t.shop.example", option: "--to") == "https://t.shop.example")
        for text in ["", "127.0.0.1:8080", "ftp://x", "http://", "http://a?b", "http://user@a"] {
            let failure = #expect(throws: CommandFailure.self) { try HTTPClient.baseURL(text, option: "--to") }
            #expect(failure?.code == CommandFailure.usage)
        }
    }

    @Test func encodesAnIdAsOneSegmentOfAPath() {
        #expect(HTTPClient.pathSegment("seq:12") == "seq:12")
        #expect(HTTPClient.pathSegment("a/b c?é%") == "a%2Fb%20c%3F%C3%A9%25")
    }
}
