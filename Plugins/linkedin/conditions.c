/* `when` of a conversion: the tests that destinations have in relais.yaml, on the same values.
 * SPDX-License-Identifier: Apache-2.0 */
#include <stdio.h>

#include "../common/path.h"
#include "linkedin.h"

typedef enum test {
  TEST_GT,
  TEST_GTE,
  TEST_LT,
  TEST_LTE,
  TEST_EQ,
  TEST_NE,
  TEST_IN,
  TEST_EXISTS
} test;

static const char *const tests[] = {"gt", "gte", "lt", "lte", "eq", "ne", "in", "exists"};

typedef struct operand {
  int is_number;
  double number;
  char *text; /* of a text or boolean */
} operand;

struct linkedin_condition {
  event_path path;
  test test;
  operand *operands; /* one, or those of `in` */
  size_t operand_count;
};

/* A value of an event; text.ptr == NULL: absent. */
typedef struct value {
  relais_str text;
  int is_number;
  double number;
} value;

/* Absent: text.ptr == NULL. */
static value find(const relais_event *event, const event_path *path) {
  relais_param found = path_value(path, event);
  if (found.type == RELAIS_TYPE_NUMBER) return (value){found.text, 1, found.number.value};
  if (found.type == RELAIS_TYPE_BOOL)
    found.text = found.number.value != 0 ? RELAIS_STR("true") : RELAIS_STR("false");
  return (value){found.text, 0, 0};
}

static int equals(const value *found, const operand *with) {
  if (with->is_number) return found->is_number && found->number == with->number;
  return text_is(found->text, with->text);
}

static int holds(const linkedin_condition *condition, const relais_event *event) {
  value found = find(event, &condition->path);
  const operand *with = condition->operands;
  int is_there = found.text.ptr != NULL;
  switch (condition->test) {
    case TEST_GT: return found.is_number && found.number > with->number;
    case TEST_GTE: return found.is_number && found.number >= with->number;
    case TEST_LT: return found.is_number && found.number < with->number;
    case TEST_LTE: return found.is_number && found.number <= with->number;
    case TEST_EXISTS: return is_there == text_is(RELAIS_STR("true"), with->text);
    case TEST_NE: return !is_there || !equals(&found, with);
    default: break;
  }
  for (size_t i = 0; is_there && i < condition->operand_count; i++)
    if (equals(&found, &with[i])) return 1;
  return 0;
}

int linkedin_conditions_hold(const linkedin_conversion *conversion, const relais_event *event) {
  for (size_t i = 0; i < conversion->condition_count; i++)
    if (!holds(&conversion->conditions[i], event)) return 0;
  return 1;
}

void linkedin_free_conditions(linkedin_conversion *conversion) {
  for (size_t i = 0; i < conversion->condition_count; i++) {
    linkedin_condition *condition = &conversion->conditions[i];
    for (size_t j = 0; j < condition->operand_count; j++) free(condition->operands[j].text);
    free(condition->operands);
    free(condition->path.member);
  }
  free(conversion->conditions);
}

/* 0: not a number, text or boolean. */
static int read_operand(operand *out, const json_t *json, relais_status *status) {
  if (json_is_number(json)) {
    *out = (operand){1, json_number_value(json), NULL};
    return 1;
  }
  if (!json_is_string(json) && !json_is_boolean(json)) return 0;
  relais_str text = relais_jansson_text(json);
  if (json_is_boolean(json)) text = json_is_true(json) ? RELAIS_STR("true") : RELAIS_STR("false");
  *out = (operand){0, 0, relais_jansson_copy(text)};
  if (!out->text) *status = RELAIS_E_NOMEM;
  return 1;
}

static int read_operands(linkedin_condition *condition, const json_t *json,
                         relais_status *status) {
  int is_list = condition->test == TEST_IN;
  size_t count = is_list ? json_array_size(json) : 1;
  if (!count || count > 100) return 0;
  condition->operands = calloc(count, sizeof *condition->operands);
  if (!condition->operands) {
    *status = RELAIS_E_NOMEM;
    return 1;
  }
  for (size_t i = 0; i < count; i++) {
    const json_t *one = is_list ? json_array_get(json, i) : json;
    if (condition->test <= TEST_LTE && !json_is_number(one)) return 0;
    if (condition->test == TEST_EXISTS && !json_is_boolean(one)) return 0;
    if (!read_operand(&condition->operands[i], one, status)) return 0;
    condition->operand_count += 1;
  }
  return 1;
}

static relais_status refuse(const relais_call *call, relais_str pointer, const char *path,
                            const char *operation, const char *message) {
  char place[512];
  int length = snprintf(place, sizeof place, "%.*s/when/%.200s%s%.20s", (int)pointer.len,
                        pointer.ptr, path, operation ? "/" : "", operation ? operation : "");
  if (length < 0 || (size_t)length >= sizeof place) length = 0;
  return config_refuse(call, (relais_str){place, (size_t)length}, text_of(message));
}

static relais_status read_test(linkedin_conversion *conversion, const relais_call *call,
                               relais_str pointer, const char *path, const char *operation,
                               const json_t *json) {
  size_t which = 0;
  while (which < sizeof tests / sizeof *tests && strcmp(tests[which], operation) != 0) which += 1;
  if (which == sizeof tests / sizeof *tests)
    return refuse(call, pointer, path, operation, "use gt, gte, lt, lte, eq, ne, in or exists");
  linkedin_condition *grown =
      realloc(conversion->conditions, (conversion->condition_count + 1) * sizeof *grown);
  if (!grown) return RELAIS_E_NOMEM;
  conversion->conditions = grown;
  linkedin_condition *condition = &grown[conversion->condition_count++];
  *condition = (linkedin_condition){.test = (test)which};
  relais_status status = path_read(&condition->path, path);
  if (status == RELAIS_E_CONFIG)
    return refuse(call, pointer, path, NULL,
                  "not a value of an event; write params.NAME for a parameter of the sender");
  if (status) return status;
  if (!read_operands(condition, json, &status) && !status)
    return refuse(call, pointer, path, operation,
                  which <= TEST_LTE ? "compared with a number"
                  : which == TEST_IN ? "a list of 1 to 100 numbers, texts or booleans"
                  : which == TEST_EXISTS ? "true or false"
                                         : "a number, text or boolean");
  return status;
}

relais_status linkedin_read_conditions(linkedin_conversion *conversion, const relais_call *call,
                                       relais_str pointer, const json_t *when) {
  const char *path, *operation;
  json_t *of_path, *json;
  json_object_foreach((json_t *)when, path, of_path) {
    if (!json_is_object(of_path) || !json_object_size(of_path))
      return refuse(call, pointer, path, NULL, "write a test, for instance { gt: 0 }");
    json_object_foreach(of_path, operation, json) {
      relais_status status = read_test(conversion, call, pointer, path, operation, json);
      if (status) return status;
    }
  }
  return RELAIS_OK;
}
