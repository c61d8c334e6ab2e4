internal import RelaisEvent

/// Writes the collector's JSON answers.
struct AnswerJSON {
    private var writer = JSONWriter()

    var bytes: [UInt8] { writer.bytes + [UInt8(ascii: "\n")] }

    mutating func error(_ reason: String) {
        writer.beginObject()
        writer.key("error")
        writer.string(reason)
        writer.endObject()
    }

    /// `{"accepted":n,"duplicates":n,"rejected":[{"index":i,"pointer":"/value","reason":"…"}]}`, and the plans when asked.
    mutating func summary(
        accepted: Int,
        duplicates: Int,
        rejected: [(index: Int, rejection: EventRejection)],
        plans: [(index: Int, plan: Plan)]?
    ) {
        writer.beginObject()
        writer.key("accepted")
        writer.integer(accepted)
        writer.key("duplicates")
        writer.integer(duplicates)
        writer.key("rejected")
        Self.write(rejected, to: &writer)
        if let plans {
            writer.key("plans")
            writer.beginArray()
            for (index, plan) in plans {
                writer.beginObject()
                writer.key("index")
                writer.integer(index)
                writer.key("plan")
                plan.write(to: &writer)
                writer.endObject()
            }
            writer.endArray()
        }
        writer.endObject()
    }

    /// An array of `{"index","pointer","reason"}`.
    static func write(_ rejected: [(index: Int, rejection: EventRejection)], to writer: inout JSONWriter) {
        writer.beginArray()
        for (index, rejection) in rejected {
            writer.beginObject()
            writer.key("index")
            writer.integer(index)
            writer.key("pointer")
            writer.string(rejection.pointer)
            writer.key("reason")
            writer.string(rejection.reason)
            writer.endObject()
        }
        writer.endArray()
    }
}

extension Plan {
    /// An array of `{"destination","outcome","reason","detail"}`.
    func write(to writer: inout JSONWriter) {
        writer.beginArray()
        for decision in decisions {
            writer.beginObject()
            writer.key("destination")
            writer.string(decision.destination)
            writer.key("outcome")
            writer.string(decision.outcome.name)
            if !decision.reason.isEmpty {
                writer.key("reason")
                writer.string(decision.reason)
                writer.key("detail")
                writer.string(decision.detail)
            }
            if let sendAs = decision.sendAs {
                writer.key("send_as")
                writer.string(sendAs)
            }
            writer.endObject()
        }
        writer.endArray()
    }
}

extension Decision.Outcome {
    var name: String {
        switch self {
        case .entitled: "entitled"
        case .refused: "refused"
        case .hadEarlierCopy: "had_earlier_copy"
        }
    }
}
