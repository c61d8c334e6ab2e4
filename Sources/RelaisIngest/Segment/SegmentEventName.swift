/// Names of events.
enum SegmentEventName {
    /// The event that a call other than `track` is.
    static func standard(for call: SegmentCall) -> String {
        switch call {
        case .page: "page_view"
        case .screen: "screen_view"
        case .group: "join_group"
        case .track, .identify, .alias: call.rawValue
        }
    }

    /// A name as GA4 takes it, letters and digits joined by underscores: `Order Completed`, `orderCompleted` and
    /// `order-completed` are `order_completed`. Empty when there is no letter or digit.
    static func canonical(_ name: String) -> [UInt8] {
        var result: [UInt8] = []
        var isGap = false
        var wasLower = false
        for byte in name.utf8 {
            let isUpper = (0x41...0x5A).contains(byte)
            guard byte.isLetter || byte.isDigit || byte >= 0x80 else {
                isGap = !result.isEmpty
                wasLower = false
                continue
            }
            if isGap || (isUpper && wasLower) { result.append(UInt8(ascii: "_")) }
            isGap = false
            wasLower = !isUpper
            result.append(isUpper ? byte | 0x20 : byte)
        }
        return result
    }
}
