#include <relais/jansson.h>

int main(void) {
  relais_str none = {NULL, 0};
  relais_str config = RELAIS_STR("{\"text\": \"a\", \"number\": 7, \"yes\": true, \"list\": "
                                 "[\"x\", 1, \"y\"]}");
  relais_str texts[4];
  json_t *json = relais_jansson_config(config, NULL);
  char *copy = relais_jansson_copy(relais_jansson_string(json, "text", none));
  int wrong = !json || !copy || strcmp(copy, "a") != 0;
  wrong |= relais_jansson_int(json, "number", 0) != 7 || relais_jansson_int(json, "text", -1) != -1;
  wrong |= !relais_jansson_bool(json, "yes", 0) || relais_jansson_bool(NULL, "yes", 1) != 1;
  wrong |= relais_jansson_strings(json, "list", texts, 4) != 2;
  wrong |= relais_jansson_strings(json, "list", texts, 1) != 1;
  wrong |= relais_jansson_string(json, "list", none).ptr != NULL;
  wrong |= relais_jansson_config(RELAIS_STR("[]"), NULL) != NULL;
  wrong |= relais_jansson_config(RELAIS_STR("{\"a\":1,\"a\":2}"), NULL) != NULL;
  free(copy);
  json_decref(json);
  return wrong;
}
