#include <stddef.h>

#include "record.h"

#define SCALAR(key, type, name, member) [key] = {name, (uint16_t)offsetof(host_event, member), type}

const host_field host_event_fields[HOST_EVENT_FIELDS] = {
    SCALAR(1, HOST_TEXT, "event_name", event.event_name),
    SCALAR(2, HOST_TEXT, "event_id", event.event_id),
    SCALAR(3, HOST_INTEGER, "timestamp_micros", event.timestamp_micros),
    SCALAR(4, HOST_INTEGER, "received_micros", event.received_micros),
    SCALAR(5, HOST_TEXT, "site", event.site),
    SCALAR(6, HOST_TEXT, "source", event.source),
    SCALAR(7, HOST_TEXT, "client", event.client),
    SCALAR(8, HOST_TEXT, "client_id", event.client_id),
    SCALAR(9, HOST_TEXT, "user_id", event.user_id),
    SCALAR(10, HOST_TEXT, "session_id", event.session_id),
    SCALAR(11, HOST_NUMBER, "session_number", event.session_number),
    SCALAR(12, HOST_NUMBER, "engagement_time_msec", event.engagement_time_msec),
    SCALAR(13, HOST_TEXT, "page_location", event.page_location),
    SCALAR(14, HOST_TEXT, "page_referrer", event.page_referrer),
    SCALAR(15, HOST_TEXT, "page_title", event.page_title),
    SCALAR(16, HOST_TEXT, "page_hostname", event.page_hostname),
    SCALAR(17, HOST_TEXT, "page_path", event.page_path),
    SCALAR(18, HOST_TEXT, "language", event.language),
    SCALAR(19, HOST_TEXT, "screen_resolution", event.screen_resolution),
    SCALAR(20, HOST_TEXT, "viewport_size", event.viewport_size),
    SCALAR(21, HOST_TEXT, "ip_override", event.ip_override),
    SCALAR(22, HOST_TEXT, "user_agent", event.user_agent),
    SCALAR(23, HOST_TEXT, "geo_country", event.geo_country),
    SCALAR(24, HOST_TEXT, "geo_region", event.geo_region),
    SCALAR(25, HOST_TEXT, "geo_city", event.geo_city),
    SCALAR(26, HOST_TEXT, "currency", event.currency),
    SCALAR(27, HOST_TEXT, "transaction_id", event.transaction_id),
    SCALAR(28, HOST_TEXT, "coupon", event.coupon),
    SCALAR(29, HOST_NUMBER, "value", event.value),
    SCALAR(30, HOST_NUMBER, "tax", event.tax),
    SCALAR(31, HOST_NUMBER, "shipping", event.shipping),
    SCALAR(32, HOST_TEXT, "consent_origin", consent_origin),
    SCALAR(33, HOST_TEXT, "assumed_country", assumed_country),
    SCALAR(34, HOST_NUMBER, "bot_score", bot_score),
    SCALAR(35, HOST_TEXT, "bot_reasons", bot_reasons),
};

#undef SCALAR
#define SCALAR(key, type, member) \
  [key - HOST_FIRST_ITEM_KEY] = {#member, (uint16_t)offsetof(relais_item, member), type}

const host_field host_item_fields[HOST_ITEM_FIELDS] = {
    SCALAR(64, HOST_TEXT, item_id),
    SCALAR(65, HOST_TEXT, item_name),
    SCALAR(66, HOST_TEXT, affiliation),
    SCALAR(67, HOST_TEXT, coupon),
    SCALAR(68, HOST_TEXT, creative_name),
    SCALAR(69, HOST_TEXT, creative_slot),
    SCALAR(70, HOST_TEXT, item_brand),
    SCALAR(71, HOST_TEXT, item_category),
    SCALAR(72, HOST_TEXT, item_category2),
    SCALAR(73, HOST_TEXT, item_category3),
    SCALAR(74, HOST_TEXT, item_category4),
    SCALAR(75, HOST_TEXT, item_category5),
    SCALAR(76, HOST_TEXT, item_list_id),
    SCALAR(77, HOST_TEXT, item_list_name),
    SCALAR(78, HOST_TEXT, item_variant),
    SCALAR(79, HOST_TEXT, location_id),
    SCALAR(80, HOST_TEXT, promotion_id),
    SCALAR(81, HOST_TEXT, promotion_name),
    SCALAR(82, HOST_NUMBER, price),
    SCALAR(83, HOST_NUMBER, quantity),
    SCALAR(84, HOST_NUMBER, discount),
    SCALAR(85, HOST_NUMBER, index),
};
