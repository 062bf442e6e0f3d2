# spot: build, test and install the filters.  "make help" lists the targets.
#
# Every folder cmd/NAME is a program made of its *.c and of libcommon.a;
# everything built goes under build/.

PREFIX ?= /usr/local
VERSION = 1.0.0

CC ?= cc
CFLAGS ?= -O3 -g
WARNINGS = -Wall -Wextra -Wpedantic -Wshadow -Wconversion -Wsign-conversion \
	-Wstrict-prototypes -Wmissing-prototypes -Wold-style-definition \
	-Wwrite-strings -Wcast-qual -Wformat=2 -Wundef -Wvla \
	-Wnull-dereference $(if $(CI),-Werror)
HARDENING = -fstack-protector-strong -fstack-clash-protection \
	-fcf-protection -ftrivial-auto-var-init=zero -fPIE \
	$(if $(filter -O%,$(filter-out -O0,$(CFLAGS))),-U_FORTIFY_SOURCE -D_FORTIFY_SOURCE=3)
CPPFLAGS += -D_GNU_SOURCE -DSPOT_VERSION='"$(VERSION)"' -Icommon \
	-I/usr/include/postgresql
ALL_CFLAGS = -std=gnu17 -pthread $(WARNINGS) $(HARDENING) $(CFLAGS)
LDFLAGS += -pie -Wl,-z,relro,-z,now -Wl,--as-needed
LDLIBS = -lyajl -lcurl -lhiredis -lpq -lm

BUILD ?= build
PROGRAMS := $(notdir $(patsubst %/,%,$(wildcard cmd/*/)))
BINARIES := $(PROGRAMS:%=$(BUILD)/bin/%)
COMMON := $(patsubst %.c,$(BUILD)/%.o,$(wildcard common/*.c))

all: $(BINARIES) ## build every program into build/bin

help: ## list the targets
	@sed -n 's/^\([a-z-]*\):.*## /\1\t/p' $(MAKEFILE_LIST) | expand -t 14

$(BUILD)/%.o: %.c
	@mkdir -p $(@D)
	$(CC) $(CPPFLAGS) $(ALL_CFLAGS) -MMD -MP -c -o $@ $<

$(BUILD)/libcommon.a: $(COMMON)
	@rm -f $@
	$(AR) rcs $@ $^

define PROGRAM
$(BUILD)/bin/$(1): $(patsubst %.c,$(BUILD)/%.o,$(wildcard cmd/$(1)/*.c)) \
    $(BUILD)/libcommon.a
	@mkdir -p $$(@D)
	$$(CC) $$(ALL_CFLAGS) $$(LDFLAGS) -o $$@ $$^ $$(LDLIBS)
endef
$(foreach program,$(PROGRAMS),$(eval $(call PROGRAM,$(program))))

# The generator of the sample and of benchmark data needs nothing but libc.
GENERATE := $(patsubst %.c,$(BUILD)/%.o,$(wildcard tests/data/*.c))
$(BUILD)/tests/generate: $(GENERATE)
	@mkdir -p $(@D)
	$(CC) $(ALL_CFLAGS) $(LDFLAGS) -o $@ $^

clean: ## remove build/
	rm -rf $(BUILD)

.PHONY: all help clean
-include $(shell find $(BUILD) -name '*.d' 2>/dev/null)
