internal import Foundation
internal import Logging
package import RelaisConfig
package import RelaisEvent
internal import RelaisIngest
internal import RelaisPlugins

/// Takes requests through the relay without it: decode, normalise, hash, plan and encode are the real ones, the log and the
/// vendors are left out. Copies of one logical event are not recognised, because that is the log's work.
package struct DryRun {
    package struct Options: Sendable {
        /// Ask only this destination's plugin.
        package var destination: String?
        /// Who sends what shows neither a key nor an origin; nil: the first source with a write key, else the first one.
        package var source: String?
        /// Leave secrets in the requests.
        package var showsSecrets = false

        package init() {}
    }

    private let configuration: RelaisConfiguration
    private let planner: DestinationPlanner
    private let options: Options
    private let clock: any Clock
    private var report = DryRunReport()
    private var records: [Int: [UInt8]] = [:]

    /// Runs the requests, whose URLs are paths such as `/v1/events`.
    ///
    /// - Throws: `ConfigurationErrors`, or a ``DryRunError``.
    package static func run(_ requests: [HTTPRequest], configuration: RelaisConfiguration, options: Options) throws
        -> DryRunReport
    {
        try ScratchState.with { directory in
            var scratch = configuration
            scratch.state = directory
            DryRunSender.addKeys(to: &scratch)
            var run = try DryRun(scratch, options)
            return try run.perform(requests)
        }
    }

    private init(_ configuration: RelaisConfiguration, _ options: Options) throws {
        self.configuration = configuration
        self.options = options
        clock = SystemClock()
        planner = DestinationPlanner(
            configuration: configuration,
            logger: Logger(label: "relais.run") { _ in SwiftLogNoOpLogHandler() }
        )
    }

    private mutating func perform(_ requests: [HTTPRequest]) throws -> DryRunReport {
        let planned = try planner.plan()
        let asked = planned.filter { options.destination == nil || options.destination == $0.name }
        if let name = options.destination, asked.isEmpty {
            let known = planned.map(\.name).joined(separator: ", ")
            throw DryRunError("there is no enabled destination \"\(name)\" (there are: \(known))")
        }
        let manifests = Dictionary(planned.map { ($0.name, $0.manifest) }) { first, _ in first }
        let pipeline = try IngestPipeline(
            configuration: configuration,
            manifests: manifests,
            geo: try GeoFile(configuration)?.database
        )
        let sender = try DryRunSender(configuration, source: options.source)
        for (index, request) in requests.enumerated() {
            ingest(sender.incoming(request, at: clock.nowMicros()), index + 1, pipeline)
        }
        for destination in asked { try encode(for: destination) }
        return report
    }

    // MARK: Ingest

    private mutating func ingest(_ request: IncomingRequest, _ number: Int, _ pipeline: IngestPipeline) {
        let base = report.events.count + report.rejections.count { $0.number != nil }
        do throws(RequestRejection) {
            let prepared = try pipeline.prepare(request)
            for (position, submission) in prepared.submissions.enumerated() {
                let event = try? Event(record: submission.record)
                let place = base + prepared.indexes[position] + 1
                records[place] = submission.record
                report.events.append(
                    DryRunReport.PlannedEvent(
                        number: place,
                        name: prepared.names[position],
                        id: event?.string(.eventID) ?? "",
                        plan: submission.plan
                    )
                )
            }
            for (index, rejection) in prepared.rejected {
                reject(base + index + 1, number, pointer: rejection.pointer, rejection.reason)
            }
        } catch {
            reject(nil, number, pointer: error.pointer ?? "", error.reason)
        }
    }

    private mutating func reject(_ number: Int?, _ request: Int, pointer: String, _ reason: String) {
        report.rejections.append(
            DryRunReport.Rejection(number: number, request: request, pointer: pointer, reason: reason)
        )
    }

    // MARK: Encode

    private mutating func encode(for planned: PlannedDestination) throws {
        let events = report.events.compactMap { event -> DryRunEncoder.Candidate? in
            guard let decision = event.plan.decision(for: planned.name), decision.isEntitled,
                let record = records[event.number]
            else { return nil }
            return DryRunEncoder.Candidate(number: event.number, record: record, decision: decision)
        }
        guard !events.isEmpty else { return }
        let destination = try planner.host.makeDestination(planned.resolved)
        defer { destination.close() }
        var encoder = DryRunEncoder(
            destination: destination,
            plugin: planned.manifest.id,
            policy: planned.policy,
            mask: options.showsSecrets ? nil : SecretMask(secrets: destination.secrets),
            now: clock.nowMicros() / 1000
        )
        encoder.encode(events)
        report.parts.append(encoder.part)
    }
}

/// Why a dry run is not possible, in a sentence for people.
package struct DryRunError: Error, Sendable, Equatable, CustomStringConvertible {
    package var description: String

    init(_ description: String) { self.description = description }
}
