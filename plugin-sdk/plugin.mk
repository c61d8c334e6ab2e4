# plugin.mk - builds a destination plugin written in C: $(PLUGIN).so from *.c and manifest.json.
#
#     # Makefile
#     PLUGIN = acme
#     include $(shell pkg-config --variable=plugin_mk relais-plugin)
#
# or without a Makefile: make -f "$(pkg-config --variable=plugin_mk relais-plugin)" PLUGIN=acme
#
# The source says `RELAIS_MANIFEST_FILE("manifest.json");`, or `RELAIS_MANIFEST(RELAIS_MANIFEST_JSON);` after
# `#include "manifest.h"`, which is generated from manifest.json: that file alone says what the manifest is, and the ELF
# section holds exactly its bytes.
#
# What may be set before the include, or on the command line:
#   CC            gcc or clang
#   SOURCES       the C files; all of this folder otherwise
#   LIBRARIES     pkg-config names; jansson otherwise
#   OUT           where the result goes; build otherwise
#   CFLAGS        optimisation and the like; -O2 -g otherwise
#   SANITIZE      for instance address,undefined: a build for tests, whose runtime comes from the program that loads it
#   WERROR        -Werror, to make warnings errors
#
# Targets: all (the plugin), clean. Nothing but `make`, a compiler, `od` and `awk` is needed.

PLUGIN ?= $(error PLUGIN is not set: give it the id of the manifest before plugin.mk is included)
SOURCES ?= $(wildcard *.c)
LIBRARIES ?= jansson
OUT ?= build
CFLAGS ?= -O2 -g
PKG_CONFIG ?= pkg-config

RELAIS_SDK := $(patsubst %/,%,$(dir $(lastword $(MAKEFILE_LIST))))
# Beside this file in the sources, PREFIX/include where it is installed as PREFIX/share/relais/plugin.mk.
RELAIS_INCLUDE := $(firstword $(wildcard $(RELAIS_SDK)/include $(RELAIS_SDK)/../../include))

plugin_objects = $(patsubst %.c,$(OUT)/%.o,$(SOURCES))
plugin_compile = -std=gnu17 -fPIC -fvisibility=hidden -Wall -Wextra $(WERROR) -I$(RELAIS_INCLUDE) -I$(OUT) \
  $(if $(LIBRARIES),$(shell $(PKG_CONFIG) --cflags $(LIBRARIES)))
plugin_link = -shared -Wl,-soname,$(PLUGIN).so -Wl,-z,now -Wl,-z,relro \
  -Wl,--version-script=$(RELAIS_SDK)/relais_plugin.map
plugin_libraries = $(if $(LIBRARIES),$(shell $(PKG_CONFIG) --libs $(LIBRARIES)))
ifeq ($(SANITIZE),)
  plugin_link += -Wl,-z,defs
else
  plugin_compile += -fsanitize=$(SANITIZE) -fno-sanitize-recover=all -fno-omit-frame-pointer
  plugin_link += -fsanitize=$(SANITIZE)
endif

.PHONY: all clean
all: $(OUT)/$(PLUGIN).so

$(OUT)/$(PLUGIN).so: $(plugin_objects) $(RELAIS_SDK)/relais_plugin.map
	$(CC) $(CFLAGS) $(plugin_link) $(LDFLAGS) $(plugin_objects) -o $@ $(plugin_libraries)

# The compiler notes which headers a source reads, wherever they lie.
$(OUT)/%.o: %.c $(OUT)/manifest.h $(RELAIS_SDK)/plugin.mk
	$(CC) $(plugin_compile) $(CFLAGS) -MMD -MP -c $< -o $@

-include $(plugin_objects:.o=.d)

# A string literal of octal escapes, one source line for each 16 bytes, so that any byte is taken as it is.
$(OUT)/manifest.h: manifest.json
	@mkdir -p $(OUT)
	@{ printf '/* Made from manifest.json. */\n#define RELAIS_MANIFEST_JSON'; \
	  od -An -v -to1 manifest.json | awk '{ line = ""; for (i = 1; i <= NF; i++) line = line "\\" $$i; \
	    if (line != "") printf " \\\n  \"%s\"", line } END { print "" }'; } > $@.new
	@mv $@.new $@

clean:
	rm -f $(OUT)/$(PLUGIN).so $(OUT)/manifest.h $(plugin_objects) $(plugin_objects:.o=.d)
