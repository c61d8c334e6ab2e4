/* LinkedIn Conversions API: configuration, and the plugin's table.
 * SPDX-License-Identifier: Apache-2.0 */
#include "linkedin.h"

#include "../common/date.h"
#include "manifest.h"

/* Where `params` may put a value ("Schema"); LinkedIn refuses a request for any other key. */
static const vendor_field fields[] = {
    {"user.userInfo", "title", FIELD_TEXT, NULL},
    {"user.userInfo", "companyName", FIELD_TEXT, NULL},
    {"user", "lead", FIELD_TEXT, NULL},
    {"user", "externalIds", FIELD_TEXT, NULL},
};

static void linkedin_destroy(relais_instance *instance) {
  for (size_t i = 0; i < instance->conversion_count; i++) {
    free(instance->conversions[i].event);
    linkedin_free_conditions(&instance->conversions[i]);
  }
  free(instance->conversions);
  free(instance->url);
  free(instance->authorization);
  free(instance->version);
  field_map_free(&instance->params);
  free(instance);
}

static relais_status read_url(relais_instance *instance, const relais_call *call,
                              const json_t *config) {
  relais_str base = config_base_url(
      relais_jansson_string(config, "endpoint", RELAIS_STR("https://api.linkedin.com")));
  if (text_blank(base))
    return config_refuse(call, RELAIS_STR("/endpoint"),
                         RELAIS_STR("not a URL; write https://host"));
  const relais_str parts[] = {base, RELAIS_STR("/rest/conversionEvents")};
  instance->url = config_join(parts, 2);
  return instance->url ? RELAIS_OK : RELAIS_E_NOMEM;
}

/* "Versioning": a version lives for at least a year; those whose end is known ended in the middle of
 * the same month of the next year. api_sunset outweighs this. */
static void warn_of_sunset(const relais_call *call, relais_str version, const int64_t *known) {
  int64_t year = 0;
  for (int i = 0; i < 4; i++) year = year * 10 + (version.ptr[i] - '0');
  int64_t month = (version.ptr[4] - '0') * 10 + (version.ptr[5] - '0');
  int64_t end = known ? *known : date_days(year + 1, month, 15);
  int64_t left = end - call->now_ms / date_day_ms;
  char text[256], day[sizeof "2027-09-15"];
  if (left > 60) return;
  date_write(end, day);
  int length = snprintf(text, sizeof text,
                        "LinkedIn-Version %.6s %s %s%s, and LinkedIn answers 426 to every event from "
                        "then on: set api_version to a newer month",
                        version.ptr, left < 0 ? "ended" : "ends", known ? "" : "about ", day);
  if (length > 0 && (size_t)length < sizeof text)
    call->diagnose(call->ctx, RELAIS_WARNING, RELAIS_STR("/api_version"),
                   (relais_str){text, (size_t)length});
}

static int is_month(relais_str text) {
  int month = text.len == 6 ? (text.ptr[4] - '0') * 10 + (text.ptr[5] - '0') : 0;
  return text_digits(text, 6) && month >= 1 && month <= 12;
}

static relais_status read_version(relais_instance *instance, const relais_call *call,
                                  const json_t *config) {
  const relais_str none = {NULL, 0};
  relais_str version = relais_jansson_string(config, "api_version", RELAIS_STR("202609"));
  relais_str sunset = relais_jansson_string(config, "api_sunset", none);
  int64_t day = 0;
  if (!is_month(version))
    return config_refuse(call, RELAIS_STR("/api_version"),
                         RELAIS_STR("a version is a month; write it as \"202609\""));
  if (!text_blank(sunset) && !date_read(sunset, &day))
    return config_refuse(call, RELAIS_STR("/api_sunset"),
                         RELAIS_STR("write the day as \"2027-09-15\""));
  instance->version = relais_jansson_copy(version);
  if (!instance->version) return RELAIS_E_NOMEM;
  warn_of_sunset(call, version, text_blank(sunset) ? NULL : &day);
  return RELAIS_OK;
}

/* The id of a rule as digits: a number, the digits, or the URN that contains them. */
static relais_str rule_id(const json_t *rule, char digits[24]) {
  static const char prefix[] = "urn:lla:llaPartnerConversion:";
  relais_str id = relais_jansson_text(rule);
  if (json_is_integer(rule) && json_integer_value(rule) > 0) {
    int length = snprintf(digits, 24, "%lld", (long long)json_integer_value(rule));
    return (relais_str){digits, length > 0 ? (size_t)length : 0};
  }
  if (id.len > sizeof prefix - 1 && memcmp(id.ptr, prefix, sizeof prefix - 1) == 0)
    id = (relais_str){id.ptr + sizeof prefix - 1, id.len - (sizeof prefix - 1)};
  return text_digits(id, 20) ? id : (relais_str){NULL, 0};
}

/* The index of that rule, added when it is new; LINKEDIN_MAX_RULES when there are too many. */
static uint32_t rule_index(relais_instance *instance, relais_str id) {
  linkedin_rule rule;
  snprintf(rule.part, sizeof rule.part, "rule:%.*s", (int)id.len, id.ptr);
  snprintf(rule.urn, sizeof rule.urn, "urn:lla:llaPartnerConversion:%.*s", (int)id.len, id.ptr);
  for (uint32_t i = 0; i < instance->rule_count; i++)
    if (strcmp(instance->rules[i].part, rule.part) == 0) return i;
  if (instance->rule_count < LINKEDIN_MAX_RULES) {
    instance->rules[instance->rule_count] = rule;
    instance->rule_count += 1;
    return instance->rule_count - 1;
  }
  return LINKEDIN_MAX_RULES;
}

static relais_status read_conversion(relais_instance *instance, const relais_call *call,
                                     const json_t *json, size_t index) {
  char place[64], digits[24];
  const relais_str none = {NULL, 0};
  linkedin_conversion *conversion = &instance->conversions[instance->conversion_count];
  int length = snprintf(place, sizeof place, "/conversions/%zu", index);
  relais_str pointer = {place, length > 0 ? (size_t)length : 0};
  relais_str event = relais_jansson_string(json, "event", none);
  relais_str id = rule_id(json_object_get(json, "rule"), digits);
  if (text_blank(event))
    return config_refuse(call, pointer, RELAIS_STR("write { event: purchase, rule: 123456 }"));
  if (text_is(event, "refund"))
    return config_refuse(call, pointer,
                         RELAIS_STR("a refund is no conversion, and LinkedIn cannot take one back"));
  if (text_blank(id))
    return config_refuse(call, pointer,
                         RELAIS_STR("rule: the digits behind /conversions/ in the address of the "
                                    "rule's page in Campaign Manager"));
  instance->conversion_count += 1;
  conversion->rule = rule_index(instance, id);
  if (conversion->rule == LINKEDIN_MAX_RULES)
    return config_refuse(call, pointer, RELAIS_STR("more than 64 rules; use a second destination"));
  conversion->event = relais_jansson_copy(event);
  if (!conversion->event) return RELAIS_E_NOMEM;
  return linkedin_read_conditions(conversion, call, pointer, json_object_get(json, "when"));
}

static relais_status read_conversions(relais_instance *instance, const relais_call *call,
                                      const json_t *config) {
  const json_t *list = json_object_get(config, "conversions");
  size_t count = json_array_size(list);
  if (!count || count > 1000)
    return config_refuse(call, RELAIS_STR("/conversions"),
                         RELAIS_STR("list 1 to 1000 of { event: purchase, rule: 123456 }"));
  instance->conversions = calloc(count, sizeof *instance->conversions);
  if (!instance->conversions) return RELAIS_E_NOMEM;
  for (size_t i = 0; i < count; i++) {
    relais_status status = read_conversion(instance, call, json_array_get(list, i), i);
    if (status) return status;
  }
  return RELAIS_OK;
}

static relais_status read_config(relais_instance *instance, const relais_call *call,
                                 const json_t *config) {
  relais_status status = read_url(instance, call, config);
  if (!status)
    status = config_token(call, config, "Bearer ",
                          CONFIG_BAD_TOKEN "Campaign Manager, Measurement, Signals manager, "
                                           "Conversions API, Direct API",
                          &instance->authorization);
  if (!status) status = read_version(instance, call, config);
  if (!status) status = read_conversions(instance, call, config);
  instance->purchase_by_transaction = config_purchase_by_transaction(config);
  if (status) return status;
  return field_map_read(&instance->params, call, config, fields, sizeof fields / sizeof *fields,
                        "LinkedIn has no such field for a parameter; use user.userInfo.title, "
                        "user.userInfo.companyName, user.lead or user.externalIds",
                        "");
}

static relais_status linkedin_create(const relais_host *host, const relais_call *call,
                                     relais_str config, relais_instance **out) {
  (void)host;
  return config_create(call, config, sizeof **out, read_config, linkedin_destroy, out);
}

RELAIS_MANIFEST(RELAIS_MANIFEST_JSON);
RELAIS_PLUGIN(linkedin_create, linkedin_destroy, linkedin_encode, linkedin_classify);
