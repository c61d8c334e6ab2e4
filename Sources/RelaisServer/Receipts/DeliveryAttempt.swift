internal import RelaisEvent

/// One attempt to deliver an event: the encode call it was in, its request, the answer and the verdict.
struct DeliveryAttempt: Sendable, Equatable {
    /// Which copy of the event.
    var seq: UInt64
    /// Milliseconds since 1970: when it was encoded, and when its batch's last answer was judged.
    var at: Int64
    var finished: Int64
    /// 1 the first time.
    var number: Int
    var batchID: UInt64
    /// How many events were encoded together.
    var batchSize: Int
    var pluginSHA256: String
    /// nil when another plugin file is in use by now.
    var pluginVersion: String?
    var hostVersion: String
    var sendAs: String?
    var withholdsUserData: Bool
    /// A dead letter that an operator had sent again.
    var isReplay = false
    /// One, or one of each part; none when the plugin settled the event itself.
    var requests: [SentRequest]
    var verdict: Verdict
    /// What the plugin had to say of the event when it encoded it: what it cut, left out or sent another way, and why.
    var messages: [String] = []

    /// The first.
    var request: SentRequest? { requests.first }
}

/// A request as it was sent, made again from the event, and its answer.
struct SentRequest: Sendable, Equatable {
    /// Which part of the event it carried; nil: the whole event.
    var part: String?
    /// The plugin's note, where it is text and no part's name: which way the request takes, and why.
    var note: String?
    /// Of the request as sent, with secrets masked.
    var sha256: String
    /// How many events it carried.
    var eventCount: Int
    /// The request made again has the hash of the one that was sent: `text` is what was sent, but for secrets.
    var isExact: Bool
    /// Why it is not exact.
    var inexactBecause: String?
    /// The request made again, secrets masked; nil when it cannot be made.
    var text: String?
    /// `text` was cut; its whole length in bytes.
    var cutFrom: Int?
    var transport: TransportError
    /// 0 without an answer.
    var status: Int
    var elapsedMilliseconds: Int64
    /// What the vendor said, as far as it was kept; secrets masked.
    var answer: String
}
