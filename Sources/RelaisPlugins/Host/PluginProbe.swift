package import RelaisEvent

/// What making an instance in a child showed.
package struct PluginProbe: Sendable, Equatable {
    /// nil: it works.
    package var fault: PluginFault?
    /// Pointers are into the destination's `config`.
    package var diagnostics: [PluginDiagnostic]
    package var elapsedMilliseconds: Int64

    static func run(_ executable: String, _ link: PluginLink, createTimeout: Int64) throws(PluginProblem) -> PluginProbe
    {
        let start = MonotonicTime.milliseconds()
        let child: ChildProcess
        do throws(ChildSpawner.SpawnError) {
            child = try ChildProcess.spawn(executable, link)
        } catch {
            throw PluginProblem(
                path: executable,
                reason: .unreadable,
                message: "cannot be started: \(errorText(error.number))"
            )
        }
        var probe = PluginProbe(fault: nil, diagnostics: [], elapsedMilliseconds: 0)
        do throws(ChildProcess.Failure) {
            let ready = try child.initialise(createTimeout: createTimeout)
            probe.fault = ready.fault.map { link.masked($0) }
            probe.diagnostics = link.masked(ready.diagnostics)
            let exit = child.finish(patience: createTimeout)
            if probe.fault == nil { probe.fault = faultOfDestroy(exit) }
        } catch {
            probe.fault = link.masked(fault(of: error, child))
        }
        probe.elapsedMilliseconds = MonotonicTime.milliseconds() - start
        return probe
    }

    private static func faultOfDestroy(_ exit: ChildExit?) -> PluginFault? {
        switch exit {
        case .exited(status: 0): nil
        case nil: PluginFault(reason: "hung", detail: "destroy took longer than its time-out")
        case .some(let exit): PluginFault(reason: "crashed", detail: "\(exit.description) in destroy")
        }
    }

    private static func fault(of failure: ChildProcess.Failure, _ child: ChildProcess) -> PluginFault {
        switch failure {
        case .timedOut:
            child.reap(patience: 0)
            return PluginFault(reason: "hung", detail: "create took longer than its time-out")
        case .garbage(let detail):
            child.reap(patience: 0)
            return PluginFault(reason: "garbage", detail: detail)
        case .endedBefore, .endedDuring:
            guard let exit = child.reap(patience: 500) else {
                return PluginFault(reason: "garbage", detail: "it closed its socket")
            }
            if exit.isHung { return PluginFault(reason: "hung", detail: "create took longer than its time-out") }
            return PluginFault(reason: "crashed", detail: "\(exit.description) while it was loaded and created")
        }
    }
}
