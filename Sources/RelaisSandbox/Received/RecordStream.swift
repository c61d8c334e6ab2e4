/// The JSON array of selected records, page by page, so that a large answer never stands in memory whole.
struct RecordStream: Sendable {
    /// What of each record is wanted.
    enum Fields: Sendable {
        case all
        case events
    }

    private static let pageSize = 256

    private let state: Locked<SandboxState>
    private let selection: ReceivedLedger.Selection
    private let fields: Fields
    private let end: Int
    private var nextIndex: Int?
    private var isOpen = false
    private var isClosed = false
    private var hasElement = false

    /// A stream of what has been received by now, from the index `since` on.
    init(state: Locked<SandboxState>, selection: ReceivedLedger.Selection, fields: Fields, since: Int) {
        self.state = state
        self.selection = selection
        self.fields = fields
        end = state.withLock { $0.ledger.nextIndex }
        nextIndex = since
    }

    /// The next part of the text; nil after the last.
    mutating func next() -> [UInt8]? {
        guard !isClosed else { return nil }
        var bytes: [UInt8] = isOpen ? [] : [UInt8(ascii: "[")]
        isOpen = true
        if let index = nextIndex {
            let page = state.withLock {
                $0.ledger.page(from: index, before: end, selection: selection, limit: Self.pageSize)
            }
            for record in page.records { append(fields == .all ? record.json : record.eventsJSON, to: &bytes) }
            nextIndex = page.next
        }
        if nextIndex == nil {
            bytes.append(UInt8(ascii: "]"))
            isClosed = true
        }
        return bytes
    }

    private mutating func append(_ element: [UInt8], to bytes: inout [UInt8]) {
        guard !element.isEmpty else { return }
        if hasElement { bytes.append(contentsOf: [UInt8(ascii: ","), UInt8(ascii: "\n")]) }
        bytes.append(contentsOf: element)
        hasElement = true
    }
}
