/* Answers to verdicts: by the numbers in the body, since Meta's HTTP status does not tell (code 190
 * comes with 400, 401 and 500) and its texts are in the language of the token's owner.
 * SPDX-License-Identifier: Apache-2.0 */
#include "../common/answer.h"
#include "meta.h"
#include "relais/jansson.h"

/* Code 368, blocked for a policy: nothing that minutes would change. */
static const int64_t policy_pause_ms = 6 * HOUR_MS;

/* X-Business-Use-Case-Usage: {"<business>": [{…, "estimated_time_to_regain_access": minutes}]}
 * ("Rate limiting"). */
static int64_t regain_ms(const answer *a) {
  int64_t minutes = 0;
  const char *business;
  json_t *entries, *entry;
  size_t i;
  json_t *usage = relais_jansson_answer(
      a->call, answer_header(a->exchange, "x-business-use-case-usage"));
  json_object_foreach(usage, business, entries) {
    json_array_foreach(entries, i, entry) {
      int64_t one = relais_jansson_int(entry, "estimated_time_to_regain_access", 0);
      if (one > minutes) minutes = one;
    }
  }
  json_decref(usage);
  return minutes > longest_pause_ms / MINUTE_MS ? longest_pause_ms : minutes * MINUTE_MS;
}

static int64_t pause_ms(const answer *a) {
  int64_t pause = regain_ms(a);
  if (!pause) pause = answer_retry_after_ms(a->exchange);
  if (!pause) pause = usual_pause_ms;
  return pause < longest_pause_ms ? pause : longest_pause_ms;
}

/* "title: text (code 100, subcode 2804003, fbtrace_id ...)"; the parts together fit. */
static void describe(answer *a, const json_t *error) {
  const relais_str none = {NULL, 0};
  relais_str title = relais_jansson_string(error, "error_user_title", none);
  relais_str text = relais_jansson_string(error, "error_user_msg", none);
  relais_str trace = relais_jansson_string(error, "fbtrace_id", none);
  int64_t subcode = relais_jansson_int(error, "error_subcode", 0);
  char numbers[64];
  if (text_blank(title)) title = relais_jansson_string(error, "message", none);
  answer_say(a, title, 300);
  if (!text_blank(text) && !text_equal(text, title)) {
    answer_say(a, RELAIS_STR(": "), 2);
    answer_say(a, text, 500);
  }
  snprintf(numbers, sizeof numbers, "%s(code %lld", a->detail[0] ? " " : "",
           (long long)relais_jansson_int(error, "code", 0));
  answer_say(a, text_of(numbers), sizeof numbers);
  if (subcode) {
    snprintf(numbers, sizeof numbers, ", subcode %lld", (long long)subcode);
    answer_say(a, text_of(numbers), sizeof numbers);
  }
  if (!text_blank(trace)) {
    answer_say(a, RELAIS_STR(", fbtrace_id "), 16);
    answer_say(a, trace, 64);
  }
  answer_say(a, RELAIS_STR(")"), 1);
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
    if (faults[i].subcode == subcode) return text_of(faults[i].reason);
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

static relais_status judge_auth(answer *a, int64_t code, int64_t subcode) {
  relais_str reason = RELAIS_STR("no_permission");
  if (code == 190) reason = RELAIS_STR("invalid_token");
  if (code == 190 && subcode == 460) reason = RELAIS_STR("token_revoked");
  if (code == 190 && subcode == 463) reason = RELAIS_STR("token_expired");
  if (code == 102 || code == 104) reason = RELAIS_STR("invalid_session");
  a->call->diagnose(a->call->ctx, RELAIS_ERROR, RELAIS_STR("/access_token"), text_of(a->detail));
  return answer_settle(a, RELAIS_AUTH_STOP, reason, 0);
}

static relais_status judge_error(answer *a, const json_t *error) {
  int64_t code = relais_jansson_int(error, "code", 0);
  int64_t subcode = relais_jansson_int(error, "error_subcode", 0);
  describe(a, error);
  if (is_throttled(code))
    return answer_settle(a, RELAIS_THROTTLE, RELAIS_STR("rate_limited"), pause_ms(a));
  if (code == 368) {
    a->call->diagnose(a->call->ctx, RELAIS_ERROR, (relais_str){NULL, 0}, text_of(a->detail));
    return answer_settle(a, RELAIS_THROTTLE, RELAIS_STR("policy_block"), policy_pause_ms);
  }
  if (is_auth(code)) return judge_auth(a, code, subcode);
  if (code == 100 && subcode == 33) {
    a->call->diagnose(a->call->ctx, RELAIS_ERROR, RELAIS_STR("/pixel_id"), text_of(a->detail));
    return answer_settle(a, RELAIS_AUTH_STOP, RELAIS_STR("unknown_pixel"), 0);
  }
  if (relais_jansson_bool(error, "is_transient", 0))
    return answer_settle(a, RELAIS_RETRY, RELAIS_STR("transient"), 0);
  if (code == 100 && is_event_subcode(subcode)) return answer_blame(a, event_fault(subcode));
  if (is_event_subcode(code)) return answer_blame(a, event_fault(code));
  if (code == 100) return answer_blame(a, RELAIS_STR("invalid_parameter"));
  if (code == 105) return answer_blame(a, RELAIS_STR("too_many_parameters"));
  if (code == 21009) return answer_settle(a, RELAIS_RETRY, RELAIS_STR("data_set_not_ready"), 0);
  if (code == 1 || code == 2 || code == 341 || code == 5000 || code < 0)
    return answer_settle(a, RELAIS_RETRY, RELAIS_STR("vendor_unavailable"), 0);
  return answer_settle(a, RELAIS_RETRY, RELAIS_STR("unknown_error"), 0);
}

/* Warnings of an answer that accepted the events. */
static void report_messages(answer *a, const json_t *body) {
  relais_str texts[8];
  size_t count = relais_jansson_strings(body, "messages", texts, 8);
  for (size_t i = 0; i < count; i++) {
    if (texts[i].len > 512) continue;
    a->call->diagnose(a->call->ctx, RELAIS_WARNING, (relais_str){NULL, 0}, texts[i]);
  }
}

/* {"events_received": n}: there is no answer for single events, so fewer than were sent means to
 * look for the others. */
static relais_status judge_received(answer *a, const json_t *body) {
  int64_t received = relais_jansson_int(body, "events_received", -1);
  relais_str trace = relais_jansson_string(body, "fbtrace_id", (relais_str){NULL, 0});
  report_messages(a, body);
  int all = received > 0 && received >= a->exchange->event_count;
  if (!all)
    snprintf(a->detail, sizeof a->detail, "events_received is %lld of %u, ", (long long)received,
             a->exchange->event_count);
  answer_say(a, RELAIS_STR("fbtrace_id "), 16);
  answer_say(a, text_blank(trace) ? RELAIS_STR("absent") : trace, 64);
  if (all) return answer_settle(a, RELAIS_DELIVERED, RELAIS_STR("received"), 0);
  return answer_blame(a, RELAIS_STR("not_received"));
}

relais_status meta_classify(relais_instance *instance, const relais_call *call,
                            const relais_exchange *exchange, const relais_output *output) {
  answer a = {.call = call, .exchange = exchange, .output = output};
  relais_status status;
  (void)instance;
  if (exchange->transport != RELAIS_TRANSPORT_NONE) return answer_judge_transport(&a);

  relais_str warning = answer_header(exchange, "x-ad-api-version-warning");
  if (!text_blank(warning) && warning.len <= 512)
    call->diagnose(call->ctx, RELAIS_WARNING, RELAIS_STR("/api_version"), warning);
  json_t *body = relais_jansson_answer(call, exchange->body);
  const json_t *error = json_object_get(body, "error");
  if (json_is_object(error)) {
    status = judge_error(&a, error);
  } else if (exchange->status >= 200 && exchange->status < 300 &&
             json_is_integer(json_object_get(body, "events_received"))) {
    status = judge_received(&a, body);
  } else {
    status = answer_judge_status(&a, "the Graph API", pause_ms(&a));
  }
  json_decref(body);
  return status;
}
