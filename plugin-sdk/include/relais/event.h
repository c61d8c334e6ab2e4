/* relais/event.h - the event a destination plugin receives.
 *
 * Part of the Relais plugin ABI, version 1.0. Needs <stddef.h> and <stdint.h> only; valid as C99, C11, C++11 and later,
 * and importable by Swift. SPDX-License-Identifier: Apache-2.0
 *
 * Ownership, for everything in this file: the host owns all of it. Every pointer is valid only until the plugin function
 * it was passed to returns; copy what you keep. Threads: one call per instance at a time, on any thread.
 *
 * Growth: structs that begin with `struct_size`, and elements of a `relais_list` (which carries a stride), may get fields
 * appended in a later minor version. Read a field that is newer than 1.0 only after RELAIS_HAS(). Nothing is ever moved,
 * retyped or removed within version 1. */
#ifndef RELAIS_EVENT_H
#define RELAIS_EVENT_H

#include <stddef.h>
#include <stdint.h>

#ifdef __cplusplus
extern "C" {
#endif

/* ---- The five value types: frozen for ever --------------------------------------------------------------------- */

/* UTF-8 text, NOT terminated by NUL. ptr == NULL: absent. len == 0 with ptr != NULL: present and empty.      since 1.0 */
typedef struct relais_str {
  const char *ptr;
  size_t len; /* bytes */
} relais_str;

/* A sequence of structs. Element i lies at (const char *)ptr + i * stride; use RELAIS_AT, never ptr[i].      since 1.0 */
typedef struct relais_list {
  const void *ptr;
  uint32_t count;
  uint32_t stride; /* bytes from one element to the next; grows when the element type grows */
} relais_list;

/* A number. `text` is a valid JSON number as the sender wrote it: write money from `text`, so that 129.9 stays
 * 129.9; `value` is the nearest double. text.ptr == NULL: absent, and value is 0.                            since 1.0 */
typedef struct relais_number {
  double value;
  relais_str text;
} relais_number;

/* Type of a relais_param. Treat an unknown value as RELAIS_TYPE_STRING.                                      since 1.0 */
typedef int32_t relais_type;
enum {
  RELAIS_TYPE_STRING = 1, /* text */
  RELAIS_TYPE_NUMBER = 2, /* number; text holds the same characters */
  RELAIS_TYPE_BOOL = 3,   /* text is "true" or "false", number.value 1 or 0 */
  RELAIS_TYPE_JSON = 4    /* text is one valid JSON value: an object, an array or null */
};

/* A named value.                                                                                             since 1.0 */
typedef struct relais_param {
  relais_str key;
  relais_type type;
  int32_t reserved; /* 0 */
  relais_number number;
  relais_str text;
} relais_param;

/* One piece of user data, in one of the forms the manifest's `user_data` names; nothing else is passed.
 * kind: "email", "phone", "first_name", "last_name", "street", "city", "region", "postal_code", "country",
 * "external_id", "date_of_birth", "gender". recipe: the normalisation, for instance "lower" or "digits". value: 64
 * lower-case hex digits (SHA-256 of the normal form), or the normal form itself where the recipe is a clear one.
 * group: which of several values of its kind; members of one postal address share a group.                   since 1.0 */
typedef struct relais_identifier {
  relais_str kind;
  relais_str recipe;
  relais_str value;
  uint32_t group;
  uint32_t reserved; /* 0 */
} relais_identifier;

/* ---- The structs that may grow --------------------------------------------------------------------------------- */

/* One item of an e-commerce event, in GA4's vocabulary. An element of relais_event.items (grows by stride).  since 1.0 */
typedef struct relais_item {
  relais_str item_id;
  relais_str item_name;
  relais_str affiliation;
  relais_str coupon;
  relais_str creative_name;
  relais_str creative_slot;
  relais_str item_brand;
  relais_str item_category;
  relais_str item_category2;
  relais_str item_category3;
  relais_str item_category4;
  relais_str item_category5;
  relais_str item_list_id;
  relais_str item_list_name;
  relais_str item_variant;
  relais_str location_id;
  relais_str promotion_id;
  relais_str promotion_name;
  relais_number price;    /* per unit, after discount */
  relais_number quantity;
  relais_number discount; /* per unit */
  relais_number index;    /* position in a list */
  relais_list params;     /* of relais_param: every other member of the item */
} relais_item;

/* Bits of relais_event.flags. Unknown bits are to be ignored.                                                since 1.0 */
enum {
  RELAIS_EVENT_TEST = 1,           /* a test event: use the vendor's test mode where it has one */
  RELAIS_EVENT_REPLAY = 2,         /* sent again on purpose by an operator */
  RELAIS_EVENT_LATE = 4,           /* happened long before it was received */
  RELAIS_EVENT_CONSENT_UPDATE = 8, /* a tag's second copy of an event, sent because consent was given since */
  RELAIS_EVENT_PING = 16           /* consent was refused, and the destination may have a ping (manifest:
                                      "consent": {"degrade": …}): client_id, user_id, session_id, session_number,
                                      ip_override, user_data, user_properties, click_ids and cookies are empty, and
                                      `consent` holds "granted" or "denied" for ad_storage, analytics_storage,
                                      ad_user_data and ad_personalization as the plan decided, not as the sender said */
};

/* One event, as one destination may see it. An element of the list passed to encode().                       since 1.0 */
typedef struct relais_event {
  uint32_t struct_size; /* bytes the host filled; see RELAIS_HAS */
  uint32_t flags;       /* RELAIS_EVENT_* */
  uint32_t attempt;     /* 1 the first time this event is encoded for this destination */
  uint32_t reserved;    /* 0 */

  relais_str event_id;   /* never absent; the same at every attempt, so that the vendor's deduplication works */
  relais_str event_name; /* never absent; GA4's name where there is one, for instance "purchase" */
  relais_str send_as;    /* the vendor's event name asked for by the destination's `events:`; absent: your own mapping */

  int64_t timestamp_micros; /* when it happened: microseconds since 1970-01-01 UTC */
  int64_t received_micros;  /* when the relay received it */

  relais_str site;   /* name of the site in the configuration */
  relais_str source; /* name of the source in the configuration */
  relais_str client; /* the protocol it came by: "gtag" or "relais" */

  relais_str client_id;
  relais_str user_id;
  relais_str session_id;
  relais_number session_number;
  relais_number engagement_time_msec;

  relais_str page_location; /* whole URL */
  relais_str page_referrer;
  relais_str page_title;
  relais_str page_hostname;
  relais_str page_path;
  relais_str language;
  relais_str screen_resolution;
  relais_str viewport_size;

  relais_str ip_override; /* the visitor's address, as far as the site's privacy setting lets it through */
  relais_str user_agent;
  relais_str geo_country; /* ISO 3166-1 alpha-2 */
  relais_str geo_region;  /* ISO 3166-2 without the country */
  relais_str geo_city;

  relais_str currency; /* ISO 4217, upper-case, as the sender gave it */
  relais_str transaction_id;
  relais_str coupon;
  relais_number value;
  relais_number tax;
  relais_number shipping;

  relais_list items;           /* of relais_item */
  relais_list user_data;       /* of relais_identifier */
  relais_list consent;         /* of relais_param: purpose, or "vendors.<name>" -> "granted", "denied", "pending", "unset" */
  relais_list click_ids;       /* of relais_param: "gclid", "fbclid", ... */
  relais_list cookies;         /* of relais_param: "_ga", "_fbp", "_fbc", ... */
  relais_list client_hints;    /* of relais_param: header name in lower case -> value as sent */
  relais_list params;          /* of relais_param: everything else the sender gave */
  relais_list user_properties; /* of relais_param */
  relais_list ga4;             /* of relais_param: the gtag wire's parameters, in order, repeats kept */

  relais_str event_json; /* the event as JSON; only when the manifest says "event_view": "json" */

  relais_list done; /* of relais_str: the parts of the event that an earlier attempt delivered; see RELAIS_REQUEST_PART */
} relais_event;

/* True when the struct at pointer p has field f, that is, when its struct_size reaches to the field's end.   since 1.0 */
#define RELAIS_HAS(p, type, f) \
  ((p)->struct_size >= offsetof(type, f) + sizeof(((const type *)0)->f))

/* Element i of a relais_list as a `const type *`; the caller checks i < list.count.                          since 1.0 */
#define RELAIS_AT(list, type, i) \
  ((const type *)(const void *)((const char *)(list).ptr + (size_t)(i) * (list).stride))

#ifdef __cplusplus
}
#endif

#endif
