import Foundation

/// The query of a URL; what is nil is left out.
struct QueryText {
    private(set) var text = ""

    init(_ items: [(name: String, value: String?)]) {
        for case let (name, value?) in items {
            text += (text.isEmpty ? "?" : "&") + name + "=" + HTTPClient.pathSegment(value)
        }
    }
}
