extension Metric {
    package static let logEnd = Metric(
        "relais_log_end_seq",
        .gauge,
        "The sequence number that the next event gets; it counts every event ever stored."
    )

    package static let logStart = Metric(
        "relais_log_start_seq",
        .gauge,
        "The sequence number of the oldest event that the log still has."
    )

    package static let logSize = Metric("relais_log_size_bytes", .gauge, "Bytes of the event log's segments on disk.")

    package static let logSegments = Metric("relais_log_segments", .gauge, "Segment files of the event log.")

    package static let logWritable = Metric(
        "relais_log_writable",
        .gauge,
        "0 after a commit failed, until one succeeds: the disk is full or failing, and events are answered 503."
    )

    package static let logCommitDuration = Metric(
        "relais_log_commit_duration_seconds",
        .histogram(
            .microseconds([
                100, 250, 500, 1000, 2500, 5000, 10_000, 25_000, 50_000, 100_000, 250_000, 500_000, 1_000_000,
            ])
        ),
        "Time of one commit of the event log, its fsync included."
    )

    package static let logCommitEvents = Metric(
        "relais_log_commit_events",
        .histogram(.counts([1, 2, 4, 8, 16, 32, 64, 128, 256, 512, 1024, 4096])),
        "Events in one commit of the event log: what gathered while the commit before was under way."
    )

    package static let logCommitFailures = Metric(
        "relais_log_commit_failures_total",
        .counter,
        "Commits that failed, in writing or in the fsync; their events were answered 503."
    )

    package static let logUnreadable = Metric(
        "relais_log_unreadable_events_total",
        .counter,
        "Stored events that could not be read back."
    )

    package static let dedupMarksDropped = Metric(
        "relais_dedup_marks_dropped_total",
        .counter,
        "Identities that deduplication no longer knows, because there are more than it keeps."
    )

    package static let dedupSharedIDs = Metric(
        "relais_dedup_shared_ids_total",
        .counter,
        "Stored events whose event_id another order or visitor has had within the window: they are kept apart. More than a "
            + "few mean a page that gives everybody the same id."
    )

    static let log = [
        logEnd, logStart, logSize, logSegments, logWritable, logCommitDuration, logCommitEvents, logCommitFailures,
        logUnreadable, dedupMarksDropped, dedupSharedIDs,
    ]
}
