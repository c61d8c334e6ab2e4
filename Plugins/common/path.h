/* Values of an event by their canonical paths, as relais.yaml writes them: "value", "params.plan".
 * SPDX-License-Identifier: Apache-2.0 */
#ifndef RELAIS_COMMON_PATH_H
#define RELAIS_COMMON_PATH_H

#include <stddef.h>

#include "relais/jansson.h"
#include "relais/plugin.h"
#include "text.h"

typedef enum path_kind { PATH_TEXT, PATH_NUMBER, PATH_MEMBER } path_kind;

typedef struct event_path {
  path_kind kind;
  size_t offset; /* of the value, or of the list, within relais_event */
  char *member;  /* PATH_MEMBER: the key; for free() */
} event_path;

typedef struct path_name_ {
  const char *name;
  size_t offset;
  path_kind kind;
} path_name_;

#define PATH_TEXT_(name) {#name, offsetof(relais_event, name), PATH_TEXT}
#define PATH_NUMBER_(name) {#name, offsetof(relais_event, name), PATH_NUMBER}

static const path_name_ path_scalars_[] = {
    PATH_NUMBER_(value), PATH_NUMBER_(tax), PATH_NUMBER_(shipping), PATH_NUMBER_(session_number),
    PATH_NUMBER_(engagement_time_msec), PATH_TEXT_(event_name), PATH_TEXT_(event_id),
    PATH_TEXT_(site), PATH_TEXT_(source), PATH_TEXT_(client), PATH_TEXT_(client_id),
    PATH_TEXT_(user_id), PATH_TEXT_(session_id), PATH_TEXT_(page_location),
    PATH_TEXT_(page_referrer), PATH_TEXT_(page_title), PATH_TEXT_(page_hostname),
    PATH_TEXT_(page_path), PATH_TEXT_(language), PATH_TEXT_(screen_resolution),
    PATH_TEXT_(viewport_size), PATH_TEXT_(user_agent), PATH_TEXT_(currency),
    PATH_TEXT_(transaction_id), PATH_TEXT_(coupon),
};

static const path_name_ path_lists_[] = {
    {"params.", offsetof(relais_event, params), PATH_MEMBER},
    {"user_properties.", offsetof(relais_event, user_properties), PATH_MEMBER},
    {"click_ids.", offsetof(relais_event, click_ids), PATH_MEMBER},
    {"cookies.", offsetof(relais_event, cookies), PATH_MEMBER},
};

/* RELAIS_E_CONFIG when there is no such path; RELAIS_E_NOMEM. */
static inline relais_status path_read(event_path *path, const char *text) {
  for (size_t i = 0; i < sizeof path_scalars_ / sizeof *path_scalars_; i++) {
    if (strcmp(path_scalars_[i].name, text) != 0) continue;
    *path = (event_path){path_scalars_[i].kind, path_scalars_[i].offset, NULL};
    return RELAIS_OK;
  }
  for (size_t i = 0; i < sizeof path_lists_ / sizeof *path_lists_; i++) {
    size_t length = strlen(path_lists_[i].name);
    if (strncmp(path_lists_[i].name, text, length) != 0 || !text[length]) continue;
    *path = (event_path){PATH_MEMBER, path_lists_[i].offset, NULL};
    path->member = relais_jansson_copy(text_of(text + length));
    return path->member ? RELAIS_OK : RELAIS_E_NOMEM;
  }
  return RELAIS_E_CONFIG;
}

/* The value there, without its key; absent when its text is (text.ptr == NULL). */
static inline relais_param path_value(const event_path *path, const relais_event *event) {
  const void *place = (const char *)event + path->offset;
  relais_param value = {.type = RELAIS_TYPE_STRING};
  if (path->kind == PATH_TEXT) {
    value.text = *(const relais_str *)place;
  } else if (path->kind == PATH_NUMBER) {
    value.type = RELAIS_TYPE_NUMBER;
    value.number = *(const relais_number *)place;
    value.text = value.number.text;
  } else {
    const relais_param *found = params_find(*(const relais_list *)place, path->member);
    if (found) value = *found;
  }
  return value;
}

#endif
