/* Answers to verdicts. A request is of one rule, and LinkedIn takes all of its events or none: when
 * the answer names the bad ones, they are rejected and the others sent again at once.
 * SPDX-License-Identifier: Apache-2.0 */
#include "linkedin.h"

#include "../common/answer.h"

#define RENEW                                                                                   \
  ". Renew it: Campaign Manager, Measurement, Signals manager, Conversions API, Direct API, "   \
  "generate a token (or sign in again for one of OAuth with rw_conversions and r_ads, which "   \
  "lives 60 days), put it into access_token and reload or restart relais"

static int contains(relais_str text, const char *part) {
  size_t length = strlen(part);
  for (size_t i = 0; text.ptr && i + length <= text.len; i++)
    if (memcmp(text.ptr + i, part, length) == 0) return 1;
  return 0;
}

static void say(answer *a, const char *text) { answer_say(a, text_of(text), 1024); }

/* The vendor's sentence, to which one of ours is added. */
static void say_message(answer *a, relais_str message) {
  while (message.len && strchr(". \n", message.ptr[message.len - 1])) message.len -= 1;
  answer_say(a, message, 400);
}

static relais_status park(answer *a, relais_str reason, relais_str key) {
  const relais_verdict verdict = {.code = RELAIS_PARK, .reason = reason, .key = key};
  a->call->diagnose(a->call->ctx, RELAIS_ERROR, (relais_str){NULL, 0}, text_of(a->detail));
  return answer_settle_one(a, RELAIS_ALL_EVENTS, verdict);
}

static relais_status park_rule(answer *a, relais_str reason) {
  return park(a, reason, a->exchange->note.len ? a->exchange->note : RELAIS_STR("rule"));
}

/* Of the message: "Index: 0, ERROR :: /path :: text", or "... indices [0, 2] (0-indexed)". */
static relais_str fault_of(relais_str text) {
  if (contains(text, "within 90 days")) return RELAIS_STR("outside_time_window");
  if (contains(text, "unrecognized field")) return RELAIS_STR("unknown_field");
  if (contains(text, "is not an enum symbol")) return RELAIS_STR("invalid_enum");
  if (contains(text, "cannot be coerced")) return RELAIS_STR("wrong_type");
  if (contains(text, "is required but not found")) return RELAIS_STR("missing_field");
  if (contains(text, "/user/lead ::")) return RELAIS_STR("invalid_lead_id");
  return RELAIS_STR("invalid_event");
}

/* Reads a number at *at and moves behind it; -1: there is none. */
static int64_t number_at(relais_str text, size_t *at) {
  int64_t number = 0;
  size_t start = *at;
  while (*at < text.len && text.ptr[*at] >= '0' && text.ptr[*at] <= '9') {
    if (number < 1000000) number = number * 10 + (text.ptr[*at] - '0');
    *at += 1;
  }
  return *at > start ? number : -1;
}

static size_t find_from(relais_str text, const char *part, size_t from) {
  size_t length = strlen(part);
  for (size_t i = from; i + length <= text.len; i++)
    if (memcmp(text.ptr + i, part, length) == 0) return i;
  return text.len;
}

typedef struct fault_list {
  relais_str *texts; /* of each event: what is said of it; ptr == NULL: nothing */
  uint32_t count;
} fault_list;

static void blame(fault_list *faults, const answer *a, int64_t index, relais_str text) {
  if (index < 0 || index >= a->exchange->event_count || faults->texts[index].ptr) return;
  faults->texts[index] = text;
  faults->count += 1;
}

/* 422: "Index: n, ERROR :: ...\nERROR :: ...\nIndex: m, ..."; only the first line of an index has it. */
static void read_index_lines(fault_list *faults, const answer *a, relais_str message) {
  size_t at = find_from(message, "Index: ", 0);
  while (at < message.len) {
    size_t place = at + sizeof "Index: " - 1, next = find_from(message, "Index: ", at + 1);
    int64_t index = number_at(message, &place);
    while (place < next && (message.ptr[place] == ',' || message.ptr[place] == ' ')) place += 1;
    size_t end = next;
    while (end > place && (message.ptr[end - 1] == '\n' || message.ptr[end - 1] == ' ')) end -= 1;
    blame(faults, a, index, (relais_str){message.ptr + place, end - place});
    at = next;
  }
}

/* 400: "..., indices [0, 2] (0-indexed)". */
static void read_indices(fault_list *faults, const answer *a, relais_str message) {
  size_t at = find_from(message, "indices [", 0) + sizeof "indices [" - 1;
  while (at < message.len && message.ptr[at] != ']') {
    int64_t index = number_at(message, &at);
    if (index >= 0) {
      blame(faults, a, index, message);
    } else {
      at += 1;
    }
  }
}

/* Rejects the events that the message names, with its words; the others go again at once. */
static relais_status judge_events(answer *a, relais_str message) {
  uint32_t count = a->exchange->event_count;
  fault_list faults = {.texts = a->call->alloc(a->call->ctx, (count + 1) * sizeof *faults.texts,
                                               _Alignof(relais_str))};
  if (!faults.texts) return RELAIS_E_NOMEM;
  memset(faults.texts, 0, (count + 1) * sizeof *faults.texts);
  read_index_lines(&faults, a, message);
  read_indices(&faults, a, message);
  if (!faults.count) {
    answer_say(a, message, 900);
    return answer_blame(a, fault_of(message));
  }
  for (uint32_t i = 0; i < count; i++) {
    relais_verdict verdict = {.code = RELAIS_REJECT, .reason = fault_of(faults.texts[i])};
    a->detail[0] = '\0';
    if (!faults.texts[i].ptr)
      verdict = (relais_verdict){.code = RELAIS_SPLIT, .reason = RELAIS_STR("others_at_fault")};
    answer_say(a, faults.texts[i].ptr ? faults.texts[i] : message, 900);
    relais_status status = answer_settle_one(a, i, verdict);
    if (status) return status;
  }
  return RELAIS_OK;
}

static relais_status judge_unauthorized(answer *a, int64_t service, relais_str code,
                                        relais_str message) {
  relais_str reason = RELAIS_STR("invalid_token");
  if (service == 65601 || text_is(code, "REVOKED_ACCESS_TOKEN"))
    reason = RELAIS_STR("token_revoked");
  if (service == 65602 || text_is(code, "EXPIRED_ACCESS_TOKEN"))
    reason = RELAIS_STR("token_expired");
  say_message(a, message);
  say(a, RENEW);
  a->call->diagnose(a->call->ctx, RELAIS_ERROR, RELAIS_STR("/access_token"), text_of(a->detail));
  return answer_settle(a, RELAIS_AUTH_STOP, reason, 0);
}

/* "No ad accounts found" is what an unknown rule gets too (measured). */
static relais_status judge_forbidden(answer *a, relais_str message) {
  say_message(a, message);
  if (contains(message, "No ad accounts found")) {
    say(a, ". Either no rule of the token's accounts has this id (see the digits behind "
           "/conversions/ in Campaign Manager), or the token's member has no role in its account");
    return park_rule(a, RELAIS_STR("rule_not_found"));
  }
  say(a, ". The token lacks a permission: rw_conversions, or the member's role in the account "
         "(account billing admin, account, campaign or creative manager)");
  a->call->diagnose(a->call->ctx, RELAIS_ERROR, RELAIS_STR("/access_token"), text_of(a->detail));
  return answer_settle(a, RELAIS_AUTH_STOP, RELAIS_STR("no_permission"), 0);
}

static relais_status judge_version(answer *a, const relais_instance *instance, relais_str message,
                                   relais_str reason) {
  char key[40];
  snprintf(key, sizeof key, "version:%s", instance->version);
  say_message(a, message);
  say(a, ". LinkedIn-Version ");
  say(a, instance->version);
  say(a, " is not to be had any more: set api_version to a newer month (versions live about a "
         "year) and reload relais; the events are kept until then");
  return park(a, reason, text_of(key));
}

/* 600 requests a minute and a number a day for each member, the day ending at 00:00 UTC ("Rate
 * limits"); nothing says which, but for a message that speaks of the day. */
static int64_t pause_ms(const answer *a, relais_str message) {
  int64_t pause = answer_retry_after_ms(a->exchange);
  int is_day = contains(message, "DAY") || contains(message, "day") || contains(message, "daily");
  int64_t span = is_day ? 24 * HOUR_MS : MINUTE_MS;
  if (pause) return pause;
  return span - a->call->now_ms % span + 1000;
}

static relais_status judge_bad_request(answer *a, const relais_instance *instance, relais_str code,
                                       relais_str message) {
  if (contains(code, "VERSION"))
    return judge_version(a, instance, message, RELAIS_STR("version_missing"));
  if (contains(message, "method should be CONVERSIONS_API")) {
    say_message(a, message);
    say(a, ". The rule was made for the Insight Tag; make one whose source is Conversions API");
    return park_rule(a, RELAIS_STR("wrong_method"));
  }
  return judge_events(a, message);
}

/* The URN of the rule, which all events of the request have; the one of a lead is an event's own. */
static int is_about_rule(relais_str message) {
  return contains(message, "/conversion ::") ||
         (contains(message, "Invalid Urn format") && !contains(message, "/user/"));
}

static relais_status judge_unprocessable(answer *a, relais_str message) {
  if (is_about_rule(message)) {
    say_message(a, message);
    return park_rule(a, RELAIS_STR("invalid_rule"));
  }
  return judge_events(a, message);
}

/* An error in LinkedIn's form: {status, message, code?, serviceErrorCode?}. */
static relais_status judge_error(answer *a, const relais_instance *instance, const json_t *error,
                                 int64_t status) {
  const relais_str none = {NULL, 0};
  relais_str message = relais_jansson_string(error, "message", none);
  relais_str code = relais_jansson_string(error, "code", none);
  int64_t service = relais_jansson_int(error, "serviceErrorCode", 0);
  if (text_blank(message)) message = text_blank(code) ? RELAIS_STR("no message") : code;
  if (status == 401) return judge_unauthorized(a, service, code, message);
  if (status == 403) return judge_forbidden(a, message);
  if (status == 400) return judge_bad_request(a, instance, code, message);
  if (status == 422) return judge_unprocessable(a, message);
  if (status == 426) return judge_version(a, instance, message, RELAIS_STR("version_sunset"));
  answer_say(a, message, 900);
  if (status == 404) return park_rule(a, RELAIS_STR("rule_not_found"));
  if (status == 413) return answer_settle(a, RELAIS_SPLIT, RELAIS_STR("too_large"), 0);
  if (status == 429)
    return answer_settle(a, RELAIS_THROTTLE, RELAIS_STR("rate_limited"), pause_ms(a, message));
  if (status == 503 && answer_retry_after_ms(a->exchange))
    return answer_settle(a, RELAIS_THROTTLE, RELAIS_STR("vendor_unavailable"),
                         answer_retry_after_ms(a->exchange));
  if (status >= 500 || status == 408 || status == 425)
    return answer_settle(a, RELAIS_RETRY, RELAIS_STR("vendor_unavailable"),
                         answer_retry_after_ms(a->exchange));
  return answer_blame(a, RELAIS_STR("refused"));
}

/* What an element of a batch's answer says of its event. Nobody has seen one that is not 201. */
static relais_verdict element_verdict(answer *a, const json_t *element) {
  int64_t status = relais_jansson_int(element, "status", 0);
  const json_t *error = json_object_get(element, "error");
  const relais_str none = {NULL, 0};
  relais_str message = relais_jansson_string(json_is_object(error) ? error : element, "message", none);
  a->detail[0] = '\0';
  if (status >= 200 && status < 300)
    return (relais_verdict){.code = RELAIS_DELIVERED, .reason = RELAIS_STR("created")};
  char text[40];
  snprintf(text, sizeof text, "element status %lld", (long long)status);
  say(a, text);
  if (!text_blank(message)) say(a, ": ");
  answer_say(a, message, 800);
  if (status == 400 || status == 422)
    return (relais_verdict){.code = RELAIS_REJECT, .reason = fault_of(message)};
  if (status == 401)
    return (relais_verdict){.code = RELAIS_AUTH_STOP, .reason = RELAIS_STR("invalid_token")};
  if (status == 403 || status == 404)
    return (relais_verdict){.code = RELAIS_PARK, .reason = RELAIS_STR("rule_not_found"),
                            .key = a->exchange->note.len ? a->exchange->note : RELAIS_STR("rule")};
  if (status == 429)
    return (relais_verdict){.code = RELAIS_THROTTLE, .reason = RELAIS_STR("rate_limited"),
                            .retry_after_ms = pause_ms(a, message)};
  return (relais_verdict){.code = RELAIS_RETRY, .reason = RELAIS_STR("element_failed")};
}

static relais_status judge_elements(answer *a, const json_t *elements) {
  for (uint32_t i = 0; i < a->exchange->event_count; i++) {
    relais_status status =
        answer_settle_one(a, i, element_verdict(a, json_array_get(elements, i)));
    if (status) return status;
  }
  return RELAIS_OK;
}

/* 2xx: an element for each event, or nothing but 201 for a single one. */
static relais_status judge_success(answer *a, const json_t *body) {
  const json_t *elements = json_object_get(body, "elements");
  uint32_t count = a->exchange->event_count;
  if (json_is_array(elements) && json_array_size(elements) == count)
    return judge_elements(a, elements);
  if (a->exchange->status == 201 && !a->exchange->body.len && count == 1)
    return answer_settle(a, RELAIS_DELIVERED, RELAIS_STR("created"), 0);
  snprintf(a->detail, sizeof a->detail, "HTTP %d with %zu bytes that do not answer for %u events",
           a->exchange->status, a->exchange->body.len, count);
  return answer_settle(a, RELAIS_RETRY, RELAIS_STR("unreadable_answer"), 0);
}

/* Only an object with LinkedIn's own members is its word; a proxy's JSON is not. */
static int is_error(const json_t *body) {
  return json_is_string(json_object_get(body, "message")) ||
         json_is_string(json_object_get(body, "code"));
}

relais_status linkedin_classify(relais_instance *instance, const relais_call *call,
                                const relais_exchange *exchange, const relais_output *output) {
  answer a = {.call = call, .exchange = exchange, .output = output};
  relais_status status;
  a.secret = text_of(instance->authorization + sizeof "Bearer " - 1);
  if (exchange->transport != RELAIS_TRANSPORT_NONE) return answer_judge_transport(&a);
  json_t *body = relais_jansson_answer(call, exchange->body);
  if (exchange->status >= 200 && exchange->status < 300) {
    status = judge_success(&a, body);
  } else if (is_error(body)) {
    status = judge_error(&a, instance, body, exchange->status);
  } else if (exchange->status == 426) {
    status = judge_version(&a, instance, RELAIS_STR("HTTP 426"), RELAIS_STR("version_sunset"));
  } else {
    status = answer_judge_status(&a, "LinkedIn's API", pause_ms(&a, (relais_str){NULL, 0}));
  }
  json_decref(body);
  return status;
}
