/* Answers to verdicts: by `code` in the body, since TikTok refuses events with HTTP 200. The codes
 * are those of TikTok's own SDK (tiktok_code.py) and of the page "Responses and errors"; what
 * follows from one is said there for few of them. SPDX-License-Identifier: Apache-2.0 */
#include "../common/answer.h"
#include "relais/jansson.h"
#include "tiktok.h"

enum { MAX_NAMED = 16 };

/* What a code comes to. Beside the verdicts of the ABI: */
enum {
  BLAME = 100,  /* an event is at fault, and the answer does not say which */
  NAMED = 101,  /* an event is at fault, and the text may say which */
  SLOWLY = 102  /* retry, but not soon */
};

typedef struct rule {
  int32_t first, last;
  int32_t outcome;
  const char *reason;
  const char *pointer; /* of the configuration: where the cure is; NULL: nowhere */
} rule;

/* In order. What only the configuration can cure stops the destination, so that no event is lost
 * for it. */
static const rule rules[] = {
    {0, 0, RELAIS_DELIVERED, "received", NULL},
    {20001, 20001, RELAIS_DELIVERED, "partly_received", NULL},
    {40000, 40000, BLAME, "invalid_parameter", NULL},
    {40001, 40001, RELAIS_AUTH_STOP, "no_permission", "/access_token"},
    {40002, 40002, NAMED, "invalid_parameter", NULL},
    {40003, 40003, RELAIS_AUTH_STOP, "forbidden", "/access_token"},
    {40006, 40006, RELAIS_PARK, "api_version", "/api_version"},
    {40007, 40007, RELAIS_AUTH_STOP, "unknown_pixel", "/pixel_code"},
    {40008, 40008, RELAIS_AUTH_STOP, "not_implemented", "/event_source"},
    {40009, 40009, RELAIS_AUTH_STOP, "not_in_sandbox", "/endpoint"},
    {40013, 40013, RELAIS_AUTH_STOP, "not_in_sandbox", "/endpoint"},
    {40050, 40050, RELAIS_DELIVERED, "duplicate", NULL},
    {40051, 40051, RELAIS_PARK, "api_version", "/api_version"},
    {40061, 40061, RELAIS_SPLIT, "batch_too_large", NULL},
    {40062, 40062, BLAME, "not_hashed", NULL},
    {40063, 40063, RELAIS_AUTH_STOP, "unknown_partner", "/partner_name"},
    {40100, 40100, RELAIS_THROTTLE, "rate_limited", NULL},
    {40101, 40101, RELAIS_AUTH_STOP, "invalid_partner", "/access_token"},
    {40102, 40103, RELAIS_AUTH_STOP, "token_expired", "/access_token"},
    {40104, 40104, RELAIS_AUTH_STOP, "empty_token", "/access_token"},
    {40105, 40105, RELAIS_AUTH_STOP, "invalid_token", "/access_token"},
    {40106, 40112, RELAIS_AUTH_STOP, "not_authorized", "/access_token"},
    {40113, 40113, RELAIS_AUTH_STOP, "app_forbidden", "/access_token"},
    {40114, 40117, RELAIS_AUTH_STOP, "not_authorized", "/access_token"},
    {40118, 40118, RELAIS_AUTH_STOP, "not_in_allow_list", "/access_token"},
    {40119, 40129, RELAIS_AUTH_STOP, "not_authorized", "/access_token"},
    {40130, 40130, RELAIS_AUTH_STOP, "scope_not_authorized", "/access_token"},
    {40131, 40131, RELAIS_AUTH_STOP, "not_authorized", "/access_token"},
    {40132, 40132, RELAIS_THROTTLE, "rate_limited", NULL},
    {40200, 40202, RELAIS_RETRY, "vendor_busy", NULL},
    {40300, 40302, RELAIS_AUTH_STOP, "no_permission", "/access_token"},
    {40309, 40309, RELAIS_AUTH_STOP, "no_permission", "/access_token"},
    {40400, 40400, RELAIS_AUTH_STOP, "unknown_path", "/endpoint"},
    {40700, 40700, RELAIS_RETRY, "vendor_busy", NULL},
    {41000, 41000, RELAIS_AUTH_STOP, "blocked", "/access_token"},
    {41001, 41002, RELAIS_AUTH_STOP, "interface_offline", "/api_version"},
    {50000, 53999, RELAIS_RETRY, "vendor_unavailable", NULL},
    {60001, 60001, SLOWLY, "maintenance", NULL},
    {61000, 61000, RELAIS_THROTTLE, "rate_limited", NULL},
    {70001, 70001, RELAIS_AUTH_STOP, "not_authorized", "/access_token"},
};

static const rule *find_rule(int64_t code) {
  for (size_t i = 0; i < sizeof rules / sizeof *rules; i++)
    if (code >= rules[i].first && code <= rules[i].last) return &rules[i];
  return NULL;
}

/* "message (code 40002, request_id ...)" */
static void describe(answer *a, const json_t *body, int64_t code) {
  const relais_str none = {NULL, 0};
  relais_str request = relais_jansson_string(body, "request_id", none);
  char number[48];
  answer_say(a, relais_jansson_string(body, "message", none), 700);
  snprintf(number, sizeof number, "%s(code %lld", a->detail[0] ? " " : "", (long long)code);
  answer_say(a, text_of(number), sizeof number);
  if (!text_blank(request)) {
    answer_say(a, RELAIS_STR(", request_id "), 16);
    answer_say(a, request, 64);
  }
  answer_say(a, RELAIS_STR(")"), 1);
}

static int contains(relais_str text, const char *word) {
  size_t length = strlen(word);
  for (size_t i = 0; i + length <= text.len; i++)
    if (strncasecmp(text.ptr + i, word, length) == 0) return 1;
  return 0;
}

/* "Rate limits": five minutes, or until midnight UTC when the day's quota is used up. */
static int64_t pause_ms(const answer *a, relais_str message) {
  int64_t day_ms = 24 * (int64_t)HOUR_MS, pause = answer_retry_after_ms(a->exchange);
  int is_daily = contains(message, "QPD") || contains(message, "per day") ||
                 contains(message, "daily") || contains(message, "today");
  if (pause) return pause;
  return is_daily ? day_ms - a->call->now_ms % day_ms : usual_pause_ms;
}

/* The length of "Batch." or "data." or "data[" at that place, when a path begins there; else 0. */
static size_t path_start(relais_str text, size_t at) {
  static const char *const starts[] = {"Batch.", "Batch[", "data.", "data["};
  char before = at ? text.ptr[at - 1] : ' ';
  if ((before >= '0' && before <= '9') || ((before | 32) >= 'a' && (before | 32) <= 'z') ||
      before == '_' || before == '.')
    return 0;
  for (size_t i = 0; i < sizeof starts / sizeof *starts; i++) {
    size_t length = strlen(starts[i]);
    if (text.len - at > length && memcmp(text.ptr + at, starts[i], length) == 0) return length;
  }
  return 0;
}

/* The events that the text names ("Batch.0.properties.contents.0.content_id: Not a valid string"),
 * each once, at most MAX_NAMED; how many. */
static size_t named_events(relais_str text, uint32_t count, uint32_t *indexes) {
  size_t found = 0;
  for (size_t at = 0; at < text.len && found < MAX_NAMED; at++) {
    size_t i = at + path_start(text, at), digits = i;
    uint64_t index = 0;
    if (i == at) continue;
    for (; i < text.len && i - digits < 9 && text.ptr[i] >= '0' && text.ptr[i] <= '9'; i++)
      index = index * 10 + (uint64_t)(text.ptr[i] - '0');
    if (i == digits || index >= count) continue;
    int known = 0;
    for (size_t j = 0; j < found; j++) known |= indexes[j] == index;
    if (!known) indexes[found++] = (uint32_t)index;
  }
  return found;
}

/* TikTok refuses a whole request for one event. When it says which, that one is rejected and the
 * others go again; when not, the batch is halved until the event stands alone. */
static relais_status judge_named(answer *a, const rule *what, relais_str message) {
  uint32_t indexes[MAX_NAMED], count = a->exchange->event_count;
  size_t found = count > 1 ? named_events(message, count, indexes) : 0;
  const relais_verdict bad = {.code = RELAIS_REJECT, .reason = text_of(what->reason)};
  for (size_t i = 0; i < found; i++) {
    relais_status status = answer_settle_one(a, indexes[i], bad);
    if (status) return status;
  }
  if (!found) return answer_blame(a, text_of(what->reason));
  if (found == count) return RELAIS_OK;
  return answer_settle(a, RELAIS_SPLIT, RELAIS_STR("refused_with_another"), 0);
}

static relais_status judge_code(answer *a, const rule *what, relais_str message) {
  relais_str reason = text_of(what->reason);
  if (what->pointer)
    a->call->diagnose(a->call->ctx, RELAIS_ERROR, text_of(what->pointer), text_of(a->detail));
  if (what->first == 20001)
    a->call->diagnose(a->call->ctx, RELAIS_WARNING, (relais_str){NULL, 0}, text_of(a->detail));
  switch (what->outcome) {
    case BLAME: return answer_blame(a, reason);
    case NAMED: return judge_named(a, what, message);
    case SLOWLY: return answer_settle(a, RELAIS_RETRY, reason, usual_pause_ms);
    case RELAIS_SPLIT: return answer_blame(a, reason);
    case RELAIS_THROTTLE: return answer_settle(a, RELAIS_THROTTLE, reason, pause_ms(a, message));
    case RELAIS_PARK: {
      const relais_verdict park = {.code = RELAIS_PARK, .reason = reason, .key = reason};
      return answer_settle_one(a, RELAIS_ALL_EVENTS, park);
    }
    default: return answer_settle(a, what->outcome, reason, 0);
  }
}

relais_status tiktok_classify(relais_instance *instance, const relais_call *call,
                              const relais_exchange *exchange, const relais_output *output) {
  answer a = {.call = call, .exchange = exchange, .output = output,
              .secret = text_of(instance->access_token)};
  if (exchange->transport != RELAIS_TRANSPORT_NONE) return answer_judge_transport(&a);

  relais_status status;
  json_t *body = relais_jansson_answer(call, exchange->body);
  relais_str message = relais_jansson_string(body, "message", (relais_str){NULL, 0});
  int is_answer = json_is_integer(json_object_get(body, "code"));
  int64_t code = relais_jansson_int(body, "code", -1);
  const rule *what = is_answer ? find_rule(code) : NULL;
  int is_success = exchange->status >= 200 && exchange->status < 300;
  if (what && (is_success || what->outcome != RELAIS_DELIVERED)) {
    describe(&a, body, code);
    status = judge_code(&a, what, message);
  } else if (is_answer && is_success) {
    describe(&a, body, code);
    status = answer_settle(&a, RELAIS_RETRY, RELAIS_STR("unknown_error"), 0);
  } else {
    status = answer_judge_status(&a, "TikTok's API", pause_ms(&a, message));
  }
  json_decref(body);
  return status;
}
