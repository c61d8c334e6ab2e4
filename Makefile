# Relais. `make help` lists what can be done.

DIST := $(CURDIR)/dist
WORK := $(CURDIR)/.build/c
CC ?= cc
CFLAGS ?= -O2 -g
PLUGINS := ga4 meta linkedin tiktok
PREFIX ?= /opt/relais

host_sources := $(wildcard Sources/relais-plugin-host/*.c Sources/CRelaisHost/*.c)
host_headers := $(wildcard Sources/relais-plugin-host/*.h Sources/CRelaisHost/*.h Sources/CRelaisHost/include/*.h \
  plugin-sdk/include/relais/*.h)
plugin_files := $(addprefix $(DIST)/plugins/,$(addsuffix .so,$(PLUGINS)))

.DEFAULT_GOAL := help
.PHONY: help quickstart build plugins install uninstall dependencies test fuzz bench lint clean

help: ## List these targets
	@awk -F ':.*## ' '/^[a-z-]+:.*## / { printf "  make %-12s %s\n", $$1, $$2 }' $(firstword $(MAKEFILE_LIST))

quickstart: build ## Build, then run the sandbox and the relay with the demo (ONCE=1: end by itself)
	@ONCE='$(ONCE)' KEEP='$(KEEP)' scripts/quickstart.sh

dependencies: ## Check for what a build needs; install missing Debian packages
	@scripts/dependencies.sh

build: dependencies plugins ## Build a release into dist/, which runs from anywhere
	@scripts/build.sh '$(DIST)'

plugins: $(DIST)/bin/relais-plugin-host $(plugin_files) ## Build the C parts only: the plugins and the process they run in

install: $(if $(BINARY),plugins,build) ## Install into PREFIX (/opt/relais); BINARY=…: take this built relais, DESTDIR=… for packages
	@scripts/install.sh install '$(or $(BINARY),$(DIST)/bin/relais)' '$(DIST)' '$(PREFIX)' '$(DESTDIR)'

uninstall: ## Remove what install put into PREFIX; plugins of your own stay
	@scripts/install.sh uninstall '$(PREFIX)' '$(DESTDIR)'

test: ## Run everything there is to test
	@scripts/test.sh

fuzz: ## Throw mutated inputs at everything that reads, FUZZ_SECONDS=60 each; FUZZ=name or pattern, SEED=…
	@scripts/fuzz.sh

bench: build ## Measure the targets against nginx with wrk (ONLY=group PAIRS=5 SECONDS_EACH=4 JSON=file)
	@ONLY='$(ONLY)' PAIRS='$(PAIRS)' SECONDS_EACH='$(SECONDS_EACH)' BACKLOG='$(BACKLOG)' JSON='$(JSON)' scripts/bench.sh '$(DIST)'

lint: ## Check format, warnings and the rules of the house
	@scripts/lint.sh

clean: ## Remove everything that was built
	rm -rf '$(DIST)' .build

$(DIST)/bin/relais-plugin-host: $(host_sources) $(host_headers)
	@install -d -m 755 '$(DIST)/bin'
	@$(CC) -std=gnu17 $(CFLAGS) -Wall -Wextra $(WERROR) -ISources/CRelaisHost/include -ISources/CRelaisHost \
	  -Iplugin-sdk/include $(host_sources) -o '$@' $(LDFLAGS) -ldl

# plugin.mk knows what a plugin depends on, so it is asked every time.
$(DIST)/plugins/%.so: always
	@install -d -m 755 '$(DIST)/plugins'
	@$(MAKE) -s -C Plugins/$* -f '$(CURDIR)/plugin-sdk/plugin.mk' PLUGIN=$* OUT='$(WORK)/$*' CC='$(CC)' \
	  CFLAGS='$(CFLAGS)' WERROR='$(WERROR)' LDFLAGS='$(LDFLAGS)'
	@cmp -s '$(WORK)/$*/$*.so' '$@' || install -m 755 '$(WORK)/$*/$*.so' '$@'

.PHONY: always
always:
