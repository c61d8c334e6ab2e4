/* `params` of a destination: values of events that go into fields of the vendor's, beside what the
 * plugin maps by itself. SPDX-License-Identifier: Apache-2.0 */
#ifndef RELAIS_COMMON_FIELDS_H
#define RELAIS_COMMON_FIELDS_H

#include <stdio.h>

#include "batch.h"
#include "config.h"
#include "path.h"

typedef enum field_type {
  FIELD_ANY,     /* as the sender gave it */
  FIELD_TEXT,    /* a number or boolean becomes its text */
  FIELD_NUMBER,  /* of a text: when it is a decimal */
  FIELD_INTEGER, /* digits, as many as there are */
  FIELD_WORD,    /* one of `words` */
  FIELD_OWN      /* the plugin's own: nothing may be mapped there */
} field_type;

/* A field that the vendor documents. */
typedef struct vendor_field {
  const char *object; /* "custom_data"; "" for the event itself */
  const char *name;   /* NULL: every other name in that object */
  field_type type;
  const char *const *words; /* ends with NULL */
} vendor_field;

typedef struct mapped_field {
  const vendor_field *vendor;
  char *name;
  event_path from;
} mapped_field;

typedef struct field_map {
  mapped_field *fields;
  size_t count;
} field_map;

static inline void field_map_free(field_map *map) {
  for (size_t i = 0; i < map->count; i++) {
    free(map->fields[i].name);
    free(map->fields[i].from.member);
  }
  free(map->fields);
  *map = (field_map){NULL, 0};
}

static inline relais_status field_refuse_(const relais_call *call, const char *source,
                                          const char *message) {
  char place[320];
  size_t at = (size_t)snprintf(place, sizeof place, "/params/");
  for (const char *c = source; *c && at + 2 < sizeof place; c++) {
    if (*c == '~' || *c == '/') {
      place[at++] = '~';
      place[at++] = *c == '~' ? '0' : '1';
    } else {
      place[at++] = *c;
    }
  }
  return config_refuse(call, (relais_str){place, at}, text_of(message));
}

/* The vendor's field "object.name"; NULL: the table has none. */
static inline const vendor_field *field_named_(const vendor_field *table, size_t count,
                                               relais_str field, relais_str *name) {
  size_t dot = field.len;
  while (dot && field.ptr[dot - 1] != '.') dot -= 1;
  relais_str object = {field.ptr, dot ? dot - 1 : 0};
  *name = (relais_str){field.ptr + dot, field.len - dot};
  if (!text_visible(*name, 100)) return NULL;
  for (size_t i = 0; i < count; i++)
    if (text_is(object, table[i].object) && (!table[i].name || text_is(*name, table[i].name)))
      return &table[i];
  return NULL;
}

/* Reads `params`. unknown: what to say of a field that is not in the table; own: of a FIELD_OWN.
 * Entries with a NULL name stand behind those that have one. */
static inline relais_status field_map_read(field_map *map, const relais_call *call,
                                           const json_t *config, const vendor_field *table,
                                           size_t count, const char *unknown, const char *own) {
  json_t *params = json_object_get(config, "params"), *value;
  const char *source;
  size_t size = json_object_size(params);
  if (!size) return RELAIS_OK;
  map->fields = calloc(size, sizeof *map->fields);
  if (!map->fields) return RELAIS_E_NOMEM;
  json_object_foreach(params, source, value) {
    relais_str name;
    const vendor_field *vendor = field_named_(table, count, relais_jansson_text(value), &name);
    if (!vendor) return field_refuse_(call, source, unknown);
    if (vendor->type == FIELD_OWN) return field_refuse_(call, source, own);
    mapped_field *field = &map->fields[map->count++];
    field->vendor = vendor;
    relais_status status = path_read(&field->from, source);
    if (status == RELAIS_E_CONFIG)
      return field_refuse_(call, source, "not a value of an event; write params.NAME");
    if (!status && !(field->name = relais_jansson_copy(name))) status = RELAIS_E_NOMEM;
    if (status) return status;
  }
  return RELAIS_OK;
}

/* An integer or decimal without an exponent, short enough to be exact in what follows. */
static inline int field_is_decimal_(relais_str text, int is_integer) {
  if (!relais_json_is_number(text) || text.len > 32) return 0;
  for (size_t i = 0; i < text.len; i++) {
    char c = text.ptr[i];
    if (!((c >= '0' && c <= '9') || (!is_integer && (c == '-' || c == '.')))) return 0;
  }
  return 1;
}

static inline int field_is_null_(const relais_param *value) {
  return value->type == RELAIS_TYPE_JSON && text_is(value->text, "null");
}

/* The value in the form that the field has; 0 when it has none. */
static inline int field_fit_(const vendor_field *field, relais_param *value) {
  int is_number = value->type == RELAIS_TYPE_NUMBER, is_json = value->type == RELAIS_TYPE_JSON;
  int is_text = !is_number && !is_json && value->type != RELAIS_TYPE_BOOL;
  int is_integer = field->type == FIELD_INTEGER;
  switch (field->type) {
    case FIELD_TEXT:
      value->type = RELAIS_TYPE_STRING;
      return !is_json;
    case FIELD_NUMBER:
    case FIELD_INTEGER:
      if (is_number && !is_integer) return number_usable(value->number);
      value->type = RELAIS_TYPE_NUMBER;
      value->number.text = value->text;
      return (is_text || is_number) && field_is_decimal_(value->text, is_integer);
    case FIELD_WORD:
      for (const char *const *word = field->words; is_text && *word; word++)
        if (text_is(value->text, *word)) return 1;
      return 0;
    default:
      return !is_number || number_usable(value->number);
  }
}

/* The value of the event in the form that the field has: 1 there, 0 absent, -1 it does not fit. */
static inline int field_take_(const mapped_field *field, const relais_event *event,
                              relais_param *value) {
  *value = path_value(&field->from, event);
  if (text_blank(value->text) || field_is_null_(value)) return 0;
  return field_fit_(field->vendor, value) ? 1 : -1;
}

/* What `params` puts into that field; absent (text.ptr == NULL) when nothing, or nothing that fits. */
static inline relais_param field_value(const field_map *map, const char *object, const char *name,
                                       const relais_event *event) {
  for (size_t i = 0; i < map->count; i++) {
    const mapped_field *field = &map->fields[i];
    if (strcmp(field->vendor->object, object) != 0 || strcmp(field->name, name) != 0) continue;
    relais_param value;
    if (field_take_(field, event, &value) > 0) return value;
  }
  return (relais_param){.text = {NULL, 0}};
}

static inline int field_is_given(const field_map *map, const char *object, const char *name,
                                 const relais_event *event) {
  return map->count && field_value(map, object, name, event).text.ptr;
}

/* Writes what `params` puts into that object; how many fields. omission: noted of a value that does
 * not fit its field. */
static inline uint32_t put_fields(batch *b, const field_map *map, const char *object,
                                  const relais_event *event, uint32_t omission) {
  uint32_t written = 0;
  for (size_t i = 0; i < map->count; i++) {
    const mapped_field *field = &map->fields[i];
    if (strcmp(field->vendor->object, object) != 0) continue;
    relais_param value;
    int taken = field_take_(field, event, &value);
    if (taken < 0) batch_omit(b, event, omission);
    if (taken <= 0) continue;
    value.key = text_of(field->name);
    relais_json_put_param(&b->json, &value);
    written += 1;
  }
  return written;
}

/* Notes every value that does not fit its field, for plugins that write the fields one by one. */
static inline void note_unfit_fields(batch *b, const field_map *map, const relais_event *event,
                                     uint32_t omission) {
  relais_param value;
  for (size_t i = 0; i < map->count; i++)
    if (field_take_(&map->fields[i], event, &value) < 0) batch_omit(b, event, omission);
}

#endif
