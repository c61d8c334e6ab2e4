/// One test of one value of an event: an entry of `when`.
package struct EventCondition: Sendable, Hashable {
    package enum Test: Sendable, Hashable {
        case greaterThan(Double)
        case atLeast(Double)
        case lessThan(Double)
        case atMost(Double)
        case equal(Operand)
        case notEqual(Operand)
        case oneOf([Operand])
        /// Present, whatever its value (true), or absent (false).
        case exists(Bool)
    }

    /// What a value is compared with.
    package enum Operand: Sendable, Hashable {
        case number(Double)
        case text(String)
        case boolean(Bool)
    }

    /// A canonical path: `value`, `page_path`, `params.plan`.
    package var path: String
    package var test: Test

    package init(path: String, test: Test) {
        self.path = path
        self.test = test
    }
}

/// The canonical paths a condition may test.
package enum ConditionPath {
    /// Paths with a numeric value.
    package static let numbers = [
        "value", "tax", "shipping", "session_number", "engagement_time_msec", "timestamp_micros", "received_micros",
        "bot_score",
    ]

    /// Paths with a text value.
    package static let texts = [
        "event_name", "event_id", "site", "source", "client", "client_id", "user_id", "session_id", "page_location",
        "page_referrer", "page_title", "page_hostname", "page_path", "language", "screen_resolution", "viewport_size",
        "user_agent", "geo_country", "geo_region", "geo_city", "currency", "transaction_id", "coupon", "bot_reasons",
    ]

    /// Objects whose members have free names and values of any type, written `params.plan`.
    package static let objects = ["params", "user_properties", "click_ids", "cookies"]

    /// True for a listed path and for a member of a listed object.
    package static func isKnown(_ path: String) -> Bool {
        numbers.contains(path) || texts.contains(path)
            || objects.contains { path.hasPrefix("\($0).") && path.utf8.count > $0.utf8.count + 1 }
    }
}
