#ifndef RELAIS_C_MAXMIND_H
#define RELAIS_C_MAXMIND_H

#include <stddef.h>
#include <stdint.h>

/* A piece of the database's own memory: valid until it is closed. ptr == NULL: the database does not say. */
typedef struct relais_geo_text {
  const char *ptr;
  size_t length;
} relais_geo_text;

typedef struct relais_geo_place {
  relais_geo_text country; /* ISO 3166-1 alpha-2 */
  relais_geo_text region;  /* ISO 3166-2 without the country, of the largest subdivision */
  relais_geo_text city;    /* its English name */
} relais_geo_place;

typedef struct relais_geo relais_geo;

/* Maps a MaxMind database and looks a few addresses up in it. NULL: `*problem` says why; it is static text. */
relais_geo *relais_geo_open(const char *path, const char **problem);
void relais_geo_close(relais_geo *geo);

/* For instance "GeoLite2-City"; NUL-terminated, valid until the database is closed. */
const char *relais_geo_type(const relais_geo *geo);
/* When it was made, in seconds since 1970. */
uint64_t relais_geo_built(const relais_geo *geo);

/* Looks an address up, written as inet_pton reads it. 1: the database has it; 0: it has not, or it is no address.
 * Thread-safe. */
int relais_geo_find(const relais_geo *geo, const char *address, relais_geo_place *place);

#endif
