/// What happened to one encode call and the requests it made: enough to tell the story again, and to make the requests
/// again and prove that they are the same.
package struct BatchOutcome: Sendable, Equatable {
    /// An event of the batch, in the order it was encoded.
    package struct Member: Sendable, Equatable {
        package var seq: UInt64
        package var attempt: Int
        package var sendAs: String?
        package var withholdsUserData: Bool
        /// See `Decision.ping`.
        package var ping: PingConsent?
        /// The parts that earlier attempts had delivered, see `PlannedRequest.part`.
        package var done: [String]
        /// Sent again by an operator: the plugin was told so.
        package var isReplay: Bool
        package var verdict: Verdict

        package init(
            seq: UInt64,
            attempt: Int,
            sendAs: String?,
            withholdsUserData: Bool,
            done: [String] = [],
            isReplay: Bool = false,
            ping: PingConsent? = nil,
            verdict: Verdict
        ) {
            self.seq = seq
            self.attempt = attempt
            self.sendAs = sendAs
            self.withholdsUserData = withholdsUserData
            self.done = done
            self.isReplay = isReplay
            self.ping = ping
            self.verdict = verdict
        }
    }

    /// A request of the batch and its answer.
    package struct Request: Sendable, Equatable {
        /// Indexes into `members`.
        package var members: [Int]
        /// See `PlannedRequest.part`.
        package var part: String?
        /// SHA-256, lower-case hex, of `HTTPRequest.maskedForm`.
        package var sha256: String
        package var transport: TransportError
        package var status: Int
        package var elapsedMilliseconds: Int64
        /// The vendor's answer, cut; empty where it was not kept.
        package var answer: [UInt8]

        package init(
            members: [Int],
            part: String? = nil,
            sha256: String,
            transport: TransportError,
            status: Int,
            elapsedMilliseconds: Int64,
            answer: [UInt8]
        ) {
            self.members = members
            self.part = part
            self.sha256 = sha256
            self.transport = transport
            self.status = status
            self.elapsedMilliseconds = elapsedMilliseconds
            self.answer = answer
        }
    }

    package var destination: String
    package var batchID: UInt64
    /// Milliseconds since 1970: the call's `now_ms`.
    package var now: Int64
    package var seed: UInt64
    /// Milliseconds since 1970: when the last answer was judged.
    package var finished: Int64
    /// SHA-256 of the plugin file.
    package var pluginSHA256: String
    package var hostVersion: String
    /// Of the destination's configuration, see `DeliveryState.configuration`.
    package var configurationFingerprint: String
    package var members: [Member]
    package var requests: [Request]

    package init(
        destination: String,
        batchID: UInt64,
        now: Int64,
        seed: UInt64,
        finished: Int64,
        pluginSHA256: String,
        hostVersion: String,
        configurationFingerprint: String,
        members: [Member],
        requests: [Request]
    ) {
        self.destination = destination
        self.batchID = batchID
        self.now = now
        self.seed = seed
        self.finished = finished
        self.pluginSHA256 = pluginSHA256
        self.hostVersion = hostVersion
        self.configurationFingerprint = configurationFingerprint
        self.members = members
        self.requests = requests
    }
}
