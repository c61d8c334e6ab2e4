/* A table that is wrong in the way that WRONG names. */
#define ID "table"
#include "support.h"

#define WRONG_MANIFEST 1
#define WRONG_SIZE 2
#define WRONG_FUNCTION 3
#define WRONG_NULL 4
#define WRONG_INSTANCE 5

RELAIS_MANIFEST(MANIFEST);
static const char other_manifest[] = "{}";

static relais_status create(const relais_host *host, const relais_call *call, relais_str config,
                            relais_instance **out) {
  if (WRONG == WRONG_INSTANCE) return RELAIS_OK;
  return support_create(host, call, config, out);
}

RELAIS_EXPORT const relais_plugin *relais_plugin_entry_v1(void) {
  static relais_plugin table = {sizeof(relais_plugin), 0,    {relais_manifest_text, sizeof(relais_manifest_text) - 1},
                                create,                support_destroy, support_encode, NULL, NULL};
  if (WRONG == WRONG_MANIFEST) table.manifest = (relais_str){other_manifest, 2};
  if (WRONG == WRONG_SIZE) table.struct_size = 12;
  if (WRONG == WRONG_FUNCTION) table.encode = NULL;
  return WRONG == WRONG_NULL ? NULL : &table;
}
