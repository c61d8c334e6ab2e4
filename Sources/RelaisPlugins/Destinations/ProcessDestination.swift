import CRelaisHost
import Glibc
package import RelaisEvent
import Synchronization

/// A plugin's instance in a process of its own. A crash, a hang or nonsense ends the process, and the next call starts
/// it
/// again after a wait that grows (`RestartSchedule`).
package final class ProcessDestination: PluginDestination {
    private struct State {
        var child: ChildProcess?
        var schedule = RestartSchedule()
        var refusal: PluginFault?
        var isBusy = false
        var isClosed = false
        var starts = 0
        var failedStarts = 0
        var foreignEnds = 0
    }

    /// How much longer than its calls' time-outs a frame may take; the process watches each call itself.
    private static let grace: Int64 = 2000
    /// So many starts may fail before it is called unusable; it is tried again all the same.
    private static let startAttempts = 3
    private static let foreignAttempts = 3
    private static let patience: Int64 = 1000

    private let executable: String
    private let link: PluginLink
    private let createTimeout: Int64
    private let state = Mutex(State())

    init(executable: String, link: PluginLink, createTimeout: Int64) {
        self.executable = executable
        self.link = link
        self.createTimeout = createTimeout
    }

    package var name: String { link.destination.name }
    package var manifest: PluginManifest { link.destination.plugin.manifest }
    package var pluginSHA256: String { link.destination.plugin.file.sha256 }
    package var secrets: [String] { link.destination.secrets }
    package var shownConfiguration: String { link.destination.shownConfiguration }
    package var counters: [PluginCounter] { link.counters }
    package var restarts: Int { state.withLock { max(0, $0.starts - 1) } }

    /// The process's id while it runs.
    package var processID: Int32? { state.withLock { $0.child?.process } }

    package func perform(_ calls: [PluginCall]) throws(DestinationError) -> [PluginReply] {
        state.withLock { $0.isBusy = true }
        defer { endPerforming() }
        return try link.perform(calls, over: self)
    }

    package func close() {
        let idle: ChildProcess? = state.withLock { state in
            state.isClosed = true
            if state.isBusy {
                state.child?.kill()
                return nil
            }
            defer { state.child = nil }
            return state.child
        }
        idle?.finish(patience: Self.patience)
    }

    private func endPerforming() {
        let orphan: ChildProcess? = state.withLock { state in
            state.isBusy = false
            guard state.isClosed else { return nil }
            defer { state.child = nil }
            return state.child
        }
        orphan?.finish(patience: Self.patience)
    }

    // MARK: Starting

    private func running() throws(DestinationError) -> ChildProcess {
        let (child, refusal, wait) = state.withLock { state in
            (state.child, state.isClosed ? Self.closed : state.refusal, remaining(state))
        }
        if let refusal { throw .unusable(refusal) }
        if let child { return child }
        if wait > 0 { throw .restarting(inMilliseconds: wait) }
        return try start()
    }

    private static let closed = PluginFault(reason: "closed", detail: "the destination has been closed")

    private func remaining(_ state: State) -> Int64 {
        state.schedule.remaining(at: MonotonicTime.milliseconds())
    }

    private func start() throws(DestinationError) -> ChildProcess {
        let child: ChildProcess
        do throws(ChildSpawner.SpawnError) {
            child = try ChildProcess.spawn(executable, link)
        } catch {
            let detail = "\(executable) cannot be started: \(errorText(error.number))"
            throw failedStart(PluginFault(reason: "spawn", detail: detail))
        }
        guard adopt(child) else { throw .unusable(Self.closed) }
        let ready: ReadyFrame
        do throws(ChildProcess.Failure) {
            ready = try child.initialise(createTimeout: createTimeout)
        } catch {
            throw failedStart(end(child, after: error).fault)
        }
        link.register(ready.metrics)
        if let fault = ready.fault { throw refuse(link.masked(fault), child) }
        state.withLock { $0.failedStarts = 0 }
        return child
    }

    /// Makes the child the current one; false, and it is ended, when the destination was closed meanwhile.
    private func adopt(_ child: ChildProcess) -> Bool {
        let isOpen = state.withLock { state in
            guard !state.isClosed else { return false }
            state.child = child
            state.starts += 1
            return true
        }
        if !isOpen { child.reap(patience: 0) }
        return isOpen
    }

    private func refuse(_ fault: PluginFault, _ child: ChildProcess) -> DestinationError {
        state.withLock { state in
            state.child = nil
            state.refusal = fault
        }
        child.finish(patience: Self.patience)
        return .unusable(fault)
    }

    private func failedStart(_ fault: PluginFault) -> DestinationError {
        let (failedStarts, wait) = state.withLock { state in
            state.failedStarts += 1
            state.schedule.fail(at: MonotonicTime.milliseconds())
            return (state.failedStarts, remaining(state))
        }
        link.write(level: 4, "the plugin's process could not be started (\(fault)); next attempt in \(wait) ms")
        return failedStarts >= Self.startAttempts ? .unusable(fault) : .restarting(inMilliseconds: max(1, wait))
    }
}

// MARK: - Frames

extension ProcessDestination: FrameExchanging {
    func exchange(_ payload: [UInt8], timeout: Int64) throws(DestinationError) -> [UInt8] {
        let child = try running()
        do throws(ChildProcess.Failure) {
            let deadline = MonotonicTime.milliseconds() + timeout + Self.grace
            let answer = try child.exchange(
                Int(RELAIS_FRAME_CALLS),
                payload,
                answer: Int(RELAIS_FRAME_REPLIES),
                deadline: deadline
            )
            state.withLock { $0.foreignEnds = 0 }
            return answer
        } catch {
            throw failedFrame(child, error)
        }
    }

    func reject(_ detail: String) -> DestinationError {
        guard let child = state.withLock({ $0.child }) else { return .unusable(Self.closed) }
        return failedFrame(child, .garbage(detail))
    }

    /// Ends the process and says whose fault it was: the frame's, or nobody's that sent it.
    private func failedFrame(_ child: ChildProcess, _ failure: ChildProcess.Failure) -> DestinationError {
        let (fault, isForeign) = end(child, after: failure)
        let (isClosed, foreignEnds, wait) = state.withLock { state in
            state.schedule.fail(at: MonotonicTime.milliseconds())
            state.foreignEnds = isForeign ? state.foreignEnds + 1 : 0
            return (state.isClosed, state.foreignEnds, remaining(state))
        }
        if isClosed { return .unusable(Self.closed) }
        link.write(level: 3, "the plugin's process ended (\(fault)); it starts again in \(wait) ms")
        let isInnocent = failure == .endedBefore || (isForeign && foreignEnds < Self.foreignAttempts)
        return isInnocent ? .restarting(inMilliseconds: max(1, wait)) : .processFailed(fault)
    }

    /// Ends and reaps the process. `isForeign`: it was ended from outside.
    private func end(
        _ child: ChildProcess,
        after failure: ChildProcess.Failure
    ) -> (fault: PluginFault, isForeign: Bool) {
        state.withLock { $0.child = nil }
        switch failure {
        case .timedOut:
            child.reap(patience: 0)
            return (Self.hung, false)
        case .garbage(let detail):
            child.reap(patience: 0)
            return (PluginFault(reason: "garbage", detail: link.masked(detail)), false)
        case .endedBefore, .endedDuring:
            guard let exit = child.reap(patience: 500) else {
                return (PluginFault(reason: "garbage", detail: "it closed its socket"), false)
            }
            if exit.isHung { return (Self.hung, false) }
            return (PluginFault(reason: "crashed", detail: exit.description), exit.isForeign)
        }
    }

    private static let hung = PluginFault(reason: "hung", detail: "a call took longer than its time-out")
}
