#include "CMaxMind.h"

#include <arpa/inet.h>
#include <maxminddb.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>

struct relais_geo {
  MMDB_s database;
};

static const char *const country_path[] = {"country", "iso_code", NULL};
static const char *const region_path[] = {"subdivisions", "0", "iso_code", NULL};
static const char *const city_path[] = {"city", "names", "en", NULL};

/* An absent value is no error; anything else that goes wrong is. */
static int read_text(MMDB_entry_s *entry, const char *const *path, relais_geo_text *text) {
  MMDB_entry_data_s data;
  int status = MMDB_aget_value(entry, &data, path);
  *text = (relais_geo_text){NULL, 0};
  if (status == MMDB_LOOKUP_PATH_DOES_NOT_MATCH_DATA_ERROR) return MMDB_SUCCESS;
  if (status != MMDB_SUCCESS || !data.has_data) return status;
  if (data.type == MMDB_DATA_TYPE_UTF8_STRING && data.data_size > 0) {
    *text = (relais_geo_text){data.utf8_string, data.data_size};
  }
  return MMDB_SUCCESS;
}

static int to_sockaddr(const char *address, struct sockaddr_storage *storage) {
  struct sockaddr_in *four = (struct sockaddr_in *)storage;
  struct sockaddr_in6 *six = (struct sockaddr_in6 *)storage;
  memset(storage, 0, sizeof *storage);
  if (inet_pton(AF_INET, address, &four->sin_addr) == 1) {
    four->sin_family = AF_INET;
    return 1;
  }
  if (inet_pton(AF_INET6, address, &six->sin6_addr) != 1) return 0;
  six->sin6_family = AF_INET6;
  return 1;
}

/* 1 found, 0 not there, -1 the database is damaged. */
static int look_up(const MMDB_s *database, const char *address, relais_geo_place *place) {
  struct sockaddr_storage storage;
  if (!to_sockaddr(address, &storage)) return 0;
  int status = MMDB_SUCCESS;
  MMDB_lookup_result_s result =
      MMDB_lookup_sockaddr(database, (const struct sockaddr *)&storage, &status);
  if (status == MMDB_IPV6_LOOKUP_IN_IPV4_DATABASE_ERROR) return 0;
  if (status != MMDB_SUCCESS) return -1;
  if (!result.found_entry) return 0;
  if (read_text(&result.entry, country_path, &place->country) != MMDB_SUCCESS ||
      read_text(&result.entry, region_path, &place->region) != MMDB_SUCCESS ||
      read_text(&result.entry, city_path, &place->city) != MMDB_SUCCESS) {
    return -1;
  }
  return 1;
}

static int is_sound(const MMDB_s *database) {
  static const char *const addresses[] = {"0.0.0.1", "8.8.8.8", "81.2.69.142", "203.0.113.1",
                                          "255.255.255.254", "2001:4860:4860::8888",
                                          "2a00:1450::1"};
  relais_geo_place place;
  for (size_t i = 0; i < sizeof addresses / sizeof addresses[0]; i++) {
    if (look_up(database, addresses[i], &place) < 0) return 0;
  }
  return 1;
}

relais_geo *relais_geo_open(const char *path, const char **problem) {
  relais_geo *geo = calloc(1, sizeof *geo);
  if (!geo) {
    *problem = "there is no memory for it";
    return NULL;
  }
  int status = MMDB_open(path, MMDB_MODE_MMAP, &geo->database);
  if (status != MMDB_SUCCESS) {
    *problem = MMDB_strerror(status);
    free(geo);
    return NULL;
  }
  if (!is_sound(&geo->database)) {
    *problem = "its data cannot be read";
    relais_geo_close(geo);
    return NULL;
  }
  return geo;
}

void relais_geo_close(relais_geo *geo) {
  MMDB_close(&geo->database);
  free(geo);
}

const char *relais_geo_type(const relais_geo *geo) { return geo->database.metadata.database_type; }

uint64_t relais_geo_built(const relais_geo *geo) { return geo->database.metadata.build_epoch; }

int relais_geo_find(const relais_geo *geo, const char *address, relais_geo_place *place) {
  return look_up(&geo->database, address, place) == 1;
}
