/* Answers to verdicts: by the numbers in the body, since Meta's HTTP status does not tell (code 190
 * comes with 400, 401 and 500) and its texts are in the language of the token's owner.
 * SPDX-License-Identifier: Apache-2.0 */
#include <stdio.h>
#include <strings.h>

#include "meta.h"
#include "relais/jansson.h"

enum { MINUTE_MS = 60 * 1000, HOUR_MS = 60 * MINUTE_MS };

/* When Meta asks for a pause and does not say how long; and the longest one that is believed. */
static const int64_t usual_pause_ms = 5 * MINUTE_MS;
static const int64_t longest_pause_ms = 24 * HOUR_MS;
/* Code 368, blocked for a policy: nothing that minutes would change. */
static const int64_t policy_pause_ms = 6 * HOUR_MS;

typedef struct judgement {
  const relais_call *call;
  const relais_exchange *exchange;
  const relais_output *output;
  char detail[1024];
} judgement;

static relais_status settle(judgement *j, relais_verdict_code code, relais_str reason,
                            int64_t after_ms) {
  relais_str detail = meta_c_str(j->detail);
  const relais_verdict verdict = {.struct_size = sizeof verdict,
                                  .code = code,
                                  .retry_after_ms = after_ms,
                                  .reason = reason,
                                  .detail = detail.len ? detail : (relais_str){NULL, 0}};
  return j->output->settle(j->output->ctx, RELAIS_ALL_EVENTS, &verdict);
}

/* One event of the request is at fault, and Meta does not say which. */
static relais_status blame_event(judgement *j, relais_str reason) {
  return settle(j, j->exchange->event_count > 1 ? RELAIS_SPLIT : RELAIS_REJECT, reason, 0);
}

static relais_str header(const relais_exchange *exchange, const char *name) {
  size_t length = strlen(name);
  for (uint32_t i = 0; i < exchange->headers.count; i++) {
    const relais_header *one = RELAIS_AT(exchange->headers, relais_header, i);
    if (one->name.len == length && strncasecmp(one->name.ptr, name, length) == 0) return one->value;
  }
  return (relais_str){NULL, 0};
}

/* Retry-After in milliseconds, when it is a number of seconds; 0 otherwise. Meta does not document
 * it; a proxy may send it. */
static int64_t retry_after_ms(const relais_exchange *exchange) {
  relais_str text = header(exchange, "retry-after");
  int64_t seconds = 0;
  if (meta_blank(text) || text.len > 9) return 0;
  for (size_t i = 0; i < text.len; i++) {
    if (text.ptr[i] < '0' || text.ptr[i] > '9') return 0;
    seconds = seconds * 10 + (text.ptr[i] - '0');
  }
  return seconds * 1000;
}

/* X-Business-Use-Case-Usage: {"<business>": [{…, "estimated_time_to_regain_access": minutes}]}
 * ("Rate limiting"). */
static int64_t regain_ms(const judgement *j) {
  int64_t minutes = 0;
  const char *business;
  json_t *entries, *entry;
  size_t i;
  json_t *usage = relais_jansson_answer(j->call, header(j->exchange, "x-business-use-case-usage"));
  json_object_foreach(usage, business, entries) {
    json_array_foreach(entries, i, entry) {
      int64_t one = relais_jansson_int(entry, "estimated_time_to_regain_access", 0);
      if (one > minutes) minutes = one;
    }
  }
  json_decref(usage);
  return minutes > longest_pause_ms / MINUTE_MS ? longest_pause_ms : minutes * MINUTE_MS;
}

static int64_t pause_ms(const judgement *j) {
  int64_t pause = regain_ms(j);
  if (!pause) pause = retry_after_ms(j->exchange);
  if (!pause) pause = usual_pause_ms;
  return pause < longest_pause_ms ? pause : longest_pause_ms;
}

/* Appends text, at most `limit` bytes of it, cut before the character that does not fit. */
static void say(judgement *j, relais_str text, size_t limit) {
  size_t at = strlen(j->detail), room = sizeof j->detail - 1 - at;
  size_t length = text.len;
  if (limit > room) limit = room;
  if (length > limit) {
    length = limit;
    while (length && ((unsigned char)text.ptr[length] & 0xc0) == 0x80) length -= 1;
  }
  for (size_t i = 0; i < length; i++) j->detail[at + i] = text.ptr[i] ? text.ptr[i] : ' ';
  j->detail[at + length] = '\0';
}

/* "title: text (code 100, subcode 2804003, fbtrace_id ...)"; the parts together fit. */
static void describe(judgement *j, const json_t *error) {
  const relais_str none = {NULL, 0};
  relais_str title = relais_jansson_string(error, "error_user_title", none);
  relais_str text = relais_jansson_string(error, "error_user_msg", none);
  relais_str trace = relais_jansson_string(error, "fbtrace_id", none);
  int64_t subcode = relais_jansson_int(error, "error_subcode", 0);
  char numbers[64];
  if (meta_blank(title)) title = relais_jansson_string(error, "message", none);
  say(j, title, 300);
  if (!meta_blank(text) && !meta_equal(text, title)) {
    say(j, RELAIS_STR(": "), 2);
    say(j, text, 500);
  }
  snprintf(numbers, sizeof numbers, "%s(code %lld", j->detail[0] ? " " : "",
           (long long)relais_jansson_int(error, "code", 0));
  say(j, meta_c_str(numbers), sizeof numbers);
  if (subcode) {
    snprintf(numbers, sizeof numbers, ", subcode %lld", (long long)subcode);
    say(j, meta_c_str(numbers), sizeof numbers);
  }
  if (!meta_blank(trace)) {
    say(j, RELAIS_STR(", fbtrace_id "), 16);
    say(j, trace, 64);
  }
  say(j, RELAIS_STR(")"), 1);
}

/* Error 100 with a subcode of the Conversions API: what is wrong with an event of the request. */
static relais_str event_fault(int64_t subcode) {
  static const struct {
    int32_t subcode;
    const char *reason;
  } faults[] = {
      {2804003, "too_old"},          {2804009, "missing_value"},    {2804016, "not_hashed"},
      {2804030, "ldu_required"},     {2804036, "invalid_lead_id"},  {2804050, "weak_identity"},
      {2804116, "missing_page_id"},  {2804131, "dataset_problem"},
  };
  for (size_t i = 0; i < sizeof faults / sizeof *faults; i++)
    if (faults[i].subcode == subcode) return meta_c_str(faults[i].reason);
  return RELAIS_STR("invalid_event");
}

static int is_event_subcode(int64_t subcode) { return subcode >= 2804000 && subcode <= 2804999; }

/* Rate limits of the application, the user, the page, the account and the business use case ("Rate
 * limiting"). */
static int is_throttled(int64_t code) {
  return code == 4 || code == 17 || code == 32 || code == 613 || (code >= 80000 && code <= 80014);
}

/* Token, session, proof, capability, permission. */
static int is_auth(int64_t code) {
  return code == 190 || code == 102 || code == 104 || code == 3 || code == 10 ||
         (code >= 200 && code <= 299);
}

static relais_status judge_auth(judgement *j, int64_t code, int64_t subcode) {
  relais_str reason = RELAIS_STR("no_permission");
  if (code == 190) reason = RELAIS_STR("invalid_token");
  if (code == 190 && subcode == 460) reason = RELAIS_STR("token_revoked");
  if (code == 190 && subcode == 463) reason = RELAIS_STR("token_expired");
  if (code == 102 || code == 104) reason = RELAIS_STR("invalid_session");
  j->call->diagnose(j->call->ctx, RELAIS_ERROR, RELAIS_STR("/access_token"), meta_c_str(j->detail));
  return settle(j, RELAIS_AUTH_STOP, reason, 0);
}

static relais_status judge_error(judgement *j, const json_t *error) {
  int64_t code = relais_jansson_int(error, "code", 0);
  int64_t subcode = relais_jansson_int(error, "error_subcode", 0);
  describe(j, error);
  if (is_throttled(code))
    return settle(j, RELAIS_THROTTLE, RELAIS_STR("rate_limited"), pause_ms(j));
  if (code == 368) {
    j->call->diagnose(j->call->ctx, RELAIS_ERROR, (relais_str){NULL, 0}, meta_c_str(j->detail));
    return settle(j, RELAIS_THROTTLE, RELAIS_STR("policy_block"), policy_pause_ms);
  }
  if (is_auth(code)) return judge_auth(j, code, subcode);
  if (code == 100 && subcode == 33) {
    j->call->diagnose(j->call->ctx, RELAIS_ERROR, RELAIS_STR("/pixel_id"), meta_c_str(j->detail));
    return settle(j, RELAIS_AUTH_STOP, RELAIS_STR("unknown_pixel"), 0);
  }
  if (relais_jansson_bool(error, "is_transient", 0))
    return settle(j, RELAIS_RETRY, RELAIS_STR("transient"), 0);
  if (code == 100 && is_event_subcode(subcode)) return blame_event(j, event_fault(subcode));
  if (is_event_subcode(code)) return blame_event(j, event_fault(code));
  if (code == 100) return blame_event(j, RELAIS_STR("invalid_parameter"));
  if (code == 105) return blame_event(j, RELAIS_STR("too_many_parameters"));
  if (code == 21009) return settle(j, RELAIS_RETRY, RELAIS_STR("data_set_not_ready"), 0);
  if (code == 1 || code == 2 || code == 341 || code == 5000 || code < 0)
    return settle(j, RELAIS_RETRY, RELAIS_STR("vendor_unavailable"), 0);
  return settle(j, RELAIS_RETRY, RELAIS_STR("unknown_error"), 0);
}

/* Warnings of an answer that accepted the events. */
static void report_messages(judgement *j, const json_t *answer) {
  relais_str texts[8];
  size_t count = relais_jansson_strings(answer, "messages", texts, 8);
  for (size_t i = 0; i < count; i++) {
    if (texts[i].len > 512) continue;
    j->call->diagnose(j->call->ctx, RELAIS_WARNING, (relais_str){NULL, 0}, texts[i]);
  }
}

/* {"events_received": n}: there is no answer for single events, so fewer than were sent means to
 * look for the others. */
static relais_status judge_received(judgement *j, const json_t *answer) {
  int64_t received = relais_jansson_int(answer, "events_received", -1);
  relais_str trace = relais_jansson_string(answer, "fbtrace_id", (relais_str){NULL, 0});
  report_messages(j, answer);
  int all = received > 0 && received >= j->exchange->event_count;
  if (!all)
    snprintf(j->detail, sizeof j->detail, "events_received is %lld of %u, ", (long long)received,
             j->exchange->event_count);
  say(j, RELAIS_STR("fbtrace_id "), 16);
  say(j, meta_blank(trace) ? RELAIS_STR("absent") : trace, 64);
  if (all) return settle(j, RELAIS_DELIVERED, RELAIS_STR("received"), 0);
  return blame_event(j, RELAIS_STR("not_received"));
}

/* No answer of the API: a proxy's page, a cut connection, nothing. Most likely it passes. */
static relais_status judge_status(judgement *j) {
  const relais_exchange *exchange = j->exchange;
  int32_t status = exchange->status;
  int64_t after_ms = retry_after_ms(exchange);
  if (after_ms > longest_pause_ms) after_ms = longest_pause_ms;
  snprintf(j->detail, sizeof j->detail,
           "HTTP %d with %zu bytes that are no answer of the Graph API%s", status,
           exchange->body.len, exchange->flags & RELAIS_EXCHANGE_TRUNCATED ? ", cut off" : "");
  if (status == 413) return settle(j, RELAIS_SPLIT, RELAIS_STR("too_large"), 0);
  if (status == 429) return settle(j, RELAIS_THROTTLE, RELAIS_STR("rate_limited"), pause_ms(j));
  if (status == 503 && after_ms)
    return settle(j, RELAIS_THROTTLE, RELAIS_STR("vendor_unavailable"), after_ms);
  if (status == 401) return settle(j, RELAIS_AUTH_STOP, RELAIS_STR("http_401"), 0);
  if (status >= 500) return settle(j, RELAIS_RETRY, RELAIS_STR("vendor_unavailable"), after_ms);
  return settle(j, RELAIS_RETRY, RELAIS_STR("unreadable_answer"), after_ms);
}

static relais_status judge_transport(judgement *j) {
  static const char *const reasons[] = {
      "", "dns", "connect", "tls", "timeout_before_send", "timeout_after_send", "connection_reset",
      "answer_too_large"};
  relais_transport transport = j->exchange->transport;
  if (transport < 1 || transport > RELAIS_TRANSPORT_TOO_LARGE) transport = RELAIS_TRANSPORT_RESET;
  return settle(j, RELAIS_RETRY, meta_c_str(reasons[transport]), 0);
}

relais_status meta_classify(relais_instance *instance, const relais_call *call,
                            const relais_exchange *exchange, const relais_output *output) {
  judgement j = {.call = call, .exchange = exchange, .output = output};
  relais_status status;
  (void)instance;
  if (exchange->transport != RELAIS_TRANSPORT_NONE) return judge_transport(&j);

  relais_str warning = header(exchange, "x-ad-api-version-warning");
  if (!meta_blank(warning) && warning.len <= 512)
    call->diagnose(call->ctx, RELAIS_WARNING, RELAIS_STR("/api_version"), warning);
  json_t *answer = relais_jansson_answer(call, exchange->body);
  const json_t *error = json_object_get(answer, "error");
  if (json_is_object(error)) {
    status = judge_error(&j, error);
  } else if (exchange->status >= 200 && exchange->status < 300 &&
             json_is_integer(json_object_get(answer, "events_received"))) {
    status = judge_received(&j, answer);
  } else {
    status = judge_status(&j);
  }
  json_decref(answer);
  return status;
}
