/// Rewrites a JSON text: values of personal fields become `null`. The text is valid JSON; anything else comes back as it is.
enum JSONRedactor {
    static func redact(_ json: ArraySlice<UInt8>) -> [UInt8]? {
        var output: [UInt8] = []
        var index = json.startIndex
        var copied = json.startIndex
        while index < json.endIndex {
            guard json[index] == UInt8(ascii: "\"") else {
                index += 1
                continue
            }
            let end = endOfString(json, index)
            let colon = skipSpace(json, end)
            guard colon < json.endIndex, json[colon] == UInt8(ascii: ":"),
                PersonalFields.contains(json[index + 1..<max(index + 1, end - 1)])
            else {
                index = end
                continue
            }
            output += json[copied...colon] + Array("null".utf8)
            index = endOfValue(json, skipSpace(json, colon + 1))
            copied = index
        }
        guard copied > json.startIndex else { return nil }
        return output + json[copied...]
    }

    private static func endOfString(_ json: ArraySlice<UInt8>, _ start: Int) -> Int {
        var index = start + 1
        while index < json.endIndex {
            if json[index] == UInt8(ascii: "\\") {
                index += 2
            } else if json[index] == UInt8(ascii: "\"") {
                return index + 1
            } else {
                index += 1
            }
        }
        return json.endIndex
    }

    private static func skipSpace(_ json: ArraySlice<UInt8>, _ start: Int) -> Int {
        var index = start
        while index < json.endIndex, [0x20, 0x09, 0x0A, 0x0D].contains(json[index]) { index += 1 }
        return index
    }

    private static func endOfValue(_ json: ArraySlice<UInt8>, _ start: Int) -> Int {
        var index = start
        var depth = 0
        while index < json.endIndex {
            switch json[index] {
            case UInt8(ascii: "\""):
                index = endOfString(json, index)
                if depth == 0 { return index }
                continue
            case UInt8(ascii: "{"), UInt8(ascii: "["): depth += 1
            case UInt8(ascii: "}"), UInt8(ascii: "]"):
                if depth == 0 { return index }
                depth -= 1
                if depth == 0 { return index + 1 }
            case UInt8(ascii: ","): if depth == 0 { return index }
            default: break
            }
            index += 1
        }
        return json.endIndex
    }
}
