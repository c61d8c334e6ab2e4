import Foundation
import GRDB
import RelaisEvent

/// The search terms that no memory index holds and that a commit does not store: client ids and hashed identifiers. They
/// are read out of the records when a segment is sealed; the segment that is written is looked through instead, so that
/// appending costs nothing.
enum SearchTerms {
    /// More identifiers of one event are not indexed.
    static let maximumIdentifiers = 16

    static func hash(ofClientID text: UnsafeRawBufferPointer) -> UInt64 { hash("client_id", text) }
    static func hash(ofIdentifier hex: UnsafeRawBufferPointer) -> UInt64 { hash("identifier", hex) }

    static func hash(ofClientID text: String) -> UInt64 { hashed(text) { hash(ofClientID: $0) } }
    static func hash(ofIdentifier hex: String) -> UInt64 { hashed(hex) { hash(ofIdentifier: $0) } }

    /// Hands over the terms of one record; each once.
    static func collect(_ record: UnsafeRawBufferPointer, _ body: (UInt64) -> Void) {
        if let client = RecordScan.range(of: .clientID, in: record) {
            body(hash(ofClientID: UnsafeRawBufferPointer(rebasing: record[client])))
        }
        var seen: [UInt64] = []
        RecordScan.identifiers(in: record) { value in
            let term = hash(ofIdentifier: value)
            guard seen.count < maximumIdentifiers, !seen.contains(term) else { return }
            seen.append(term)
            body(term)
        }
    }

    private static func hashed(_ text: String, _ body: (UnsafeRawBufferPointer) -> UInt64) -> UInt64 {
        Array(text.utf8).withUnsafeBytes(body)
    }

    /// Begins with the kind, so that a client id never meets an event id of the same text.
    private static func hash(_ kind: String, _ text: UnsafeRawBufferPointer) -> UInt64 {
        var builder = IdentityKey.Builder()
        builder.add(kind)
        builder.add(text)
        return builder.key(window: .standard).high
    }
}
