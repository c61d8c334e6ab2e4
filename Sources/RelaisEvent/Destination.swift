/// An event as it is handed to a plugin.
package struct EventForPlugin: Sendable {
    package var record: [UInt8]
    /// 1 the first time.
    package var attempt: Int
    package var sendAs: String?
    package var withholdsUserData: Bool
    /// See `Decision.ping`.
    package var ping: PingConsent?
    /// Added to the flags of the record, for instance `replay`.
    package var flags: Event.Flags
    /// The parts that earlier attempts delivered, see `PlannedRequest.part`.
    package var done: [String]

    package init(
        record: [UInt8],
        attempt: Int,
        sendAs: String?,
        withholdsUserData: Bool,
        flags: Event.Flags = [],
        done: [String] = [],
        ping: PingConsent? = nil
    ) {
        self.record = record
        self.attempt = attempt
        self.sendAs = sendAs
        self.withholdsUserData = withholdsUserData
        self.flags = flags
        self.done = done
        self.ping = ping
    }
}

/// The arguments every plugin call has.
package struct CallContext: Sendable, Equatable {
    package var batchID: UInt64
    /// Milliseconds since 1970.
    package var now: Int64
    package var seed: UInt64
    /// How long the call may take, in milliseconds.
    package var timeout: Int64

    package init(batchID: UInt64, now: Int64, seed: UInt64, timeout: Int64) {
        self.batchID = batchID
        self.now = now
        self.seed = seed
        self.timeout = timeout
    }
}

/// One call of a plugin; a frame to its process carries many.
package enum PluginCall: Sendable {
    case encode(CallContext, [EventForPlugin])
    /// `note` is the one the plugin gave the request; `eventCount` how many events it carried.
    case classify(CallContext, HTTPResponse, note: [UInt8], eventCount: Int)
}

/// A message a plugin gave through `diagnose`.
package struct PluginDiagnostic: Sendable, Equatable {
    /// 1 debug, 2 info, 3 warning, 4 error.
    package var level: Int32
    package var pointer: String
    package var message: String

    package init(level: Int32, pointer: String, message: String) {
        self.level = level
        self.pointer = pointer
        self.message = message
    }
}

/// A request a plugin made, and which events of the encode call it carries.
package struct PlannedRequest: Sendable, Equatable {
    package var request: HTTPRequest
    /// Indexes into the encode call's events.
    package var events: [Int]
    package var note: [UInt8]
    /// Which part of its events it carries (`RELAIS_REQUEST_PART`): visible ASCII without spaces. nil: the whole events.
    package var part: String?

    package init(request: HTTPRequest, events: [Int], note: [UInt8], part: String? = nil) {
        self.request = request
        self.events = events
        self.note = note
        self.part = part
    }
}

/// A verdict for one event of a call.
package struct Settlement: Sendable, Equatable {
    package var event: Int
    package var verdict: Verdict

    package init(event: Int, verdict: Verdict) {
        self.event = event
        self.verdict = verdict
    }
}

/// What a call gave back; the coverage rule has been checked.
package enum PluginReply: Sendable, Equatable {
    /// Every event is in exactly one request (of parts: one of each) or one settlement.
    case encoded(requests: [PlannedRequest], settlements: [Settlement], diagnostics: [PluginDiagnostic])
    /// Exactly one verdict for each of the request's events, in order.
    case classified(verdicts: [Verdict], diagnostics: [PluginDiagnostic])
    /// The plugin answered with an error status or broke a rule; its process goes on.
    case failed(PluginFault)
}

/// A fault of a plugin in one call.
package struct PluginFault: Error, Sendable, Equatable, CustomStringConvertible {
    /// A stable word: `crashed`, `hung`, `garbage`, `coverage`, `forbidden_host`, `error_status`, …
    package var reason: String
    package var detail: String

    package init(reason: String, detail: String) {
        self.reason = reason
        self.detail = detail
    }

    package var description: String { "\(reason): \(detail)" }
}

/// Why a whole frame of calls has no replies.
package enum DestinationError: Error, Sendable, Equatable {
    /// The process died, hung or wrote nonsense during the frame; it has been ended. Whoever sent the frame finds the
    /// culprit by sending its calls one by one.
    case processFailed(PluginFault)
    /// The process is down and waits for its restart; milliseconds until then.
    case restarting(inMilliseconds: Int64)
    /// The plugin refused its configuration, or cannot be loaded at all.
    case unusable(PluginFault)
}

/// A configured instance of a plugin, in its own process or in this one.
package protocol Destination: AnyObject, Sendable {
    var name: String { get }
    var manifest: PluginManifest { get }
    /// SHA-256 of the plugin file, lower-case hex.
    var pluginSHA256: String { get }
    /// Secret values of its configuration, to be masked wherever a request is shown.
    var secrets: [String] { get }

    /// Performs calls in order and blocks until all replies are there: replies[i] belongs to calls[i]. One thread at a
    /// time; never an event loop's.
    func perform(_ calls: [PluginCall]) throws(DestinationError) -> [PluginReply]

    /// Ends the instance and its process.
    func close()
}
