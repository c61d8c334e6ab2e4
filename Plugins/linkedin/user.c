/* `user`: who is to be matched. Unknown keys are refused, and so is a `user` without `userIds`
 * ("Schema", user). SPDX-License-Identifier: Apache-2.0 */
#include <arpa/inet.h>

#include "linkedin.h"

static relais_str identifier(relais_list user_data, const char *kind, const char *recipe,
                             uint32_t *group) {
  for (uint32_t i = 0; i < user_data.count; i++) {
    const relais_identifier *one = RELAIS_AT(user_data, relais_identifier, i);
    if (!identifier_is(one, kind, recipe) || text_blank(one->value)) continue;
    if (group) *group = one->group;
    return one->value;
  }
  return (relais_str){NULL, 0};
}

/* The first e-mail address; each idType stands once in `userIds`. */
static relais_str email(const relais_event *event) {
  for (uint32_t i = 0; i < event->user_data.count; i++) {
    const relais_identifier *one = RELAIS_AT(event->user_data, relais_identifier, i);
    if (identifier_is(one, "email", "linkedin") && is_identifying_hash(one->value))
      return one->value;
  }
  return (relais_str){NULL, 0};
}

/* Of the click that led here, else of an earlier one ("Schema", li_fat_id). A value of any form is
 * accepted (measured), and matches nobody. */
static relais_str click_id(batch *b, const relais_event *event) {
  relais_str ids[] = {params_text(event->click_ids, "li_fat_id"),
                      params_text(event->cookies, "li_fat_id")};
  for (size_t i = 0; i < 2; i++) {
    int usable = text_visible(ids[i], 128);
    for (size_t j = 0; usable && j < ids[i].len; j++) {
      char c = ids[i].ptr[j];
      usable = (c >= '0' && c <= '9') || (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') ||
               c == '-' || c == '_' || c == '.';
    }
    if (usable) return ids[i];
    if (b && !text_blank(ids[i])) batch_omit(b, event, LINKEDIN_OMITTED_CLICK_ID);
  }
  return (relais_str){NULL, 0};
}

/* Addresses that are nobody's on the Internet: RFC 6890. */
static int is_public(uint32_t address) {
  static const struct {
    uint32_t network, mask;
  } reserved[] = {
      {0x00000000, 0xff000000}, {0x0a000000, 0xff000000}, {0x64400000, 0xffc00000},
      {0x7f000000, 0xff000000}, {0xa9fe0000, 0xffff0000}, {0xac100000, 0xfff00000},
      {0xc0a80000, 0xffff0000}, {0xe0000000, 0xe0000000},
  };
  for (size_t i = 0; i < sizeof reserved / sizeof *reserved; i++)
    if ((address & reserved[i].mask) == reserved[i].network) return 0;
  return 1;
}

/* IPv4 only ("Schema", PLAINTEXT_IP_ADDRESS). */
static relais_str address(batch *b, const relais_event *event) {
  char terminated[INET_ADDRSTRLEN];
  struct in_addr parsed;
  relais_str text = event->ip_override;
  if (!text_blank(text) && text.len < sizeof terminated) {
    memcpy(terminated, text.ptr, text.len);
    terminated[text.len] = '\0';
    if (strlen(terminated) == text.len && inet_pton(AF_INET, terminated, &parsed) == 1 &&
        is_public(ntohl(parsed.s_addr)))
      return text;
  }
  if (b && !text_blank(text)) batch_omit(b, event, LINKEDIN_OMITTED_IP);
  return (relais_str){NULL, 0};
}

static int is_name(relais_str text) {
  return !text_blank(text) && text_characters(text) <= LINKEDIN_MAX_NAME;
}

/* First and last name of one person; both or none ("Schema", userInfo). */
static int names(batch *b, const relais_event *event, relais_str *first, relais_str *last,
                 uint32_t *group) {
  uint32_t of_last = 0;
  *first = identifier(event->user_data, "first_name", "clear", group);
  *last = identifier(event->user_data, "last_name", "clear", &of_last);
  if (is_name(*first) && is_name(*last) && *group == of_last) return 1;
  if (b && (first->ptr || last->ptr)) batch_omit(b, event, LINKEDIN_OMITTED_NAMES);
  return 0;
}

/* urn:li:leadGenFormResponse:<id>, or the id alone. */
static relais_str lead(batch *b, const relais_instance *instance, const relais_event *event) {
  static const char prefix[] = "urn:li:leadGenFormResponse:";
  relais_str text = field_value(&instance->params, "user", "lead", event).text;
  relais_str id = text;
  if (text_blank(text)) return text;
  if (text.len > sizeof prefix - 1 && memcmp(text.ptr, prefix, sizeof prefix - 1) == 0)
    id = (relais_str){text.ptr + sizeof prefix - 1, text.len - (sizeof prefix - 1)};
  int usable = text_visible(id, 128);
  for (size_t i = 0; usable && i < id.len; i++)
    usable = (id.ptr[i] >= '0' && id.ptr[i] <= '9') || (id.ptr[i] >= 'a' && id.ptr[i] <= 'z') ||
             (id.ptr[i] >= 'A' && id.ptr[i] <= 'Z') || id.ptr[i] == '-' || id.ptr[i] == '_';
  if (usable) return id;
  if (b) batch_omit(b, event, LINKEDIN_OMITTED_LEAD);
  return (relais_str){NULL, 0};
}

static void put_id(relais_json *json, const char *type, relais_str value) {
  if (text_blank(value)) return;
  relais_json_begin_object(json);
  relais_json_put_string(json, RELAIS_STR("idType"), text_of(type));
  relais_json_put_string(json, RELAIS_STR("idValue"), value);
  relais_json_end_object(json);
}

static void put_limited(batch *b, const char *name, const relais_event *event) {
  relais_str text = field_value(&b->instance->params, "user.userInfo", name, event).text;
  if (text_characters(text) > LINKEDIN_MAX_INFO) {
    batch_omit(b, event, LINKEDIN_OMITTED_FIELD);
  } else {
    put_text(&b->json, name, text);
  }
}

static void put_country(relais_json *json, const relais_event *event, uint32_t group) {
  for (uint32_t i = 0; i < event->user_data.count; i++) {
    const relais_identifier *one = RELAIS_AT(event->user_data, relais_identifier, i);
    if (!identifier_is(one, "country", "google") || one->group != group || one->value.len != 2)
      continue;
    put_text(json, "countryCode", one->value);
    return;
  }
}

static void put_info(batch *b, const relais_event *event, relais_str first, relais_str last,
                     uint32_t group) {
  relais_json *json = &b->json;
  relais_json_key(json, RELAIS_STR("userInfo"));
  relais_json_begin_object(json);
  put_text(json, "firstName", first);
  put_text(json, "lastName", last);
  put_limited(b, "title", event);
  put_limited(b, "companyName", event);
  put_country(json, event, group);
  relais_json_end_object(json);
}

int linkedin_write_user(batch *b, const relais_instance *instance, const relais_event *event) {
  relais_str first, last, mail = email(event), click = click_id(b, event);
  relais_str ip = address(b, event), form = lead(b, instance, event);
  relais_str external = field_value(&instance->params, "user", "externalIds", event).text;
  if (text_characters(external) > LINKEDIN_MAX_EXTERNAL_ID) {
    external = (relais_str){NULL, 0};
    if (b) batch_omit(b, event, LINKEDIN_OMITTED_FIELD);
  }
  uint32_t group = 0;
  int named = names(b, event, &first, &last, &group);
  int matches = named || !text_blank(mail) || !text_blank(click) || !text_blank(ip) ||
                !text_blank(form) || !text_blank(external);
  if (!b) return matches;
  note_unfit_fields(b, &instance->params, event, LINKEDIN_OMITTED_FIELD);

  relais_json *json = &b->json;
  relais_json_key(json, RELAIS_STR("user"));
  relais_json_begin_object(json);
  relais_json_key(json, RELAIS_STR("userIds"));
  relais_json_begin_array(json);
  put_id(json, "SHA256_EMAIL", mail);
  put_id(json, "LINKEDIN_FIRST_PARTY_ADS_TRACKING_UUID", click);
  put_id(json, "PLAINTEXT_IP_ADDRESS", ip);
  relais_json_end_array(json);
  if (named) put_info(b, event, first, last, group);
  if (!text_blank(external)) {
    relais_json_key(json, RELAIS_STR("externalIds"));
    relais_json_begin_array(json);
    relais_json_string(json, external);
    relais_json_end_array(json);
  }
  if (!text_blank(form)) {
    char urn[27 + 128];
    memcpy(urn, "urn:li:leadGenFormResponse:", 27);
    memcpy(urn + 27, form.ptr, form.len);
    put_text(json, "lead", (relais_str){urn, 27 + form.len});
  }
  relais_json_end_object(json);
  return matches;
}
