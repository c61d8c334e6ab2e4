extension Metric {
    package static let buildInfo = Metric(
        "relais_build_info",
        .gauge,
        labels: [.version],
        "1; the label tells the version that runs."
    )

    package static let processMemory = Metric(
        "process_resident_memory_bytes",
        .gauge,
        "Resident memory of the relay, without its plugins' processes."
    )

    package static let processCPU = Metric(
        "process_cpu_seconds_total",
        .counter,
        "User and system CPU time of the relay, without its plugins' processes."
    )

    package static let processOpenFiles = Metric("process_open_fds", .gauge, "Open file descriptors.")

    package static let processMaxFiles = Metric(
        "process_max_fds",
        .gauge,
        "File descriptors that the process may have open."
    )

    package static let processStart = Metric(
        "process_start_time_seconds",
        .gauge,
        "When the process started, in seconds since 1970. Counters count from then on."
    )

    static let process = [buildInfo, processMemory, processCPU, processOpenFiles, processMaxFiles, processStart]

    /// Every metric there is, in the order of the page and of the documentation.
    package static let all = collector + log + delivery + plugin + process
}
