#ifndef RELAIS_C_PHONE_NUMBER_H
#define RELAIS_C_PHONE_NUMBER_H

#include <stddef.h>

#ifdef __cplusplus
extern "C" {
#endif

/* Reads a phone number as people write it and writes it as E.164 ("+33612345678"), NUL-terminated.
 * region: ISO 3166-1 alpha-2, upper-case, used for numbers without a country code; may be "ZZ" for none.
 * Returns the length written, or 0 when the text is no possible number or the buffer is too small. Thread-safe. */
size_t relais_phone_e164(const char *text, size_t length, const char *region, char *buffer, size_t capacity);

#ifdef __cplusplus
}
#endif

#endif
