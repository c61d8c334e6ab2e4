import RelaisEvent

enum SampleEvent {
    static func full() -> Event {
        var event = Event()
        for field in EventField.allCases {
            switch field.kind {
            case .text: event.set(field, "text of \(field.name) é")
            case .number: event.set(field, number: 129.9, text: event.store("129.90"))
            case .integer: event.set(field, integer: 1_795_445_369_000_000 + Int64(field.rawValue))
            }
        }
        event.flags = [.test, .consentUpdate]
        addLists(to: &event)
        for _ in 0..<3 { event.items.append(item(&event)) }
        event.userData = [
            UserIdentifier(kind: .email, recipe: "lower", value: String(repeating: "ab", count: 32), group: 0),
            UserIdentifier(kind: .email, recipe: "google", value: String(repeating: "cd", count: 32), group: 0),
            UserIdentifier(kind: .lastName, recipe: "lower", value: String(repeating: "ef", count: 32), group: 1),
            UserIdentifier(kind: .firstName, recipe: "clear", value: "ada", group: 1),
            UserIdentifier(kind: .city, recipe: "google", value: "paris", group: 2),
        ]
        event.consent[.adStorage] = .granted
        event.consent[.adUserData] = .denied
        event.consent[.analyticsStorage] = .pending
        event.consent.vendors = [.init(name: "meta", state: .denied)]
        return event
    }

    private static func addLists(to event: inout Event) {
        for list in ParameterList.allCases {
            event.append("plan", "gold", to: list)
            event.append("plan", "silver \"quoted\"", to: list)
            let key = event.store("n")
            event.append(Parameter(key: key, type: .number, number: 1.5, text: event.store("1.50")), to: list)
        }
        let nested = Parameter(key: event.store("nested"), type: .json, number: 0, text: event.store("{\"a\":[1]}"))
        event.append(nested, to: .params)
        let flag = Parameter(key: event.store("flag"), type: .bool, number: 1, text: event.store("true"))
        event.append(flag, to: .params)
    }

    private static func item(_ event: inout Event) -> Item {
        var item = Item()
        for field in ItemField.allCases {
            let text = event.store(field.kind == .number ? "29.95" : "item \(field.name)")
            item.values.append(.init(field: field, text: text, number: field.kind == .number ? 29.95 : 0))
        }
        item.params.append(
            Parameter(key: event.store("color"), type: .string, number: 0, text: event.store("bleu"))
        )
        return item
    }
}
