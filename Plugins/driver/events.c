/* The fixture's events, in the canonical JSON vocabulary, as the structs of relais/event.h.
 * SPDX-License-Identifier: Apache-2.0 */
#define _GNU_SOURCE
#include <locale.h>
#include <math.h>
#include <stdio.h>
#include <string.h>

#include "driver.h"

enum { TEXT, NUMBER, INTEGER };

typedef struct field {
  const char *name;
  size_t offset;
  int kind;
} field;

#define EVENT(name, kind) {#name, offsetof(relais_event, name), kind}
static const field event_fields[] = {
    EVENT(event_id, TEXT), EVENT(event_name, TEXT), EVENT(send_as, TEXT),
    EVENT(timestamp_micros, INTEGER), EVENT(received_micros, INTEGER), EVENT(site, TEXT),
    EVENT(source, TEXT), EVENT(client, TEXT), EVENT(client_id, TEXT), EVENT(user_id, TEXT),
    EVENT(session_id, TEXT), EVENT(session_number, NUMBER), EVENT(engagement_time_msec, NUMBER),
    EVENT(page_location, TEXT), EVENT(page_referrer, TEXT), EVENT(page_title, TEXT),
    EVENT(page_hostname, TEXT), EVENT(page_path, TEXT), EVENT(language, TEXT),
    EVENT(screen_resolution, TEXT), EVENT(viewport_size, TEXT), EVENT(ip_override, TEXT),
    EVENT(user_agent, TEXT), EVENT(geo_country, TEXT), EVENT(geo_region, TEXT),
    EVENT(geo_city, TEXT),
    EVENT(currency, TEXT), EVENT(transaction_id, TEXT), EVENT(coupon, TEXT), EVENT(value, NUMBER),
    EVENT(tax, NUMBER), EVENT(shipping, NUMBER)};

#define ITEM(name, kind) {#name, offsetof(relais_item, name), kind}
static const field item_fields[] = {
    ITEM(item_id, TEXT), ITEM(item_name, TEXT), ITEM(affiliation, TEXT), ITEM(coupon, TEXT),
    ITEM(creative_name, TEXT), ITEM(creative_slot, TEXT), ITEM(item_brand, TEXT),
    ITEM(item_category, TEXT), ITEM(item_category2, TEXT), ITEM(item_category3, TEXT),
    ITEM(item_category4, TEXT), ITEM(item_category5, TEXT), ITEM(item_list_id, TEXT),
    ITEM(item_list_name, TEXT), ITEM(item_variant, TEXT), ITEM(location_id, TEXT),
    ITEM(promotion_id, TEXT), ITEM(promotion_name, TEXT), ITEM(price, NUMBER),
    ITEM(quantity, NUMBER),
    ITEM(discount, NUMBER), ITEM(index, NUMBER)};

#define LIST(name) {#name, offsetof(relais_event, name), 0}
static const field param_lists[] = {LIST(click_ids), LIST(cookies), LIST(client_hints),
                                    LIST(params),
                                    LIST(user_properties)};

#define COUNT(array) (sizeof(array) / sizeof(array)[0])

/* Elements lie this much further apart than they are long, as under a newer host. */
enum { GROWTH = 24 };

typedef struct growing {
  char *ptr;
  uint32_t count, capacity, stride;
} growing;

static void *append(driver_arena *arena, growing *list, size_t size) {
  if (list->count == list->capacity) {
    uint32_t capacity = list->capacity ? list->capacity * 2 : 4;
    list->stride = (uint32_t)size + GROWTH;
    char *grown = driver_arena_take(arena, (size_t)capacity * list->stride);
    memset(grown, 0xa5, (size_t)capacity * list->stride);
    if (list->count) memcpy(grown, list->ptr, (size_t)list->count * list->stride);
    list->ptr = grown;
    list->capacity = capacity;
  }
  void *element = list->ptr + (size_t)list->count++ * list->stride;
  memset(element, 0, size);
  return element;
}

static relais_list finish(const growing *list) {
  return (relais_list){list->ptr, list->count, list->stride};
}

static relais_str text_of(driver_arena *arena, const char *name, const json_t *value) {
  if (!json_is_string(value)) driver_fail("\"%s\" must be a string", name);
  return driver_str(arena, json_string_value(value), json_string_length(value));
}

/* A number as the sender wrote it: a JSON string holds its exact digits, a JSON number its shortest
 * ones. */
static relais_number number_of(driver_arena *arena, const char *name, const json_t *value) {
  char digits[40];
  if (json_is_string(value)) {
    relais_number number = {0, text_of(arena, name, value)};
    if (!relais_json_is_number(number.text)) driver_fail("\"%s\" is not a JSON number", name);
    snprintf(digits, sizeof digits, "%.*s", (int)number.text.len, number.text.ptr);
    number.value = strtod(digits, NULL);
    return number;
  }
  if (json_is_integer(value)) {
    snprintf(digits, sizeof digits, "%lld", (long long)json_integer_value(value));
  } else if (json_is_real(value)) {
    for (int precision = 1; precision <= 17; precision++) {
      snprintf(digits, sizeof digits, "%.*g", precision, json_real_value(value));
      if (strtod(digits, NULL) == json_real_value(value)) break;
    }
  } else {
    driver_fail("\"%s\" must be a number, or a string with its digits", name);
  }
  return (relais_number){json_number_value(value), driver_str(arena, digits, strlen(digits))};
}

/* A parameter by the type of its JSON value; {"$number": "10.00"} is the number with exactly these
 * digits. */
static void read_param(driver_arena *arena, growing *list, const char *name, const json_t *value) {
  relais_param *param = append(arena, list, sizeof *param);
  const json_t *exact = json_object_get(value, "$number"), *raw = json_object_get(value, "$json");
  param->key = driver_str(arena, name, strlen(name));
  if (json_is_string(value)) {
    param->type = RELAIS_TYPE_STRING;
    param->text = text_of(arena, name, value);
  } else if (exact || json_is_number(value)) {
    param->type = RELAIS_TYPE_NUMBER;
    param->number = number_of(arena, name, exact ? exact : value);
    param->text = param->number.text;
  } else if (json_is_string(raw)) {
    param->type = RELAIS_TYPE_JSON;
    param->text = text_of(arena, name, raw);
  } else if (json_is_boolean(value)) {
    const char *text = json_is_true(value) ? "true" : "false";
    param->type = RELAIS_TYPE_BOOL;
    param->number.value = json_is_true(value);
    param->text = driver_str(arena, text, strlen(text));
  } else {
    char *text = json_dumps(value, JSON_COMPACT | JSON_ENCODE_ANY);
    if (!text) driver_fail("\"%s\" cannot be written", name);
    param->type = RELAIS_TYPE_JSON;
    param->text = driver_str(arena, text, strlen(text));
    free(text);
  }
}

static relais_list read_params(driver_arena *arena, const char *list_name, const json_t *object) {
  growing list = {NULL, 0, 0, 0};
  const char *name;
  json_t *value;
  if (!json_is_object(object)) driver_fail("\"%s\" must be an object", list_name);
  json_object_foreach((json_t *)object, name, value) read_param(arena, &list, name, value);
  return finish(&list);
}

/* Sets the scalar field of that name; 0 when there is none. */
static int read_field(driver_arena *arena, const field *fields, size_t count, void *into,
                      const char *name,
                      const json_t *value) {
  for (size_t i = 0; i < count; i++) {
    if (strcmp(fields[i].name, name)) continue;
    char *place = (char *)into + fields[i].offset;
    if (fields[i].kind == TEXT) {
      *(relais_str *)(void *)place = text_of(arena, name, value);
    } else if (fields[i].kind == NUMBER) {
      *(relais_number *)(void *)place = number_of(arena, name, value);
    } else if (json_is_integer(value)) {
      *(int64_t *)(void *)place = json_integer_value(value);
    } else {
      driver_fail("\"%s\" must be an integer", name);
    }
    return 1;
  }
  return 0;
}

static relais_list read_items(driver_arena *arena, const json_t *items) {
  growing list = {NULL, 0, 0, 0};
  size_t i;
  json_t *object, *value;
  const char *name;
  json_array_foreach((json_t *)items, i, object) {
    relais_item *item = append(arena, &list, sizeof *item);
    growing params = {NULL, 0, 0, 0};
    json_object_foreach(object, name, value) {
      if (!read_field(arena, item_fields, COUNT(item_fields), item, name, value))
        read_param(arena, &params, name, value);
    }
    item->params = finish(&params);
  }
  return finish(&list);
}

static relais_list read_user_data(driver_arena *arena, const json_t *user_data) {
  growing list = {NULL, 0, 0, 0};
  size_t i;
  json_t *object;
  if (!json_is_array(user_data)) driver_fail("\"user_data\" must be an array, as it is at rest");
  json_array_foreach((json_t *)user_data, i, object) {
    relais_identifier *identifier = append(arena, &list, sizeof *identifier);
    identifier->kind = text_of(arena, "kind", json_object_get(object, "kind"));
    identifier->recipe = text_of(arena, "recipe", json_object_get(object, "recipe"));
    identifier->value = text_of(arena, "value", json_object_get(object, "value"));
    identifier->group = (uint32_t)relais_jansson_int(object, "group", 0);
  }
  return finish(&list);
}

static relais_list read_consent(driver_arena *arena, const json_t *consent) {
  growing list = {NULL, 0, 0, 0};
  const char *name, *vendor;
  json_t *value, *state;
  char key[128];
  json_object_foreach((json_t *)consent, name, value) {
    if (strcmp(name, "origin") == 0) continue;
    if (strcmp(name, "vendors")) {
      read_param(arena, &list, name, value);
      continue;
    }
    json_object_foreach(value, vendor, state) {
      snprintf(key, sizeof key, "vendors.%s", vendor);
      read_param(arena, &list, key, state);
    }
  }
  return finish(&list);
}

static relais_list read_wire(driver_arena *arena, const json_t *pairs) {
  growing list = {NULL, 0, 0, 0};
  size_t i;
  json_t *pair;
  json_array_foreach((json_t *)pairs, i, pair) {
    const char *key = json_string_value(json_array_get(pair, 0));
    const json_t *value = json_array_get(pair, 1);
    if (!key || !json_is_string(value))
      driver_fail("\"ga4\" must be an array of [key, value] pairs");
    read_param(arena, &list, key, value);
  }
  return finish(&list);
}

static uint32_t read_flags(const json_t *flags) {
  static const char *const names[] = {"test", "replay", "late", "consent_update", "ping"};
  uint32_t bits = 0;
  size_t i;
  json_t *flag;
  json_array_foreach((json_t *)flags, i, flag) {
    size_t bit = 0;
    const char *name = json_string_value(flag);
    while (bit < COUNT(names) && (!name || strcmp(name, names[bit]))) bit += 1;
    if (bit == COUNT(names)) driver_fail("\"flags\": %s is none", name ? name : "a value");
    bits |= 1u << bit;
  }
  return bits;
}

static relais_list read_done(driver_arena *arena, const json_t *parts) {
  growing list = {NULL, 0, 0, 0};
  size_t i;
  json_t *part;
  json_array_foreach((json_t *)parts, i, part) {
    if (!json_is_string(part)) driver_fail("\"done\": names of parts");
    relais_str *name = append(arena, &list, sizeof *name);
    *name = driver_str(arena, json_string_value(part), json_string_length(part));
  }
  return finish(&list);
}

static int read_list(driver_arena *arena, relais_event *event, const char *name,
                     const json_t *value) {
  if (strcmp(name, "items") == 0) {
    event->items = read_items(arena, value);
  } else if (strcmp(name, "user_data") == 0) {
    event->user_data = read_user_data(arena, value);
  } else if (strcmp(name, "consent") == 0) {
    event->consent = read_consent(arena, value);
  } else if (strcmp(name, "ga4") == 0) {
    event->ga4 = read_wire(arena, value);
  } else if (strcmp(name, "done") == 0) {
    event->done = read_done(arena, value);
  } else if (strcmp(name, "flags") == 0) {
    event->flags = read_flags(value);
  } else if (strcmp(name, "attempt") == 0) {
    event->attempt = (uint32_t)json_integer_value(value);
  } else {
    for (size_t i = 0; i < COUNT(param_lists); i++) {
      if (strcmp(name, param_lists[i].name)) continue;
      void *place = (char *)event + param_lists[i].offset;
      *(relais_list *)place = read_params(arena, name, value);
      return 1;
    }
    return 0;
  }
  return 1;
}

static relais_list read_events(driver_arena *arena, const json_t *events, int with_json) {
  growing list = {NULL, 0, 0, 0};
  size_t i;
  json_t *object, *value;
  const char *name;
  json_array_foreach((json_t *)events, i, object) {
    relais_event *event = append(arena, &list, sizeof *event);
    event->struct_size = sizeof *event;
    event->attempt = 1;
    json_object_foreach(object, name, value) {
      if (!read_field(arena, event_fields, COUNT(event_fields), event, name, value) &&
          !read_list(arena, event, name, value))
        driver_fail("events[%zu]: \"%s\" is no member of an event", i, name);
    }
    if (!event->event_id.ptr || !event->event_name.ptr)
      driver_fail("events[%zu]: event_id and event_name are never absent", i);
    if (with_json) {
      char *text = json_dumps(object, JSON_COMPACT);
      if (!text) driver_fail("events[%zu] cannot be written", i);
      event->event_json = driver_str(arena, text, strlen(text));
      free(text);
    }
  }
  return finish(&list);
}

/* Numbers in a fixture have a decimal point, whatever locale the plugin is to be tried in. */
relais_list driver_events(driver_arena *arena, const json_t *events, int with_json) {
  locale_t own = newlocale(LC_ALL_MASK, "C", NULL);
  locale_t before = uselocale(own);
  relais_list list = read_events(arena, events, with_json);
  uselocale(before);
  freelocale(own);
  return list;
}
