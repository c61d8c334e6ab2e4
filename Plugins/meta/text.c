/* Texts, numbers, URLs and currencies. SPDX-License-Identifier: Apache-2.0 */
#include <math.h>
#include <string.h>
#include <strings.h>

#include "meta.h"

int meta_equal(relais_str a, relais_str b) {
  return a.ptr && b.ptr && a.len == b.len && memcmp(a.ptr, b.ptr, a.len) == 0;
}

int meta_is(relais_str a, const char *terminated) { return meta_equal(a, meta_c_str(terminated)); }

int meta_blank(relais_str a) { return !a.ptr || !a.len; }

relais_str meta_c_str(const char *terminated) {
  return (relais_str){terminated, terminated ? strlen(terminated) : 0};
}

const relais_param *meta_find(relais_list params, const char *key) {
  for (uint32_t i = params.count; i > 0; i--) {
    const relais_param *param = RELAIS_AT(params, relais_param, i - 1);
    if (meta_is(param->key, key)) return param;
  }
  return NULL;
}

relais_str meta_find_text(relais_list params, const char *key) {
  const relais_param *param = meta_find(params, key);
  if (!param || param->type == RELAIS_TYPE_JSON || param->type == RELAIS_TYPE_BOOL ||
      meta_blank(param->text))
    return (relais_str){NULL, 0};
  return param->text;
}

int meta_usable_number(relais_number number) {
  return number.text.ptr && isfinite(number.value) && relais_json_is_number(number.text);
}

void meta_put(relais_json *json, const char *key, relais_str text) {
  if (!meta_blank(text)) relais_json_put_string(json, meta_c_str(key), text);
}

static int must_encode(unsigned char c) { return c <= 0x20 || c == 0x7f; }

relais_str meta_url(const relais_call *call, relais_str text) {
  static const char hex[] = "0123456789ABCDEF";
  relais_str none = {NULL, 0};
  size_t scheme = 0, strange = 0;
  while (text.len && must_encode((unsigned char)text.ptr[0])) {
    text.ptr += 1;
    text.len -= 1;
  }
  while (text.len && must_encode((unsigned char)text.ptr[text.len - 1])) text.len -= 1;
  if (text.len > 7 && strncasecmp(text.ptr, "http://", 7) == 0) scheme = 7;
  if (text.len > 8 && strncasecmp(text.ptr, "https://", 8) == 0) scheme = 8;
  if (!scheme || strchr("/?#:", text.ptr[scheme])) return none;
  for (size_t i = 0; i < text.len; i++) strange += must_encode((unsigned char)text.ptr[i]);
  if (!strange) return text;
  char *url = call->alloc(call->ctx, text.len + strange * 2, 1);
  if (!url) return none;
  size_t at = 0;
  for (size_t i = 0; i < text.len; i++) {
    unsigned char c = (unsigned char)text.ptr[i];
    if (must_encode(c)) {
      url[at++] = '%';
      url[at++] = hex[c >> 4];
      url[at++] = hex[c & 15];
    } else {
      url[at++] = (char)c;
    }
  }
  return (relais_str){url, at};
}

/* ISO 4217 alphabetic codes of the currencies in use, in order. */
static const char currencies[] =
    "AEDAFNALLAMDANGAOAARSAUDAWGAZNBAMBBDBDTBGNBHDBIFBMDBNDBOBBRLBSDBTNBWPBYNBZDCADCDFCHFCLFCLP"
    "CNYCOPCRCCUPCVECZKDJFDKKDOPDZDEGPERNETBEURFJDFKPGBPGELGHSGIPGMDGNFGTQGYDHKDHNLHTGHUFIDRILS"
    "INRIQDIRRISKJMDJODJPYKESKGSKHRKMFKPWKRWKWDKYDKZTLAKLBPLKRLRDLSLLYDMADMDLMGAMKDMMKMNTMOPMRU"
    "MURMVRMWKMXNMYRMZNNADNGNNIONOKNPRNZDOMRPABPENPGKPHPPKRPLNPYGQARRONRSDRUBRWFSARSBDSCRSDGSEK"
    "SGDSHPSLESOSSRDSSPSTNSVCSYPSZLTHBTJSTMTTNDTOPTRYTTDTWDTZSUAHUGXUSDUYUUZSVEDVESVNDVUVWSTXAF"
    "XCDXCGXOFXPFYERZARZMWZWG";


int meta_currency(relais_str text, char code[3]) {
  if (!text.ptr || text.len != 3) return 0;
  for (int i = 0; i < 3; i++) {
    char c = text.ptr[i];
    code[i] = c >= 'a' && c <= 'z' ? (char)(c - 32) : c;
  }
  size_t low = 0, high = (sizeof currencies - 1) / 3;
  while (low < high) {
    size_t middle = (low + high) / 2;
    int order = memcmp(code, currencies + middle * 3, 3);
    if (order == 0) return 1;
    if (order < 0) {
      high = middle;
    } else {
      low = middle + 1;
    }
  }
  return 0;
}
