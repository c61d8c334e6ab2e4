/* record.h - builds the typed event of the ABI from a record (see RecordFormat.swift for the
 * bytes). */
#ifndef RELAIS_HOST_RECORD_H
#define RELAIS_HOST_RECORD_H

#include "buffer.h"

/* One form of user data that the plugin may see. */
typedef struct host_form {
  relais_str kind;
  relais_str recipe;
} host_form;

/* An event and what of its record the ABI has no field for. Its size is the stride of the list a
 * plugin gets. */
typedef struct host_event {
  relais_event event;
  relais_str consent_origin;
  relais_str assumed_country;
  relais_number bot_score;
  relais_str bot_reasons;
} host_event;

/* How a record is shown to the plugin. */
typedef struct host_overlay {
  uint32_t attempt;
  uint32_t flags;        /* added to the record's */
  relais_str send_as;    /* absent for none */
  relais_list done;      /* of relais_str */
  bool withholds_user_data;
  bool is_ping;          /* the event goes without identity */
  uint32_t ping_consent; /* bits of what counts as granted in the ping */
  const host_form *forms;
  uint32_t form_count;
} host_overlay;

typedef enum host_field_type {
  HOST_TEXT = 1,
  HOST_NUMBER = 2,
  HOST_INTEGER = 3,
  HOST_PARAMETERS = 4,
  HOST_ITEMS = 5,
  HOST_USER_DATA = 6
} host_field_type;

/* Where a field of the record goes and what the canonical JSON calls it; `type` 0: no such key. */
typedef struct host_field {
  const char *name;
  uint16_t offset;
  uint8_t type;
} host_field;

enum { HOST_EVENT_FIELDS = 36, HOST_ITEM_FIELDS = 22, HOST_FIRST_ITEM_KEY = 64 };
extern const host_field host_event_fields[HOST_EVENT_FIELDS];
extern const host_field host_item_fields[HOST_ITEM_FIELDS];

/* Fills `view`; texts refer to the record, lists to the arena. NULL, or what is wrong with the
 * record. */
const char *host_read_record(relais_str record, const host_overlay *overlay, host_arena *arena,
                             host_event *view);

/* Appends the event as one object in the canonical JSON vocabulary. */
void host_put_event_json(host_buffer *buffer, const host_event *view);

#endif
