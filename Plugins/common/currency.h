/* Which currencies there are. SPDX-License-Identifier: Apache-2.0 */
#ifndef RELAIS_COMMON_CURRENCY_H
#define RELAIS_COMMON_CURRENCY_H

#include <string.h>

#include "relais/plugin.h"

/* The currency in upper case, in `code`; 0 when it is not among `codes`: three letters each, in
 * order, without anything between. */
static inline int currency_is_among(const char *codes, relais_str text, char code[3]) {
  if (!text.ptr || text.len != 3) return 0;
  for (int i = 0; i < 3; i++) {
    char c = text.ptr[i];
    code[i] = c >= 'a' && c <= 'z' ? (char)(c - 32) : c;
  }
  size_t low = 0, high = strlen(codes) / 3;
  while (low < high) {
    size_t middle = (low + high) / 2;
    int order = memcmp(code, codes + middle * 3, 3);
    if (order == 0) return 1;
    if (order < 0) {
      high = middle;
    } else {
      low = middle + 1;
    }
  }
  return 0;
}

/* ISO 4217 alphabetic codes of the currencies in use, in order. */
static const char iso_currencies[] =
    "AEDAFNALLAMDANGAOAARSAUDAWGAZNBAMBBDBDTBGNBHDBIFBMDBNDBOBBRLBSDBTNBWPBYNBZDCADCDFCHFCLFCLP"
    "CNYCOPCRCCUPCVECZKDJFDKKDOPDZDEGPERNETBEURFJDFKPGBPGELGHSGIPGMDGNFGTQGYDHKDHNLHTGHUFIDRILS"
    "INRIQDIRRISKJMDJODJPYKESKGSKHRKMFKPWKRWKWDKYDKZTLAKLBPLKRLRDLSLLYDMADMDLMGAMKDMMKMNTMOPMRU"
    "MURMVRMWKMXNMYRMZNNADNGNNIONOKNPRNZDOMRPABPENPGKPHPPKRPLNPYGQARRONRSDRUBRWFSARSBDSCRSDGSEK"
    "SGDSHPSLESOSSRDSSPSTNSVCSYPSZLTHBTJSTMTTNDTOPTRYTTDTWDTZSUAHUGXUSDUYUUZSVEDVESVNDVUVWSTXAF"
    "XCDXCGXOFXPFYERZARZMWZWG";

static inline int currency_is_iso(relais_str text, char code[3]) {
  return currency_is_among(iso_currencies, text, code);
}

#endif
