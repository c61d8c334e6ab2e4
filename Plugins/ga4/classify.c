/* What an answer of Google Analytics means. It answers 2xx to whatever it could receive, even to a
 * wrong secret, so that 2xx says "sent" and no more ("HTTP response codes", Measurement Protocol
 * reference). Anything else means that the HTTP request was wrong and must not be repeated as it
 * is. SPDX-License-Identifier: Apache-2.0 */
#include <stdio.h>
#include <string.h>

#include "ga4.h"
#include "relais/jansson.h"

static const int64_t longest_pause_ms = 24 * 3600 * (int64_t)1000;

static relais_str header(const relais_exchange *exchange, const char *name) {
  for (uint32_t i = 0; i < exchange->headers.count; i++) {
    const relais_header *found = RELAIS_AT(exchange->headers, relais_header, i);
    if (ga4_is(found->name, name)) return found->value;
  }
  return (relais_str){NULL, 0};
}

/* The decimal number at text[at], of exactly `count` digits; -1 when there is none. */
static int64_t digits(relais_str text, size_t at, size_t count) {
  int64_t number = 0;
  if (at + count > text.len) return -1;
  for (size_t i = at; i < at + count; i++) {
    if (text.ptr[i] < '0' || text.ptr[i] > '9') return -1;
    number = number * 10 + (text.ptr[i] - '0');
  }
  return number;
}

static int64_t month_of(relais_str date) {
  static const char names[] = "JanFebMarAprMayJunJulAugSepOctNovDec";
  for (int64_t i = 0; i < 12; i++) {
    if (memcmp(date.ptr + 8, names + 3 * i, 3) == 0) return i + 1;
  }
  return -1;
}

/* Seconds since 1970 of an IMF-fixdate ("Sun, 06 Nov 1994 08:49:37 GMT", RFC 9110 5.6.7); -1 when
 * it is none. */
static int64_t http_date(relais_str date) {
  if (date.len != 29 || memcmp(date.ptr + 25, " GMT", 4) != 0) return -1;
  int64_t day = digits(date, 5, 2), month = month_of(date), year = digits(date, 12, 4);
  int64_t hour = digits(date, 17, 2), minute = digits(date, 20, 2), second = digits(date, 23, 2);
  if (day < 1 || day > 31 || month < 0 || year < 1970) return -1;
  if (hour < 0 || minute < 0 || second < 0) return -1;
  int64_t shifted = month <= 2 ? year - 1 : year;
  int64_t year_of_era = shifted % 400;
  int64_t day_of_year = (153 * (month > 2 ? month - 3 : month + 9) + 2) / 5 + day - 1;
  int64_t days = shifted / 400 * 146097 + year_of_era * 365 + year_of_era / 4 - year_of_era / 100 +
                 day_of_year - 719468;
  return ((days * 24 + hour) * 60 + minute) * 60 + second;
}

/* Milliseconds that the answer asks to wait; 0: it does not say. */
static int64_t retry_after_ms(const relais_exchange *exchange, int64_t now_ms) {
  relais_str value = header(exchange, "retry-after");
  int64_t wait = 0;
  if (ga4_blank(value)) return 0;
  int64_t date = http_date(value);
  if (date >= 0) {
    wait = date * 1000 - now_ms;
  } else if (value.len <= 9 && digits(value, 0, value.len) >= 0) {
    wait = digits(value, 0, value.len) * 1000;
  }
  if (wait < 0) return 0;
  return wait > longest_pause_ms ? longest_pause_ms : wait;
}

static relais_str transport_reason(relais_transport transport) {
  switch (transport) {
    case RELAIS_TRANSPORT_DNS:
      return RELAIS_STR("dns");
    case RELAIS_TRANSPORT_CONNECT:
      return RELAIS_STR("connect");
    case RELAIS_TRANSPORT_TLS:
      return RELAIS_STR("tls");
    case RELAIS_TRANSPORT_TIMEOUT_BEFORE_SEND:
      return RELAIS_STR("timeout_before_send");
    case RELAIS_TRANSPORT_TIMEOUT_AFTER_SEND:
      return RELAIS_STR("timeout_after_send");
    case RELAIS_TRANSPORT_TOO_LARGE:
      return RELAIS_STR("answer_too_large");
    default:
      return RELAIS_STR("connection_reset");
  }
}

static relais_verdict_code code_of(int32_t status, int64_t wait_ms) {
  if (status >= 200 && status <= 299) return RELAIS_DELIVERED;
  if (status == 429) return RELAIS_THROTTLE;
  if (status == 503 && wait_ms > 0) return RELAIS_THROTTLE;
  if (status == 413) return RELAIS_SPLIT;
  if (status == 408 || status == 425 || status >= 500 || status < 400) return RELAIS_RETRY;
  return RELAIS_REJECT;
}

/* "HTTP 404: " and the beginning of the answer in printable ASCII, white space run together;
 * Google's error pages are HTML, which says more with its tags left out. */
static relais_str describe(const relais_exchange *exchange, char *text, size_t capacity) {
  int head = snprintf(text, capacity, "HTTP %d", (int)exchange->status);
  size_t used = head > 0 ? (size_t)head : 0;
  int in_tag = 0, gap = 1;
  for (size_t i = 0; i < exchange->body.len && i < 4096 && used + 4 < capacity; i++) {
    unsigned char c = (unsigned char)exchange->body.ptr[i];
    if (c == '<') in_tag = 1;
    if (in_tag || c <= 0x20 || c >= 0x7F) {
      if (c == '>') in_tag = 0;
      gap = 1;
      continue;
    }
    if (used == (size_t)head) text[used++] = ':';
    if (gap) text[used++] = ' ';
    text[used++] = (char)c;
    gap = 0;
  }
  return (relais_str){text, used};
}

/* ---- The validation server ------------------------------------------------------------------- */

/* Adds "CODE at place: description" to the text; a message that is no object adds nothing. */
static size_t add_message(const json_t *message, char *text, size_t used, size_t capacity) {
  const char *code = json_string_value(json_object_get(message, "validationCode"));
  const char *place = json_string_value(json_object_get(message, "fieldPath"));
  const char *description = json_string_value(json_object_get(message, "description"));
  if (!json_is_object(message) || used >= capacity) return used;
  int length = snprintf(text + used, capacity - used, "%s%s%s%s: %s", used ? "; " : "",
                        code ? code : "?", place && *place ? " at " : "", place ? place : "",
                        description ? description : "");
  if (length < 0) return used;
  return used + (size_t)length < capacity ? used + (size_t)length : capacity - 1;
}

/* What the validation server found becomes the verdict's detail. Its answer never keeps an event
 * back: that part is delivered whatever it is. */
static relais_status classify_validation(const relais_call *call, const relais_exchange *exchange,
                                         const relais_output *output) {
  char detail[1024] = "";
  size_t used = 0;
  relais_verdict verdict = {.struct_size = sizeof verdict, .code = RELAIS_DELIVERED};
  int answered = exchange->transport == RELAIS_TRANSPORT_NONE && exchange->status / 100 == 2;
  json_t *root = answered ? relais_jansson_answer(call, exchange->body) : NULL;
  const json_t *messages = json_object_get(root, "validationMessages");
  size_t i;
  const json_t *message;
  if (!json_is_array(messages)) {
    verdict.reason = RELAIS_STR("not_validated");
    verdict.detail = RELAIS_STR("Google's validation server gave no answer that can be read");
  } else if (json_array_size(messages) == 0) {
    verdict.reason = RELAIS_STR("validated");
  } else {
    json_array_foreach((json_t *)messages, i, message) {
      used = add_message(message, detail, used, sizeof detail);
    }
    verdict.reason = RELAIS_STR("validation_messages");
    verdict.detail = (relais_str){detail, used};
    call->diagnose(call->ctx, RELAIS_WARNING, (relais_str){NULL, 0}, verdict.detail);
  }
  relais_status status = output->settle(output->ctx, RELAIS_ALL_EVENTS, &verdict);
  json_decref(root);
  return status;
}

relais_status ga4_classify(relais_instance *instance, const relais_call *call,
                           const relais_exchange *exchange, const relais_output *output) {
  char reason[32], detail[256];
  relais_verdict verdict = {.struct_size = sizeof verdict, .code = RELAIS_RETRY};
  (void)instance;
  if (ga4_is(exchange->note, GA4_VALIDATION)) return classify_validation(call, exchange, output);
  /* An answer too large to keep still has a status, and the status says all there is to know. */
  int answered = exchange->transport == RELAIS_TRANSPORT_NONE ||
                 (exchange->transport == RELAIS_TRANSPORT_TOO_LARGE && exchange->status >= 100);
  if (!answered) {
    verdict.reason = transport_reason(exchange->transport);
  } else {
    int64_t wait_ms = retry_after_ms(exchange, call->now_ms);
    verdict.code = code_of(exchange->status, wait_ms);
    if (verdict.code == RELAIS_DELIVERED) {
      verdict.reason = RELAIS_STR("sent");
    } else {
      if (verdict.code != RELAIS_REJECT) verdict.retry_after_ms = wait_ms;
      int length = snprintf(reason, sizeof reason, "http_%d", (int)exchange->status);
      verdict.reason = (relais_str){reason, length > 0 ? (size_t)length : 0};
      verdict.detail = describe(exchange, detail, sizeof detail);
    }
  }
  return output->settle(output->ctx, RELAIS_ALL_EVENTS, &verdict);
}
