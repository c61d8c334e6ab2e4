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
        for list in ParameterList.allCases {
            event.append("plan", "gold", to: list)
            event.append("plan", "silver \"quoted\"\n", to: list)
            let key = event.store("n")
            event.append(Parameter(key: key, type: .number, number: 1.5, text: event.store("1.50")), to: list)
        }
        event.append(
            Parameter(key: event.store("nested"), type: .json, number: 0, text: event.store("{\"a\":[1]}")),
            to: .params
        )
        event.append(
            Parameter(key: event.store("flag"), type: .bool, number: 1, text: event.store("true")),
            to: .params
        )
        for number in 0..<3 {
            var item = Item()
            item.values.append(.init(field: .itemID, text: event.store("SKU_\(number)")))
            item.values.append(.init(field: .price, text: event.store("29.95"), number: 29.95))
            item.params.append(
                Parameter(key: event.store("color"), type: .string, number: 0, text: event.store("bleu"))
            )
            event.items.append(item)
        }
        event.userData = [
            UserIdentifier(kind: .email, recipe: "lower", value: String(repeating: "ab", count: 32), group: 0),
            UserIdentifier(kind: .city, recipe: "google", value: "paris", group: 2),
        ]
        event.consent[.adStorage] = .granted
        event.consent[.adUserData] = .denied
        event.consent[.analyticsStorage] = .pending
        event.consent.vendors = [.init(name: "meta", state: .denied)]
        return event
    }
}
