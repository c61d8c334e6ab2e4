#include "CPhoneNumber.h"

#include <cstring>
#include <exception>
#include <string>

#include <phonenumbers/phonenumberutil.h>

using i18n::phonenumbers::PhoneNumber;
using i18n::phonenumbers::PhoneNumberUtil;

extern "C" size_t relais_phone_e164(const char *text, size_t length, const char *region, char *buffer,
                                    size_t capacity) {
  try {
    const PhoneNumberUtil *util = PhoneNumberUtil::GetInstance();
    PhoneNumber number;
    if (util->Parse(std::string(text, length), region, &number) != PhoneNumberUtil::NO_PARSING_ERROR) return 0;
    if (!util->IsPossibleNumber(number)) return 0;
    if (number.national_number() == 0) return 0; /* "0000000000", what forms are filled in with */
    std::string formatted;
    util->Format(number, PhoneNumberUtil::E164, &formatted);
    if (formatted.size() + 1 > capacity) return 0;
    std::memcpy(buffer, formatted.c_str(), formatted.size() + 1);
    return formatted.size();
  } catch (const std::exception &) {
    return 0;
  }
}
