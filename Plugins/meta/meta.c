/* Meta Conversions API: the plugin's table. SPDX-License-Identifier: Apache-2.0 */
#include "meta.h"

#include "manifest.h"

static relais_status meta_create(const relais_host *host, const relais_call *call,
                                 relais_str config, relais_instance **out) {
  (void)host;
  return config_create(call, config, sizeof **out, meta_read_config, meta_destroy, out);
}

RELAIS_MANIFEST(RELAIS_MANIFEST_JSON);
RELAIS_PLUGIN(meta_create, meta_destroy, meta_encode, meta_classify);
