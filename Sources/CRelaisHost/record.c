#include "record.h"

#include <relais/plugin.h>

enum {
  RECORD_MAGIC = 0x31524C52,
  RECORD_VERSION = 1,
  HEADER_SIZE = 20,
  FIELD_SIZE = 12,
  PARAMETER_SIZE = 28,
  IDENTIFIER_SIZE = 28,
  ITEM_SIZE = 8,
  KEY_PARAMS = 128,
  KEY_LAST_LIST = 133,
  KEY_ITEMS = 140,
  KEY_USER_DATA = 141,
  KEY_CONSENT = 142,
  KEY_SLOTS = 160
};

static const char outside[] = "a field of the record reaches outside it";
static const char too_large[] = "the record needs more memory than a call may take";
static const char other_version[] = "the record has a version this build does not read";
static const char other_length[] = "the record's length is not the one its header gives";
static const char repeated[] = "the record has a field twice";

/* The record being read, and where its lists are built. */
typedef struct source {
  const uint8_t *bytes;
  size_t length;
  const host_overlay *overlay;
  host_arena *arena;
} source;

/* A field's value: a part of the record, checked. */
typedef struct span {
  const uint8_t *bytes;
  size_t length;
} span;

static bool span_at(const source *source, const uint8_t *entry, span *out) {
  size_t offset = host_u32_at(entry);
  size_t length = host_u32_at(entry + 4);
  if (offset > source->length || length > source->length - offset) return false;
  *out = (span){source->bytes + offset, length};
  return true;
}

static bool text_at(const source *source, const uint8_t *entry, relais_str *out) {
  span value;
  if (!span_at(source, entry, &value)) return false;
  *out = (relais_str){(const char *)value.bytes, value.length};
  return true;
}

static bool count_of(span list, size_t size, uint32_t *count) {
  if (list.length < 4) return false;
  *count = host_u32_at(list.bytes);
  return *count <= (list.length - 4) / size;
}

static const char *read_parameters(const source *source, span value, relais_list *out) {
  uint32_t count;
  if (!count_of(value, PARAMETER_SIZE, &count)) return outside;
  relais_param *params = host_alloc(source->arena, (size_t)count * sizeof *params,
                                    _Alignof(relais_param));
  if (!params) return too_large;
  for (uint32_t i = 0; i < count; i++) {
    const uint8_t *entry = value.bytes + 4 + (size_t)i * PARAMETER_SIZE;
    relais_param *param = &params[i];
    if (!text_at(source, entry, &param->key)) return outside;
    if (!text_at(source, entry + 20, &param->text)) return outside;
    uint8_t type = entry[8];
    bool known = type >= RELAIS_TYPE_STRING && type <= RELAIS_TYPE_JSON;
    param->type = known ? type : RELAIS_TYPE_STRING;
    param->reserved = 0;
    param->number = (relais_number){0};
    bool valued = type == RELAIS_TYPE_NUMBER || type == RELAIS_TYPE_BOOL;
    if (valued) param->number.value = host_f64_at(entry + 12);
    if (type == RELAIS_TYPE_NUMBER) param->number.text = param->text;
  }
  *out = (relais_list){params, count, sizeof *params};
  return NULL;
}

static const char *read_scalar(const host_field *field, uint8_t type, span value, void *target) {
  void *member = (char *)target + field->offset;
  if (field->type != type) return NULL;
  switch (type) {
    case HOST_TEXT:
      *(relais_str *)member = (relais_str){(const char *)value.bytes, value.length};
      return NULL;
    case HOST_NUMBER:
      if (value.length < 8) return outside;
      if (value.length == 8) return NULL;
      *(relais_number *)member = (relais_number){
          host_f64_at(value.bytes), {(const char *)value.bytes + 8, value.length - 8}};
      return NULL;
    default:
      if (value.length != 8) return outside;
      *(int64_t *)member = (int64_t)host_u64_at(value.bytes);
      return NULL;
  }
}

static const char *read_item(const source *source, span table, relais_item *item) {
  uint32_t count;
  bool has_params = false;
  if (!count_of(table, FIELD_SIZE, &count)) return outside;
  for (uint32_t i = 0; i < count; i++) {
    const uint8_t *entry = table.bytes + 4 + (size_t)i * FIELD_SIZE;
    uint32_t key = host_u16_at(entry);
    span value;
    const char *problem = NULL;
    if (!span_at(source, entry + 4, &value)) return outside;
    if (key >= HOST_FIRST_ITEM_KEY && key < HOST_FIRST_ITEM_KEY + HOST_ITEM_FIELDS) {
      problem = read_scalar(&host_item_fields[key - HOST_FIRST_ITEM_KEY], entry[2], value, item);
    } else if (key == KEY_PARAMS && entry[2] == HOST_PARAMETERS) {
      problem = has_params ? repeated : read_parameters(source, value, &item->params);
      has_params = true;
    }
    if (problem) return problem;
  }
  return NULL;
}

static const char *read_items(const source *source, span value, relais_list *out) {
  uint32_t count;
  if (!count_of(value, ITEM_SIZE, &count)) return outside;
  relais_item *items = host_alloc(source->arena, (size_t)count * sizeof *items,
                                  _Alignof(relais_item));
  if (!items) return too_large;
  memset(items, 0, (size_t)count * sizeof *items);
  for (uint32_t i = 0; i < count; i++) {
    span table;
    items[i].params.stride = sizeof(relais_param);
    if (!span_at(source, value.bytes + 4 + (size_t)i * ITEM_SIZE, &table)) return outside;
    const char *problem = read_item(source, table, &items[i]);
    if (problem) return problem;
  }
  *out = (relais_list){items, count, sizeof *items};
  return NULL;
}

static bool same(relais_str left, relais_str right) {
  return left.len == right.len && memcmp(left.ptr, right.ptr, left.len) == 0;
}

static bool is_declared(const host_overlay *overlay, const relais_identifier *identifier) {
  for (uint32_t i = 0; i < overlay->form_count; i++) {
    const host_form *form = &overlay->forms[i];
    if (same(form->kind, identifier->kind) && same(form->recipe, identifier->recipe)) return true;
  }
  return false;
}

static const char *read_user_data(const source *source, span value, relais_list *out) {
  uint32_t count;
  uint32_t kept = 0;
  if (source->overlay->withholds_user_data) return NULL;
  if (!count_of(value, IDENTIFIER_SIZE, &count)) return outside;
  relais_identifier *list = host_alloc(source->arena, (size_t)count * sizeof *list,
                                       _Alignof(relais_identifier));
  if (!list) return too_large;
  for (uint32_t i = 0; i < count; i++) {
    const uint8_t *entry = value.bytes + 4 + (size_t)i * IDENTIFIER_SIZE;
    relais_identifier identifier = {.group = host_u32_at(entry + 24)};
    if (!text_at(source, entry, &identifier.kind) ||
        !text_at(source, entry + 8, &identifier.recipe) ||
        !text_at(source, entry + 16, &identifier.value)) {
      return outside;
    }
    if (is_declared(source->overlay, &identifier)) list[kept++] = identifier;
  }
  *out = (relais_list){list, kept, sizeof *list};
  return NULL;
}

static relais_list *parameter_list(relais_event *event, uint32_t key) {
  switch (key) {
    case KEY_PARAMS: return &event->params;
    case 129: return &event->user_properties;
    case 130: return &event->click_ids;
    case 131: return &event->cookies;
    case 132: return &event->client_hints;
    case 133: return &event->ga4;
    case KEY_CONSENT: return &event->consent;
    default: return NULL;
  }
}

/* Takes out what tells visitors apart, and puts the plan's consent in the place of what was stated
 * (see RELAIS_EVENT_PING). */
static const char *reduce_to_ping(const source *source, relais_event *event) {
  static const relais_str purposes[] = {RELAIS_STR("ad_storage"), RELAIS_STR("analytics_storage"),
                                        RELAIS_STR("ad_user_data"),
                                        RELAIS_STR("ad_personalization")};
  enum { PURPOSES = sizeof purposes / sizeof purposes[0] };
  const relais_str none = {NULL, 0};
  relais_list *emptied[] = {&event->user_data, &event->user_properties, &event->click_ids,
                            &event->cookies};
  relais_param *consent = host_alloc(source->arena, sizeof *consent * PURPOSES,
                                     _Alignof(relais_param));
  if (!consent) return too_large;
  for (uint32_t i = 0; i < PURPOSES; i++) {
    bool granted = (source->overlay->ping_consent >> i & 1) != 0;
    consent[i] = (relais_param){.key = purposes[i], .type = RELAIS_TYPE_STRING,
                                .text = granted ? RELAIS_STR("granted") : RELAIS_STR("denied")};
  }
  event->consent = (relais_list){consent, PURPOSES, sizeof *consent};
  for (size_t i = 0; i < sizeof emptied / sizeof emptied[0]; i++) emptied[i]->count = 0;
  event->client_id = event->user_id = event->session_id = event->ip_override = none;
  event->session_number = (relais_number){0};
  event->flags |= RELAIS_EVENT_PING;
  return NULL;
}

static const char *read_field(const source *source, uint32_t key, uint8_t type, span value,
                              host_event *view) {
  if (key < HOST_EVENT_FIELDS) {
    const host_field *field = &host_event_fields[key];
    return field->type ? read_scalar(field, type, value, view) : NULL;
  }
  if (type == HOST_ITEMS && key == KEY_ITEMS) return read_items(source, value, &view->event.items);
  if (type == HOST_USER_DATA && key == KEY_USER_DATA) {
    return read_user_data(source, value, &view->event.user_data);
  }
  relais_list *list = parameter_list(&view->event, key);
  return type == HOST_PARAMETERS && list ? read_parameters(source, value, list) : NULL;
}

static void begin(host_event *view, const host_overlay *overlay, uint32_t flags) {
  const uint32_t shown =
      RELAIS_EVENT_TEST | RELAIS_EVENT_REPLAY | RELAIS_EVENT_LATE | RELAIS_EVENT_CONSENT_UPDATE;
  memset(view, 0, sizeof *view);
  relais_event *event = &view->event;
  event->struct_size = sizeof *event;
  event->flags = (flags | overlay->flags) & shown;
  event->attempt = overlay->attempt;
  event->send_as = overlay->send_as;
  event->done = overlay->done;
  event->items.stride = sizeof(relais_item);
  event->user_data.stride = sizeof(relais_identifier);
  event->consent.stride = sizeof(relais_param);
  for (uint32_t key = KEY_PARAMS; key <= KEY_LAST_LIST; key++) {
    parameter_list(event, key)->stride = sizeof(relais_param);
  }
}

static const char *check_header(relais_str record, size_t *table, uint32_t *count) {
  const uint8_t *bytes = (const uint8_t *)record.ptr;
  if (record.len < HEADER_SIZE) return "the record is shorter than its header";
  if (host_u32_at(bytes) != RECORD_MAGIC) return "the bytes do not begin as a record does";
  if (host_u16_at(bytes + 4) != RECORD_VERSION) return other_version;
  if (host_u32_at(bytes + 8) != record.len) return other_length;
  *count = host_u16_at(bytes + 6);
  *table = host_u32_at(bytes + 16);
  if (*table < HEADER_SIZE || *table > record.len) return outside;
  return *count <= (record.len - *table) / FIELD_SIZE ? NULL : outside;
}

const char *host_read_record(relais_str record, const host_overlay *overlay, host_arena *arena,
                             host_event *view) {
  size_t table = 0;
  uint32_t count = 0;
  bool seen[KEY_SLOTS] = {false};
  const char *problem = check_header(record, &table, &count);
  if (problem) return problem;
  source source = {(const uint8_t *)record.ptr, record.len, overlay, arena};
  begin(view, overlay, host_u32_at(source.bytes + 12));
  for (uint32_t i = 0; i < count; i++) {
    const uint8_t *entry = source.bytes + table + (size_t)i * FIELD_SIZE;
    uint32_t key = host_u16_at(entry);
    span value;
    if (!span_at(&source, entry + 4, &value)) return outside;
    if (key >= KEY_SLOTS) continue;
    if (seen[key]) return repeated;
    seen[key] = true;
    problem = read_field(&source, key, entry[2], value, view);
    if (problem) return problem;
  }
  if (!view->event.event_id.ptr || !view->event.event_name.ptr) {
    return "the record has no event_id or event_name";
  }
  return overlay->is_ping ? reduce_to_ping(&source, &view->event) : NULL;
}
