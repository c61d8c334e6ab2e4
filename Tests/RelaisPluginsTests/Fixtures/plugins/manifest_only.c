/* A library with the manifest given as TEXT and, unless NO_ENTRY, an entry of the name ENTRY. */
#include <relais/plugin.h>

RELAIS_MANIFEST(TEXT);

#ifndef NO_ENTRY
RELAIS_EXPORT const relais_plugin *ENTRY(void);
RELAIS_EXPORT const relais_plugin *ENTRY(void) { return 0; }
#endif
