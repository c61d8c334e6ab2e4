/// The language of `error_user_title` and `error_user_msg`: that of the token's owner. Only numbers tell an error.
enum MetaLanguage: Equatable, Sendable {
    case english
    case french

    /// French for a token that contains `fr_FR`.
    init(token: String?) {
        self = token?.contains("fr_FR") == true ? .french : .english
    }

    /// The title and the text for the breach of a rule that has a subcode. Those of the age in French and of the value in
    /// English are recorded answers.
    func texts(_ check: MetaCheck) -> (title: String, message: String) {
        switch self {
        case .english: Self.english(check)
        case .french: Self.french(check)
        }
    }

    private static func english(_ check: MetaCheck) -> (title: String, message: String) {
        switch check {
        case .eventTimeAge:
            (
                "Event Timestamp Too Old",
                "The timestamp for this event is too far in the past. Events need to be sent from your server within "
                    + "7 days of when they occurred. Enter a timestamp that has occurred within the last 7 days."
            )
        case .purchaseValue:
            (
                "Missing Value for Purchase Event",
                "Your purchase event doesn’t include a value parameter. Enter a value. For example: 1.99"
            )
        case .hashed:
            ("Customer Information Not Hashed", "A customer information parameter must be hashed with SHA-256.")
        case .weakIdentity:
            (
                "Not Enough Customer Information",
                "The combination of customer information parameters is too broad to match anyone."
            )
        case .messagingPage:
            ("Missing Page or WhatsApp Account", "A business messaging event needs a page or WhatsApp account.")
        default: ("Invalid parameter", "A parameter of the request is not valid.")
        }
    }

    private static func french(_ check: MetaCheck) -> (title: String, message: String) {
        switch check {
        case .eventTimeAge:
            (
                "Timestamp de l’évènement trop ancien",
                "Le timestamp pour cet évènement est trop éloigné dans le passé. Les évènements doivent être envoyés "
                    + "depuis votre serveur dans les 7 jours après avoir eu lieu. Entrez un timestamp qui a eu lieu au "
                    + "cours des 7 derniers jours."
            )
        case .purchaseValue:
            (
                "Valeur manquante pour l’évènement d’achat",
                "Votre évènement d’achat ne comprend pas de paramètre de valeur. Entrez une valeur. Par exemple : 1,99"
            )
        case .hashed:
            ("Informations client non hachées", "Un paramètre d’information client doit être haché avec SHA-256.")
        case .weakIdentity:
            (
                "Informations client insuffisantes",
                "La combinaison de paramètres d’information client est trop large pour une correspondance."
            )
        case .messagingPage:
            ("Page ou compte WhatsApp manquant", "Un évènement de messagerie a besoin d’une page ou d’un compte.")
        default: ("Paramètre non valide", "Un paramètre de la requête n’est pas valide.")
        }
    }
}
