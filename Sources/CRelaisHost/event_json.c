#include <stdio.h>

#include "record.h"
#include "text.h"
#include <relais/plugin.h>

/* Appends JSON; a comma goes before every value but the first of its object or array. */
typedef struct writer {
  host_buffer *buffer;
  bool comma;
} writer;

static void separate(writer *writer) {
  if (writer->comma) host_put_u8(writer->buffer, ',');
  writer->comma = false;
}

static void open(writer *writer, char bracket) {
  separate(writer);
  host_put_u8(writer->buffer, (uint8_t)bracket);
}

static void close(writer *writer, char bracket) {
  host_put_u8(writer->buffer, (uint8_t)bracket);
  writer->comma = true;
}

static bool is_plain(uint8_t byte) {
  return byte >= 0x20 && byte < 0x80 && byte != '"' && byte != '\\';
}

static size_t put_special(host_buffer *buffer, const uint8_t *bytes, size_t length) {
  static const char hex[] = "0123456789abcdef";
  uint8_t byte = bytes[0];
  if (byte >= 0x80) {
    size_t size = host_character(bytes, length);
    host_put(buffer, size ? (const char *)bytes : "\xEF\xBF\xBD", size ? size : 3);
    return size ? size : 1;
  }
  char escape[6] = {'\\', 'u', '0', '0', hex[byte >> 4], hex[byte & 15]};
  size_t size = 2;
  switch (byte) {
    case '\n': escape[1] = 'n'; break;
    case '\r': escape[1] = 'r'; break;
    case '\t': escape[1] = 't'; break;
    case '"':
    case '\\': escape[1] = (char)byte; break;
    default: size = 6; break;
  }
  host_put(buffer, escape, size);
  return 1;
}

static void quote(host_buffer *buffer, relais_str text) {
  const uint8_t *bytes = (const uint8_t *)text.ptr;
  host_put_u8(buffer, '"');
  for (size_t at = 0; at < text.len;) {
    size_t end = at;
    while (end < text.len && is_plain(bytes[end])) end++;
    host_put(buffer, bytes + at, end - at);
    at = end;
    if (at < text.len) at += put_special(buffer, bytes + at, text.len - at);
  }
  host_put_u8(buffer, '"');
}

static void string(writer *writer, relais_str text) {
  separate(writer);
  quote(writer->buffer, text);
  writer->comma = true;
}

static void key(writer *writer, relais_str name) {
  separate(writer);
  quote(writer->buffer, name);
  host_put_u8(writer->buffer, ':');
}

static void key_word(writer *writer, const char *name) {
  key(writer, (relais_str){name, strlen(name)});
}

static void raw(writer *writer, relais_str json) {
  separate(writer);
  host_put(writer->buffer, json.ptr, json.len);
  writer->comma = true;
}

static void number(writer *writer, relais_str text) {
  host_is_number(text) ? raw(writer, text) : string(writer, text);
}

static void integer(writer *writer, int64_t value) {
  char digits[24];
  int length = snprintf(digits, sizeof digits, "%lld", (long long)value);
  raw(writer, (relais_str){digits, (size_t)length});
}

static void parameters(writer *writer, relais_list list) {
  for (uint32_t i = 0; i < list.count; i++) {
    const relais_param *param = RELAIS_AT(list, relais_param, i);
    key(writer, param->key);
    switch (param->type) {
      case RELAIS_TYPE_NUMBER: number(writer, param->text); break;
      case RELAIS_TYPE_BOOL:
      case RELAIS_TYPE_JSON: raw(writer, param->text.len ? param->text : RELAIS_STR("null")); break;
      default: string(writer, param->text); break;
    }
  }
}

static void parameter_object(writer *writer, const char *name, relais_list list) {
  if (list.count == 0) return;
  key_word(writer, name);
  open(writer, '{');
  parameters(writer, list);
  close(writer, '}');
}

static void scalars(writer *writer, const host_field *fields, size_t count, const void *source) {
  for (size_t i = 0; i < count; i++) {
    const void *member = (const char *)source + fields[i].offset;
    if (fields[i].type == HOST_TEXT && ((const relais_str *)member)->ptr) {
      key_word(writer, fields[i].name);
      string(writer, *(const relais_str *)member);
    } else if (fields[i].type == HOST_NUMBER && ((const relais_number *)member)->text.ptr) {
      key_word(writer, fields[i].name);
      number(writer, ((const relais_number *)member)->text);
    } else if (fields[i].type == HOST_INTEGER && *(const int64_t *)member != 0) {
      key_word(writer, fields[i].name);
      integer(writer, *(const int64_t *)member);
    }
  }
}

static void items(writer *writer, relais_list list) {
  if (list.count == 0) return;
  key_word(writer, "items");
  open(writer, '[');
  for (uint32_t i = 0; i < list.count; i++) {
    const relais_item *item = RELAIS_AT(list, relais_item, i);
    open(writer, '{');
    scalars(writer, host_item_fields, HOST_ITEM_FIELDS, item);
    parameters(writer, item->params);
    close(writer, '}');
  }
  close(writer, ']');
}

static void user_data(writer *writer, relais_list list) {
  if (list.count == 0) return;
  key_word(writer, "user_data");
  open(writer, '[');
  for (uint32_t i = 0; i < list.count; i++) {
    const relais_identifier *identifier = RELAIS_AT(list, relais_identifier, i);
    open(writer, '{');
    key_word(writer, "kind");
    string(writer, identifier->kind);
    key_word(writer, "recipe");
    string(writer, identifier->recipe);
    key_word(writer, "value");
    string(writer, identifier->value);
    if (identifier->group > 0) {
      key_word(writer, "group");
      integer(writer, identifier->group);
    }
    close(writer, '}');
  }
  close(writer, ']');
}

static bool is_vendor(relais_str name) {
  return name.len > 8 && memcmp(name.ptr, "vendors.", 8) == 0;
}

static void consent_states(writer *writer, relais_list list, bool vendors) {
  for (uint32_t i = 0; i < list.count; i++) {
    const relais_param *state = RELAIS_AT(list, relais_param, i);
    if (is_vendor(state->key) != vendors || host_text_is(state->text, "unset")) continue;
    key(writer, vendors ? (relais_str){state->key.ptr + 8, state->key.len - 8} : state->key);
    string(writer, state->text);
  }
}

static bool has_vendors(relais_list list) {
  for (uint32_t i = 0; i < list.count; i++) {
    if (is_vendor(RELAIS_AT(list, relais_param, i)->key)) return true;
  }
  return false;
}

static void consent(writer *writer, const host_event *view) {
  relais_list list = view->event.consent;
  if (list.count == 0) return;
  key_word(writer, "consent");
  open(writer, '{');
  consent_states(writer, list, false);
  if (has_vendors(list)) {
    key_word(writer, "vendors");
    open(writer, '{');
    consent_states(writer, list, true);
    close(writer, '}');
  }
  if (view->consent_origin.ptr) {
    key_word(writer, "origin");
    string(writer, view->consent_origin);
  }
  close(writer, '}');
}

static void wire(writer *writer, relais_list list) {
  if (list.count == 0) return;
  key_word(writer, "ga4");
  open(writer, '[');
  for (uint32_t i = 0; i < list.count; i++) {
    const relais_param *param = RELAIS_AT(list, relais_param, i);
    open(writer, '[');
    string(writer, param->key);
    string(writer, param->text);
    close(writer, ']');
  }
  close(writer, ']');
}

void host_put_event_json(host_buffer *buffer, const host_event *view) {
  const relais_event *event = &view->event;
  host_event shown = *view;
  writer writer = {.buffer = buffer};
  shown.consent_origin = (relais_str){0};
  open(&writer, '{');
  scalars(&writer, host_event_fields, HOST_EVENT_FIELDS, &shown);
  items(&writer, event->items);
  user_data(&writer, event->user_data);
  consent(&writer, view);
  parameter_object(&writer, "params", event->params);
  parameter_object(&writer, "user_properties", event->user_properties);
  parameter_object(&writer, "click_ids", event->click_ids);
  parameter_object(&writer, "cookies", event->cookies);
  parameter_object(&writer, "client_hints", event->client_hints);
  wire(&writer, event->ga4);
  close(&writer, '}');
}
