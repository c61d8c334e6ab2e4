/* A shared library that is no plugin. */
int relais_plugin_entry_v1(void);
int relais_plugin_entry_v1(void) { return 0; }
