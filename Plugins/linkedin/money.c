/* `conversionValue`: {currencyCode, amount}, both or none, the amount a decimal in a string ("Schema",
 * conversionValue). SPDX-License-Identifier: Apache-2.0 */
#include "linkedin.h"

enum { MAX_DIGITS = 32 };

/* The number as a plain decimal, the sender's digits unless it has an exponent; 0: it does not fit. */
static size_t write_amount(relais_str number, char out[MAX_DIGITS + 2]) {
  char digits[MAX_DIGITS];
  size_t count = 0, i = 0, at = 0;
  int point = -1, exponent = 0, negative = 0;
  if (number.len && number.ptr[0] == '-') { /* of a zero: less is refused */
    number.ptr += 1;
    number.len -= 1;
  }
  for (; i < number.len && number.ptr[i] != 'e' && number.ptr[i] != 'E'; i++) {
    if (number.ptr[i] == '.') {
      point = (int)count;
    } else if (count == MAX_DIGITS) {
      return 0;
    } else {
      digits[count++] = number.ptr[i];
    }
  }
  if (i == number.len) {
    if (number.len > MAX_DIGITS) return 0;
    memcpy(out, number.ptr, number.len);
    return number.len;
  }
  for (i += 1; i < number.len; i++) {
    if (number.ptr[i] == '-') negative = 1;
    if (number.ptr[i] < '0' || number.ptr[i] > '9') continue;
    exponent = exponent * 10 + (number.ptr[i] - '0');
    if (exponent > MAX_DIGITS) return 0;
  }
  if (point < 0) point = (int)count;
  point += negative ? -exponent : exponent;
  if (point > MAX_DIGITS - 2 || point < -(MAX_DIGITS / 2)) return 0;
  if (point <= 0) out[at++] = '0';
  for (int place = point < 0 ? point : 0; place < (int)count || place < point; place++) {
    if (place == point) out[at++] = '.';
    if (at > MAX_DIGITS) return 0;
    out[at++] = place >= 0 && place < (int)count ? digits[place] : '0';
  }
  return at;
}

void linkedin_write_value(batch *b, const relais_event *event) {
  char code[3], amount[MAX_DIGITS + 2];
  if (!event->value.text.ptr) return;
  if (text_blank(event->currency) || !number_usable(event->value)) {
    batch_omit(b, event, LINKEDIN_OMITTED_VALUE);
    return;
  }
  /* LinkedIn takes any three letters (measured), and counts what it does not know as nothing. */
  if (!currency_is_iso(event->currency, code)) {
    batch_omit(b, event, LINKEDIN_OMITTED_CURRENCY);
    return;
  }
  size_t length = write_amount(event->value.text, amount);
  if (!length) {
    batch_omit(b, event, LINKEDIN_OMITTED_VALUE);
    return;
  }
  relais_json_key(&b->json, RELAIS_STR("conversionValue"));
  relais_json_begin_object(&b->json);
  relais_json_put_string(&b->json, RELAIS_STR("currencyCode"), (relais_str){code, 3});
  relais_json_put_string(&b->json, RELAIS_STR("amount"), (relais_str){amount, length});
  relais_json_end_object(&b->json);
}
