import Foundation

@testable import RelaisSandbox

enum Fixture {
    static func bytes(_ name: String) throws -> [UInt8] {
        let url = Bundle.module.bundleURL.appendingPathComponent("Fixtures/\(name)")
        return Array(try Data(contentsOf: url))
    }

    static func json(_ name: String) throws -> JSONValue {
        try JSONParser.parse(try bytes(name))
    }

    static func line(_ name: String) throws -> String {
        String(decoding: try bytes(name), as: UTF8.self).trimmingCharacters(in: .newlines)
    }
}

extension JSONValue {
    static func parse(_ text: String) throws -> JSONValue {
        try JSONParser.parse(Array(text.utf8))
    }

    func merging(_ patch: JSONValue) -> JSONValue {
        guard case .object(let changes) = patch else { return patch }
        var members = object?.members ?? []
        for change in changes.members {
            let old = members.last { $0.name == change.name }?.value ?? .null
            members.removeAll { $0.name == change.name }
            if change.value != .null { members.append(.init(name: change.name, value: old.merging(change.value))) }
        }
        return .object(JSONObject(members: members))
    }

    var text: String {
        var writer = JSONWriter()
        writer.value(self)
        return String(decoding: writer.bytes, as: UTF8.self)
    }

    subscript(name: String) -> JSONValue? { object?[name] }
    subscript(index: Int) -> JSONValue? {
        array.flatMap { index < $0.count ? $0[index] : nil }
    }
}

extension VendorAnswer {
    var json: JSONValue? { try? JSONParser.parse(body) }
}

enum Clock {
    static let seconds: Int64 = 1_700_000_100
    static let circumstances = Circumstances(nowMilliseconds: seconds * 1_000, requestNumber: 7)
}
