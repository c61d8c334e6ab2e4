/* abi_check.c - the layout of the plugin ABI, version 1, on LP64: sizes, offsets and values that
 * never change.
 *
 * A field appended in a later minor version adds lines here and changes the size of its struct; no
 * other line may change. The headers as they were released lie beside this file (v1.0/).
 * SPDX-License-Identifier: Apache-2.0 */
#include <relais/plugin.h>

#define SIZE(type, bytes) _Static_assert(sizeof(type) == (bytes), "size of " #type)
#define AT(type, field, bytes) _Static_assert(offsetof(type, field) == (bytes), #type "." #field)
#define VALUE(name, number) _Static_assert((name) == (number), #name)

_Static_assert(sizeof(void *) == 8 && sizeof(size_t) == 8, "the table is for LP64");
_Static_assert(RELAIS_ABI_MAJOR == 1 && RELAIS_ABI_MINOR == 0, "version");
_Static_assert(RELAIS_ALL_EVENTS == UINT32_MAX, "RELAIS_ALL_EVENTS");
_Static_assert(sizeof(relais_type) == 4 && sizeof(relais_status) == 4, "codes are 32 bits wide");
_Static_assert(sizeof(relais_level) == 4, "codes are 32 bits wide");
_Static_assert(sizeof(relais_transport) == 4, "codes are 32 bits wide");
_Static_assert(sizeof(relais_verdict_code) == 4, "codes are 32 bits wide");

SIZE(relais_str, 16);
AT(relais_str, ptr, 0);
AT(relais_str, len, 8);

SIZE(relais_list, 16);
AT(relais_list, ptr, 0);
AT(relais_list, count, 8);
AT(relais_list, stride, 12);

SIZE(relais_number, 24);
AT(relais_number, value, 0);
AT(relais_number, text, 8);

SIZE(relais_param, 64);
AT(relais_param, key, 0);
AT(relais_param, type, 16);
AT(relais_param, reserved, 20);
AT(relais_param, number, 24);
AT(relais_param, text, 48);

SIZE(relais_identifier, 56);
AT(relais_identifier, kind, 0);
AT(relais_identifier, recipe, 16);
AT(relais_identifier, value, 32);
AT(relais_identifier, group, 48);
AT(relais_identifier, reserved, 52);

SIZE(relais_item, 400);
AT(relais_item, item_id, 0);
AT(relais_item, item_name, 16);
AT(relais_item, affiliation, 32);
AT(relais_item, coupon, 48);
AT(relais_item, creative_name, 64);
AT(relais_item, creative_slot, 80);
AT(relais_item, item_brand, 96);
AT(relais_item, item_category, 112);
AT(relais_item, item_category2, 128);
AT(relais_item, item_category3, 144);
AT(relais_item, item_category4, 160);
AT(relais_item, item_category5, 176);
AT(relais_item, item_list_id, 192);
AT(relais_item, item_list_name, 208);
AT(relais_item, item_variant, 224);
AT(relais_item, location_id, 240);
AT(relais_item, promotion_id, 256);
AT(relais_item, promotion_name, 272);
AT(relais_item, price, 288);
AT(relais_item, quantity, 312);
AT(relais_item, discount, 336);
AT(relais_item, index, 360);
AT(relais_item, params, 384);

SIZE(relais_event, 728);
AT(relais_event, struct_size, 0);
AT(relais_event, flags, 4);
AT(relais_event, attempt, 8);
AT(relais_event, reserved, 12);
AT(relais_event, event_id, 16);
AT(relais_event, event_name, 32);
AT(relais_event, send_as, 48);
AT(relais_event, timestamp_micros, 64);
AT(relais_event, received_micros, 72);
AT(relais_event, site, 80);
AT(relais_event, source, 96);
AT(relais_event, client, 112);
AT(relais_event, client_id, 128);
AT(relais_event, user_id, 144);
AT(relais_event, session_id, 160);
AT(relais_event, session_number, 176);
AT(relais_event, engagement_time_msec, 200);
AT(relais_event, page_location, 224);
AT(relais_event, page_referrer, 240);
AT(relais_event, page_title, 256);
AT(relais_event, page_hostname, 272);
AT(relais_event, page_path, 288);
AT(relais_event, language, 304);
AT(relais_event, screen_resolution, 320);
AT(relais_event, viewport_size, 336);
AT(relais_event, ip_override, 352);
AT(relais_event, user_agent, 368);
AT(relais_event, geo_country, 384);
AT(relais_event, geo_region, 400);
AT(relais_event, geo_city, 416);
AT(relais_event, currency, 432);
AT(relais_event, transaction_id, 448);
AT(relais_event, coupon, 464);
AT(relais_event, value, 480);
AT(relais_event, tax, 504);
AT(relais_event, shipping, 528);
AT(relais_event, items, 552);
AT(relais_event, user_data, 568);
AT(relais_event, consent, 584);
AT(relais_event, click_ids, 600);
AT(relais_event, cookies, 616);
AT(relais_event, client_hints, 632);
AT(relais_event, params, 648);
AT(relais_event, user_properties, 664);
AT(relais_event, ga4, 680);
AT(relais_event, event_json, 696);
AT(relais_event, done, 712);

SIZE(relais_host, 88);
AT(relais_host, struct_size, 0);
AT(relais_host, abi_minor, 4);
AT(relais_host, ctx, 8);
AT(relais_host, name, 16);
AT(relais_host, version, 32);
AT(relais_host, log, 48);
AT(relais_host, log_enabled, 56);
AT(relais_host, metric, 64);
AT(relais_host, metric_add, 72);
AT(relais_host, extension, 80);

SIZE(relais_call, 72);
AT(relais_call, struct_size, 0);
AT(relais_call, reserved, 4);
AT(relais_call, ctx, 8);
AT(relais_call, now_ms, 16);
AT(relais_call, deadline_ms, 24);
AT(relais_call, batch_id, 32);
AT(relais_call, seed, 40);
AT(relais_call, alloc, 48);
AT(relais_call, cancelled, 56);
AT(relais_call, diagnose, 64);

SIZE(relais_header, 32);
AT(relais_header, name, 0);
AT(relais_header, value, 16);

SIZE(relais_request, 104);
AT(relais_request, struct_size, 0);
AT(relais_request, flags, 4);
AT(relais_request, method, 8);
AT(relais_request, url, 24);
AT(relais_request, headers, 40);
AT(relais_request, body, 56);
AT(relais_request, events, 72);
AT(relais_request, note, 88);

SIZE(relais_verdict, 64);
AT(relais_verdict, struct_size, 0);
AT(relais_verdict, code, 4);
AT(relais_verdict, retry_after_ms, 8);
AT(relais_verdict, reason, 16);
AT(relais_verdict, detail, 32);
AT(relais_verdict, key, 48);

SIZE(relais_output, 32);
AT(relais_output, struct_size, 0);
AT(relais_output, reserved, 4);
AT(relais_output, ctx, 8);
AT(relais_output, request, 16);
AT(relais_output, settle, 24);

SIZE(relais_exchange, 80);
AT(relais_exchange, struct_size, 0);
AT(relais_exchange, flags, 4);
AT(relais_exchange, transport, 8);
AT(relais_exchange, status, 12);
AT(relais_exchange, note, 16);
AT(relais_exchange, headers, 32);
AT(relais_exchange, body, 48);
AT(relais_exchange, event_count, 64);
AT(relais_exchange, reserved, 68);
AT(relais_exchange, elapsed_ms, 72);

SIZE(relais_plugin, 64);
AT(relais_plugin, struct_size, 0);
AT(relais_plugin, abi_minor, 4);
AT(relais_plugin, manifest, 8);
AT(relais_plugin, create, 24);
AT(relais_plugin, destroy, 32);
AT(relais_plugin, encode, 40);
AT(relais_plugin, classify, 48);
AT(relais_plugin, extension, 56);

VALUE(RELAIS_TYPE_STRING, 1);
VALUE(RELAIS_TYPE_NUMBER, 2);
VALUE(RELAIS_TYPE_BOOL, 3);
VALUE(RELAIS_TYPE_JSON, 4);
VALUE(RELAIS_EVENT_TEST, 1);
VALUE(RELAIS_EVENT_REPLAY, 2);
VALUE(RELAIS_EVENT_LATE, 4);
VALUE(RELAIS_EVENT_CONSENT_UPDATE, 8);
VALUE(RELAIS_EVENT_PING, 16);
VALUE(RELAIS_OK, 0);
VALUE(RELAIS_E_FAILED, -1);
VALUE(RELAIS_E_CONFIG, -2);
VALUE(RELAIS_E_NOMEM, -3);
VALUE(RELAIS_E_CANCELLED, -4);
VALUE(RELAIS_E_LIMIT, -5);
VALUE(RELAIS_DEBUG, 1);
VALUE(RELAIS_INFO, 2);
VALUE(RELAIS_WARNING, 3);
VALUE(RELAIS_ERROR, 4);
VALUE(RELAIS_DELIVERED, 1);
VALUE(RELAIS_RETRY, 2);
VALUE(RELAIS_SPLIT, 3);
VALUE(RELAIS_DROP, 4);
VALUE(RELAIS_REJECT, 5);
VALUE(RELAIS_PARK, 6);
VALUE(RELAIS_THROTTLE, 7);
VALUE(RELAIS_AUTH_STOP, 8);
VALUE(RELAIS_TRANSPORT_NONE, 0);
VALUE(RELAIS_TRANSPORT_DNS, 1);
VALUE(RELAIS_TRANSPORT_CONNECT, 2);
VALUE(RELAIS_TRANSPORT_TLS, 3);
VALUE(RELAIS_TRANSPORT_TIMEOUT_BEFORE_SEND, 4);
VALUE(RELAIS_TRANSPORT_TIMEOUT_AFTER_SEND, 5);
VALUE(RELAIS_TRANSPORT_RESET, 6);
VALUE(RELAIS_TRANSPORT_TOO_LARGE, 7);
VALUE(RELAIS_REQUEST_IDEMPOTENT, 1);
VALUE(RELAIS_REQUEST_PART, 2);
VALUE(RELAIS_EXCHANGE_TRUNCATED, 1);

/* The signatures of the functions that cross. */
typedef relais_status create_type(const relais_host *, const relais_call *, relais_str,
                                  relais_instance **);
typedef void destroy_type(relais_instance *);
typedef relais_status encode_type(relais_instance *, const relais_call *, relais_list,
                                  const relais_output *);
typedef relais_status classify_type(relais_instance *, const relais_call *, const relais_exchange *,
                                    const relais_output *);
typedef const void *extension_type(relais_str);
#define SAME(type, field, function) \
  _Static_assert(__builtin_types_compatible_p(__typeof__(((type *)0)->field), function *), \
                 #type "." #field)
SAME(relais_plugin, create, create_type);
SAME(relais_plugin, destroy, destroy_type);
SAME(relais_plugin, encode, encode_type);
SAME(relais_plugin, classify, classify_type);
SAME(relais_plugin, extension, extension_type);

typedef void log_type(void *, relais_level, relais_str);
typedef uint32_t log_enabled_type(void *, relais_level);
typedef uint32_t metric_type(void *, relais_str, relais_str);
typedef void metric_add_type(void *, uint32_t, double);
typedef const void *host_extension_type(void *, relais_str);
SAME(relais_host, log, log_type);
SAME(relais_host, log_enabled, log_enabled_type);
SAME(relais_host, metric, metric_type);
SAME(relais_host, metric_add, metric_add_type);
SAME(relais_host, extension, host_extension_type);

typedef void *alloc_type(void *, size_t, size_t);
typedef uint32_t cancelled_type(void *);
typedef void diagnose_type(void *, relais_level, relais_str, relais_str);
SAME(relais_call, alloc, alloc_type);
SAME(relais_call, cancelled, cancelled_type);
SAME(relais_call, diagnose, diagnose_type);

typedef relais_status request_type(void *, const relais_request *);
typedef relais_status settle_type(void *, uint32_t, const relais_verdict *);
SAME(relais_output, request, request_type);
SAME(relais_output, settle, settle_type);

/* A symbol, so that the object file is not empty. */
extern const uint32_t relais_abi_checked;
const uint32_t relais_abi_checked = RELAIS_ABI_MAJOR << 16 | RELAIS_ABI_MINOR;
