/// Names of free parameters that hold personal data by their name alone; their values are dropped, in parameters, user
/// properties, item parameters and inside nested JSON.
enum PersonalFields {
    /// True for such a name, whatever its case and separators: `userEmail`, `user_email`, `User-Email` are one.
    static func contains(_ name: some Sequence<UInt8>) -> Bool {
        var folded: [UInt8] = []
        for byte in name {
            switch byte {
            case UInt8(ascii: "A")...UInt8(ascii: "Z"): folded.append(byte + 32)
            case UInt8(ascii: "_"), UInt8(ascii: "-"), UInt8(ascii: "."), UInt8(ascii: " "): continue
            default: folded.append(byte)
            }
            if folded.count > 32 { return false }
        }
        return names.contains(folded)
    }

    private static let names: Set<[UInt8]> = Set(
        [
            "email", "emailaddress", "mail", "useremail", "customeremail", "billingemail", "contactemail", "emails",
            "phone", "phonenumber", "telephone", "tel", "mobile", "mobilephone", "userphone", "customerphone",
            "billingphone", "cellphone", "firstname", "lastname", "fullname", "givenname", "familyname", "surname",
            "username", "customername", "street", "streetaddress", "addressline1", "addressline2", "address1",
            "address2", "birthday", "birthdate", "dateofbirth", "dob", "password", "passwd", "iban", "ssn",
            "creditcard", "cardnumber", "passport", "userdataemail", "userdataphonenumber",
        ].map { Array($0.utf8) }
    )
}
