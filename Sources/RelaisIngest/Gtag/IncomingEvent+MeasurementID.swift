package import RelaisEvent

extension IncomingEvent {
    /// The `tid` that a gtag hit was sent for; nil for other protocols.
    package var measurementID: String? { event.string("tid", in: .ga4) }
}
