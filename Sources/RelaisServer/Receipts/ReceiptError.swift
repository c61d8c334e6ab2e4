/// Why there is no receipt.
enum ReceiptError: Error, Sendable, Equatable, CustomStringConvertible {
    case badReference(String)
    case noEntry(seq: UInt64, start: UInt64, end: UInt64)
    case noEvent(String, start: UInt64)

    var description: String {
        switch self {
        case .badReference(let text):
            "\"\(text)\" names no event: give an event_id, a transaction_id, or seq:N with N from 1"
        case .noEntry(let seq, let start, let end) where start >= end:
            "seq:\(seq) is not in the event log: the log is empty"
        case .noEntry(let seq, let start, let end) where seq < end:
            "seq:\(seq) is not kept any more: the event log begins at seq:\(start), and what nobody needs is removed after "
                + "store.keep, or when the log is larger than store.max_bytes"
        case .noEntry(let seq, let start, let end):
            "seq:\(seq) is not in the event log yet: it holds seq:\(start) to seq:\(end - 1)"
        case .noEvent(let id, let start):
            "no event in the log has the event_id or transaction_id \"\(id)\". It was never accepted (rejections: "
                + "GET /api/v1/rejections), or was a copy of another event, or is older than seq:\(start), or no "
                + "destination was entitled to it, so that only a stub without its id was kept (show that as seq:N)"
        }
    }
}

/// How a person names an event.
enum EventReference: Sendable, Equatable {
    case seq(UInt64)
    /// An event id or a transaction id.
    case term(String)

    init(_ text: String) throws(ReceiptError) {
        if text.isEmpty || text.utf8.count > 1024 { throw .badReference(String(text.prefix(64))) }
        guard text.hasPrefix("seq:") else {
            self = .term(text)
            return
        }
        guard let seq = UInt64(text.dropFirst(4)), seq > 0 else { throw .badReference(text) }
        self = .seq(seq)
    }
}
