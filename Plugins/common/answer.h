/* A vendor's answer on its way to verdicts, for classify(). SPDX-License-Identifier: Apache-2.0 */
#ifndef RELAIS_COMMON_ANSWER_H
#define RELAIS_COMMON_ANSWER_H

#include <stdio.h>
#include <strings.h>

#include "relais/plugin.h"
#include "text.h"

enum { MINUTE_MS = 60 * 1000, HOUR_MS = 60 * MINUTE_MS };

/* The longest pause that is believed. */
static const int64_t longest_pause_ms = 24 * HOUR_MS;
/* When a vendor asks for a pause and does not say how long. */
static const int64_t usual_pause_ms = 5 * MINUTE_MS;

typedef struct answer {
  const relais_call *call;
  const relais_exchange *exchange;
  const relais_output *output;
  relais_str secret;  /* what must not be repeated in `detail`; may be absent */
  char detail[1024];
} answer;

static inline relais_status answer_settle_one(answer *a, uint32_t event, relais_verdict verdict) {
  relais_str detail = text_of(a->detail);
  verdict.struct_size = sizeof verdict;
  verdict.detail = detail.len ? detail : (relais_str){NULL, 0};
  return a->output->settle(a->output->ctx, event, &verdict);
}

static inline relais_status answer_settle(answer *a, relais_verdict_code code, relais_str reason,
                                          int64_t after_ms) {
  const relais_verdict verdict = {.code = code, .retry_after_ms = after_ms, .reason = reason};
  return answer_settle_one(a, RELAIS_ALL_EVENTS, verdict);
}

/* One event of the request is at fault, and the vendor does not say which. */
static inline relais_status answer_blame(answer *a, relais_str reason) {
  return answer_settle(a, a->exchange->event_count > 1 ? RELAIS_SPLIT : RELAIS_REJECT, reason, 0);
}

static inline relais_str answer_header(const relais_exchange *exchange, const char *name) {
  size_t length = strlen(name);
  for (uint32_t i = 0; i < exchange->headers.count; i++) {
    const relais_header *one = RELAIS_AT(exchange->headers, relais_header, i);
    if (one->name.len == length && strncasecmp(one->name.ptr, name, length) == 0) return one->value;
  }
  return (relais_str){NULL, 0};
}

/* Retry-After in milliseconds, when it is a number of seconds; 0 otherwise. No advertising vendor
 * documents it; a proxy may send it. */
static inline int64_t answer_retry_after_ms(const relais_exchange *exchange) {
  relais_str text = answer_header(exchange, "retry-after");
  int64_t seconds = 0;
  if (!text_digits(text, 9)) return 0;
  for (size_t i = 0; i < text.len; i++) seconds = seconds * 10 + (text.ptr[i] - '0');
  return seconds * 1000 < longest_pause_ms ? seconds * 1000 : longest_pause_ms;
}

static inline int answer_has_secret_at_(const answer *a, relais_str text, size_t at) {
  relais_str secret = a->secret;
  return secret.len >= 4 && text.len - at >= secret.len &&
         memcmp(text.ptr + at, secret.ptr, secret.len) == 0;
}

/* Appends text to `detail`, at most `limit` bytes of it, cut before the character that does not
 * fit; the secret is replaced. */
static inline void answer_say(answer *a, relais_str text, size_t limit) {
  size_t at = strlen(a->detail), room = sizeof a->detail - 1 - at, length = 0;
  if (limit > room) limit = room;
  for (size_t i = 0; i < text.len; length++) {
    int hidden = answer_has_secret_at_(a, text, i);
    if (length + (hidden ? 3 : 1) > limit) {
      while (length && ((unsigned char)text.ptr[i] & 0xc0) == 0x80) {
        length -= 1;
        i -= 1;
      }
      break;
    }
    a->detail[at + length] = text.ptr[i] ? text.ptr[i] : ' ';
    if (hidden) {
      memcpy(a->detail + at + length, "***", 3);
      length += 2;
      i += a->secret.len;
    } else {
      i += 1;
    }
  }
  a->detail[at + length] = '\0';
}

static inline relais_status answer_judge_transport(answer *a) {
  static const char *const reasons[] = {
      "", "dns", "connect", "tls", "timeout_before_send", "timeout_after_send", "connection_reset",
      "answer_too_large"};
  relais_transport transport = a->exchange->transport;
  if (transport < 1 || transport > RELAIS_TRANSPORT_TOO_LARGE) transport = RELAIS_TRANSPORT_RESET;
  return answer_settle(a, RELAIS_RETRY, text_of(reasons[transport]), 0);
}

/* No answer of the API: a proxy's page, a cut connection, nothing. Most likely it passes.
 * pause_ms: for 429. */
static inline relais_status answer_judge_status(answer *a, const char *api, int64_t pause_ms) {
  const relais_exchange *exchange = a->exchange;
  int32_t status = exchange->status;
  int64_t after_ms = answer_retry_after_ms(exchange);
  snprintf(a->detail, sizeof a->detail, "HTTP %d with %zu bytes that are no answer of %s%s", status,
           exchange->body.len, api,
           exchange->flags & RELAIS_EXCHANGE_TRUNCATED ? ", cut off" : "");
  if (status == 413) return answer_settle(a, RELAIS_SPLIT, RELAIS_STR("too_large"), 0);
  if (status == 429)
    return answer_settle(a, RELAIS_THROTTLE, RELAIS_STR("rate_limited"), pause_ms);
  if (status == 503 && after_ms)
    return answer_settle(a, RELAIS_THROTTLE, RELAIS_STR("vendor_unavailable"), after_ms);
  if (status == 401) return answer_settle(a, RELAIS_AUTH_STOP, RELAIS_STR("http_401"), 0);
  if (status >= 500)
    return answer_settle(a, RELAIS_RETRY, RELAIS_STR("vendor_unavailable"), after_ms);
  return answer_settle(a, RELAIS_RETRY, RELAIS_STR("unreadable_answer"), after_ms);
}

#endif
