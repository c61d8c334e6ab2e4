import Foundation
import RelaisEvent
import RelaisTestKit
import Testing

@testable import RelaisIngest

/// With `RELAIS_UPDATE_FIXTURES=1` the tables of the guide are written anew.
@Suite struct SegmentGuideTests {
    private static let path = "\(Installation.repository())/docs/segment.md"
    private static let isUpdating = ProcessInfo.processInfo.environment["RELAIS_UPDATE_FIXTURES"] == "1"

    @Test func theGuideHasTheTablesOfTheDecoder() throws {
        let present = TemporaryDirectory.text(of: Self.path)
        var wanted = present
        for (name, rows) in try Self.tables() {
            let head = try #require(wanted.range(of: "<!-- \(name) -->\n")).upperBound
            let begin = try #require(wanted[head...].range(of: "---|\n")).upperBound
            let end = try #require(wanted.range(of: "<!-- /\(name) -->")).lowerBound
            wanted.replaceSubrange(begin..<end, with: rows.map { "| \($0.joined(separator: " | ")) |\n" }.joined())
        }
        if Self.isUpdating { try Data(wanted.utf8).write(to: URL(fileURLWithPath: Self.path)) }
        #expect(
            present == wanted || Self.isUpdating,
            "docs/segment.md is stale: RELAIS_UPDATE_FIXTURES=1 writes it anew"
        )
    }

    private static func tables() throws -> [(String, [[String]])] {
        let events = EcommerceEvent.all.map { ["`\($0.segmentName)`", "`\($0.name)`", $0.shape.rawValue] }
        let groups =
            [("every event", SegmentProperty.common), ("`page` calls", SegmentProperty.page)]
            + EcommerceEvent.Shape.allCases.map { ("\($0.rawValue) events", SegmentProperty.own($0)) }
        let properties = groups.flatMap { place, group in
            group.compactMap { name, property -> [String]? in
                if case .item = property { return nil }
                return ["`\(name)`", property.meaning, place]
            }
        }
        return [
            (
                "calls",
                SegmentCall.allCases.map {
                    ["`\($0)`", $0 == .track ? "by its name, below" : "`\(SegmentEventName.standard(for: $0))`"]
                }
            ),
            ("events", events), ("properties", properties),
            (
                "products",
                SegmentProperty.product.map { ["`\($0.name)`", "`\($0.field.name)`"] } + [
                    ["`sku`", "`item_id` where there is no other"]
                ]
            ),
            ("traits", SegmentTrait.all.map { ["`\($0.name)`", $0.trait.meaning] }),
            ("context", ContextMember.all.map { ["`\($0.name)`", $0.member.meaning] }),
            (
                "categories",
                ConsentCategories.known.map {
                    [$0.names.joined(separator: ", "), $0.purposes.map { "`\($0.name)`" }.joined(separator: ", ")]
                }
            ),
            ("integrations", try ["ga4", "meta", "linkedin", "tiktok"].map { ["`\($0)`", try integrations($0)] }),
        ]
    }

    private static func integrations(_ plugin: String) throws -> String {
        let text = TemporaryDirectory.text(of: "\(Installation.repository())/Plugins/\(plugin)/manifest.json")
        let names = try JSONValue.parse(text)["integrations"].array.compactMap(\.string)
        return names.map { "`\($0)`" }.joined(separator: ", ")
    }
}

extension SegmentProperty {
    fileprivate var meaning: String {
        switch self {
        case .identifier(let field), .number(let field), .text(let field): "`\(field.name)`"
        case .currency: "`currency`"
        case .value(let rank): rank == 0 ? "`value`" : "`value`, where nothing before it in this table is given"
        case .items: "`items`"
        case .item(let field): "`items[0].\(field.name)`"
        case .sku: "`items[0].item_id` where there is no `product_id`"
        case .renamed(let name): "parameter `\(name)`"
        case .cookie(let name): "cookie `\(name)`"
        case .clickID(let name): "click id `\(name)`"
        }
    }
}

extension SegmentTrait {
    fileprivate var meaning: String {
        switch self {
        case .userData(let field): "user data: \(field.kind.rawValue)"
        case .fullName: "user data: first and last name, where it has two words"
        case .address: "user data: `street`, `city`, `state` (`region`), `postalCode` (`postal_code`, `zip`), `country`"
        case .leftOut: "left out"
        }
    }
}

extension ContextMember {
    fileprivate var meaning: String {
        switch self {
        case .page: "`url`, `path`, `referrer`, `title`: `page_location`, `page_path`, `page_referrer`, `page_title`"
        case .screen: "`width` and `height`: `screen_resolution`"
        case .campaign: "parameters `campaign_source`, `campaign_medium`, `campaign_name`, …"
        case .consent, .consentManagement: "consent, below"
        case .text(let field): "`\(field.name)`"
        case .kept(let name): "parameter `\(name)`"
        case .cookie(let name): "cookie `\(name)`"
        }
    }
}
