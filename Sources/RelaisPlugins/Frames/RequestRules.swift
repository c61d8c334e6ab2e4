import CRelaisHost
import RelaisEvent

/// The rules by which requests are judged a second time here, because the process that made them may be a hostile one.
final class RequestRules: @unchecked Sendable {
    private let rules: OpaquePointer

    /// nil when memory is out or the payload is not an INIT frame's.
    init?(initPayload: [UInt8]) {
        guard let rules = relais_host_rules_create(initPayload, initPayload.count) else { return nil }
        self.rules = rules
    }

    deinit { relais_host_rules_destroy(rules) }

    /// The fault of a request's bytes, nil when it is legal.
    func judge(_ request: UnsafeRawBufferPointer) -> PluginFault? {
        withUnsafeTemporaryAllocation(of: CChar.self, capacity: 320) { detail in
            let bytes = request.bindMemory(to: UInt8.self)
            guard
                let reason = relais_host_rules_judge(rules, bytes.baseAddress, bytes.count, detail.baseAddress, 320)
            else { return nil }
            let text = detail.baseAddress.map { String(cString: $0) } ?? ""
            return PluginFault(reason: String(cString: reason), detail: text)
        }
    }
}
