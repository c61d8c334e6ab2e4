/// Reads the body of `PUT /_faults`: an array of objects with `vendor`, `status`, `body`, `headers`, `rate`,
/// `latency_ms`, `outage`, `reset`, `malformed`, `match` and `count`.
struct FaultReader {
    static let maximumFaults = 1_000
    static let maximumLatencyMilliseconds: Int64 = 600_000
    static let maximumCount: Int64 = 1_000_000_000
    private static let keys: Set<String> = [
        "vendor", "status", "body", "headers", "rate", "latency_ms", "outage", "reset", "malformed", "match", "count",
    ]

    let vendors: [String]
    private(set) var errors: [FaultListError] = []

    init(vendors: [String]) {
        self.vendors = vendors
    }

    /// The faults, or everything that is wrong with the text.
    static func read(_ body: SimulatedRequest.JSONBody, vendors: [String]) -> Result<[Fault], FaultListErrors> {
        var reader = FaultReader(vendors: vendors)
        let faults = reader.list(body)
        return reader.errors.isEmpty ? .success(faults) : .failure(FaultListErrors(errors: reader.errors))
    }

    private mutating func list(_ body: SimulatedRequest.JSONBody) -> [Fault] {
        switch body {
        case .value(.array(let elements)):
            guard elements.count <= Self.maximumFaults else {
                refuse("", "holds \(elements.count) faults; at most \(Self.maximumFaults) are allowed")
                return []
            }
            return elements.enumerated().compactMap { index, element in
                guard let object = element.object else {
                    refuse("/\(index)", "is \(element.typeName); a fault is an object")
                    return nil
                }
                return fault(object, at: "/\(index)")
            }
        case .value, .absent: refuse("", "the body must be a JSON array of faults, e.g. [{\"vendor\":\"meta\"}]")
        case .invalid(let error): refuse("", "the body is not JSON: \(error)")
        }
        return []
    }

    private mutating func refuse(_ pointer: String, _ reason: String) {
        errors.append(FaultListError(pointer: pointer, reason: reason))
    }

    private mutating func fault(_ object: JSONObject, at pointer: String) -> Fault {
        let errorsBefore = errors.count
        for name in object.members.map(\.name) where !Self.keys.contains(name) {
            refuse("\(pointer)/\(name)", "unknown key; known are \(Self.keys.sorted().joined(separator: ", "))")
        }
        for name in object.repeatedNames { refuse("\(pointer)/\(name)", "occurs twice") }
        var fault = Fault(effect: effect(object, at: pointer))
        fault.vendor = vendor(object["vendor"], at: "\(pointer)/vendor")
        fault.headers = headers(object["headers"], at: "\(pointer)/headers")
        fault.latencyMilliseconds =
            integer(object["latency_ms"], 0...Self.maximumLatencyMilliseconds, at: "\(pointer)/latency_ms") ?? 0
        fault.count = integer(object["count"], 1...Self.maximumCount, at: "\(pointer)/count").map(Int.init)
        fault.rate = rate(object["rate"], at: "\(pointer)/rate")
        fault.match = match(object["match"], at: "\(pointer)/match")
        let isIdle = fault.effect == .vendorAnswer && fault.latencyMilliseconds == 0 && fault.headers.isEmpty
        if isIdle, errors.count == errorsBefore {
            refuse(pointer, "does nothing; give status, outage, reset, malformed, latency_ms or headers")
        }
        return fault
    }
}

// MARK: What a fault does

extension FaultReader {
    private mutating func effect(_ object: JSONObject, at pointer: String) -> Fault.Effect {
        let flags = ["outage", "reset", "malformed"].filter { flag(object[$0], at: "\(pointer)/\($0)") }
        let status = integer(object["status"], 200...599, at: "\(pointer)/status")
        if flags.count + (status == nil ? 0 : 1) > 1 {
            refuse(pointer, "only one of status, outage, reset and malformed can happen to a request")
        }
        let (body, mediaType) = body(object["body"])
        if object["body"] != nil, status == nil, flags != ["malformed"] {
            refuse("\(pointer)/body", "is only sent with status or malformed")
        }
        switch flags.first {
        case "outage": return .outage
        case "reset": return .reset
        case "malformed": return .malformed(body: body)
        default: break
        }
        guard let status else { return .vendorAnswer }
        return .answer(status: Int(status), body: body ?? [], mediaType: mediaType)
    }

    /// A string is sent as it is, anything else as JSON.
    private func body(_ value: JSONValue?) -> ([UInt8]?, mediaType: String) {
        guard let value else { return (nil, "text/plain; charset=utf-8") }
        if let text = value.string {
            let isMarkup = text.drop { $0.isWhitespace }.hasPrefix("<")
            return (Array(text.utf8), isMarkup ? "text/html; charset=utf-8" : "text/plain; charset=utf-8")
        }
        var writer = JSONWriter()
        writer.value(value)
        return (writer.bytes, "application/json")
    }

    private mutating func flag(_ value: JSONValue?, at pointer: String) -> Bool {
        guard let value else { return false }
        guard let flag = value.bool else {
            refuse(pointer, "is \(value.typeName); it must be true or false")
            return false
        }
        return flag
    }
}

// MARK: Which requests it hits

extension FaultReader {
    private mutating func vendor(_ value: JSONValue?, at pointer: String) -> String? {
        guard let value else { return nil }
        guard let name = value.string, vendors.contains(name) else {
            refuse(pointer, "must be one of \(vendors.joined(separator: ", ")), or left out for all")
            return nil
        }
        return name
    }

    private mutating func rate(_ value: JSONValue?, at pointer: String) -> Double {
        guard let value else { return 1 }
        guard let rate = value.number?.double, (0...1).contains(rate) else {
            refuse(pointer, "must be a number from 0 to 1")
            return 1
        }
        return rate
    }

    private mutating func match(_ value: JSONValue?, at pointer: String) -> [UInt8]? {
        guard let value else { return nil }
        guard let text = value.string, !text.isEmpty else {
            refuse(pointer, "must be a string that is not empty")
            return nil
        }
        return Array(text.utf8)
    }

    private mutating func integer(_ value: JSONValue?, _ range: ClosedRange<Int64>, at pointer: String) -> Int64? {
        guard let value else { return nil }
        guard let number = value.number?.integer, range.contains(number) else {
            refuse(pointer, "must be an integer from \(range.lowerBound) to \(range.upperBound)")
            return nil
        }
        return number
    }

    private mutating func headers(_ value: JSONValue?, at pointer: String) -> [HeaderLine] {
        guard let value else { return [] }
        guard let object = value.object else {
            refuse(pointer, "is \(value.typeName); it must be an object of names and values")
            return []
        }
        return object.members.compactMap { member in
            guard HeaderLine.isFieldName(member.name) else {
                refuse("\(pointer)/\(member.name)", "is not a header name")
                return nil
            }
            guard let text = member.value.scalarText, HeaderLine.isFieldValue(text) else {
                refuse("\(pointer)/\(member.name)", "must be a string or number of printable characters")
                return nil
            }
            return HeaderLine(member.name, text)
        }
    }
}
