package import RelaisEvent

/// A request of an encode call as the engine needs it; its bytes stay with the runner.
package struct EncodedRequest: Sendable, Equatable {
    /// Indexes into the encode call's events.
    package var events: [Int]
    package var isIdempotent: Bool
    package var bodySize: Int
    /// SHA-256, lower-case hex, of `HTTPRequest.maskedForm`.
    package var sha256: String
    /// See `PlannedRequest.part`.
    package var part: String?

    package init(events: [Int], isIdempotent: Bool, bodySize: Int, sha256: String, part: String? = nil) {
        self.events = events
        self.part = part
        self.isIdempotent = isIdempotent
        self.bodySize = bodySize
        self.sha256 = sha256
    }
}

/// A dead letter that is to be sent again.
package struct ReplayRequest: Sendable, Equatable {
    package var seq: UInt64
    /// Attempts made before it died.
    package var attempts: Int

    package init(seq: UInt64, attempts: Int) {
        self.seq = seq
        self.attempts = attempts
    }
}

/// What a delivery engine is told.
package enum DeliveryInput: Sendable {
    /// The log reaches up to `end`.
    case logAdvanced(end: UInt64)
    /// Answers `.load`; reading goes on at `next`.
    case loaded(entries: [LogEntry], next: UInt64)
    case loadFailed
    /// Answers `.fetch`; what is missing is no longer in the log.
    case fetched(batch: UInt64, entries: [LogEntry])
    case fetchFailed(batch: UInt64)
    /// Answers `.encode`.
    case encoded(batch: UInt64, requests: [EncodedRequest], settlements: [Settlement])
    /// Answers `.encode`: the call failed by itself, sent alone.
    case encodeFailed(batch: UInt64, PluginFault)
    /// Answers `.encode`: the plugin cannot be used at all.
    case unusable(batch: UInt64, PluginFault)
    /// Answers `.send`.
    case responded(batch: UInt64, request: Int, HTTPResponse)
    /// Answers `.classify`; a verdict for each of the request's events.
    case classified(batch: UInt64, request: Int, [Verdict])
    case classifyFailed(batch: UInt64, request: Int, PluginFault)
    /// Give up what waits below that entry.
    case giveUp(below: UInt64, DeadLetterRange.Reason, detail: String)
    /// An operator's words.
    case pause(reason: String)
    case resume
    /// Send dead letters again. Which of them were taken, `.accepted` says.
    case replay([ReplayRequest])
    /// Forget dead letters. Which of them were taken, `.accepted` says.
    case drop([UInt64])
    /// Take entries out of the dead ranges; these of them become dead letters of their own.
    case reopen(Range<UInt64>, [DeadLetter])
    /// Start nothing new.
    case drain
    /// Time has passed.
    case tick
}

/// What a delivery engine asks for.
package enum DeliveryAction: Sendable {
    case load(from: UInt64, limit: Int, maxBytes: Int)
    /// Entries of the log, and dead letters that are sent again.
    case fetch(batch: UInt64, [UInt64], replays: Set<UInt64>)
    /// The letters taken of a `.replay` or `.drop`.
    case accepted([UInt64])
    case encode(CallContext, [EventForPlugin])
    /// Send that request of the batch's encode call.
    case send(batch: UInt64, request: Int)
    case classify(CallContext, request: Int, HTTPResponse)
    /// Every request of the batch has been judged: forget them.
    case forget(batch: UInt64)
    case change([DeliveryStateChange])
    /// Send `.tick` then, in milliseconds since 1970; it replaces the time given before. nil: nothing to wait for.
    case wake(at: Int64?)
}
