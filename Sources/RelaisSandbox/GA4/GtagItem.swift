/// The value of a `pr<N>` parameter: fields joined by `~`, each a two-character key and its value; `~~` is a `~`.
enum GtagItem {
    static func fields(of value: String) -> [(key: String, value: String)] {
        var fields: [String] = []
        var field = ""
        var rest = value[...]
        while let character = rest.popFirst() {
            if character == "~", rest.first == "~" {
                rest.removeFirst()
                field.append("~")
            } else if character == "~" {
                fields.append(field)
                field = ""
            } else {
                field.append(character)
            }
        }
        fields.append(field)
        return fields.map { (key: String($0.prefix(2)), value: String($0.dropFirst(2))) }
    }
}
