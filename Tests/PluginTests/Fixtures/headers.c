#include <relais/plugin.h>
#include <relais/json.h>

static const relais_str name = {"name", 4};

static void *no_memory(void *ctx, size_t size, size_t align) {
  (void)ctx;
  (void)size;
  (void)align;
  return NULL;
}

int main(void) {
  relais_call call;
  relais_json json;
  relais_list list = {NULL, 0, 0};
  relais_str literal = RELAIS_STR("literal");
  memset(&call, 0, sizeof call);
  call.struct_size = sizeof call;
  call.alloc = no_memory;
  relais_json_start(&json, &call, 64);
  relais_json_begin_object(&json);
  relais_json_put_string(&json, name, literal);
  relais_json_end_object(&json);
  if (relais_json_finish(&json).ptr || json.error != RELAIS_JSON_E_NOMEM) return 1;
  if (!RELAIS_HAS(&call, relais_call, diagnose)) return 2;
  if (RELAIS_AT(list, relais_event, 0)) return 3;
  return 0;
}
