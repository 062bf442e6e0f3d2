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
	-fcf-protection -fPIE \
	$(if $(findstring clang,$(CC)),,-ftrivial-auto-var-init=zero) \
	$(if $(filter -O%,$(filter-out -O0,$(CFLAGS))),-U_FORTIFY_SOURCE -D_FORTIFY_SOURCE=3)
CPPFLAGS += -D_GNU_SOURCE -DSPOT_VERSION='"$(VERSION)"' -Icommon -I$(BUILD) \
	-I/usr/include/postgresql
ALL_CFLAGS = -std=c17 -pthread $(WARNINGS) $(HARDENING) $(CFLAGS)
LDFLAGS += -pie -Wl,-z,relro,-z,now -Wl,--as-needed
LDLIBS = -lyajl -lcrypto -lhiredis -lm

BUILD ?= build
REPORT ?= build/report
JOBS ?= $(shell nproc)
PROGRAMS := $(notdir $(patsubst %/,%,$(wildcard cmd/*/)))
BINARIES := $(PROGRAMS:%=$(BUILD)/bin/%)
COMMON := $(patsubst %.c,$(BUILD)/%.o,$(wildcard common/*.c))

all: $(BINARIES) ## build every program into build/bin

help: ## list the targets
	@sed -n 's/^\([a-z-]*\):.*## /\1\t/p' $(MAKEFILE_LIST) | expand -t 14

$(BUILD)/%.o: %.c
	@mkdir -p $(@D)
	$(CC) $(CPPFLAGS) $(ALL_CFLAGS) -MMD -MP -c -o $@ $<

# The table of lockdowns as the bytes of a C array.
$(BUILD)/lockdowns.inc: sql/lockdowns.csv
	@mkdir -p $(@D)
	od -An -v -tx1 $< | sed 's/ \(..\)/0x\1,/g' > $@

$(BUILD)/cmd/etl/windows.o: $(BUILD)/lockdowns.inc

$(BUILD)/libcommon.a: $(COMMON)
	@rm -f $@
	$(AR) rcs $@ $^

# A program is its main file, linked with an archive of its other modules; so
# the tests of tests/unit/PROGRAM and tests/fuzz/PROGRAM can have them too.
define PROGRAM
$(BUILD)/$(1).a: $(patsubst %.c,$(BUILD)/%.o,\
    $(filter-out %/$(1).c,$(wildcard cmd/$(1)/*.c)))
	@mkdir -p $$(@D) && rm -f $$@
	$$(AR) rcs $$@ $$^

$(BUILD)/bin/$(1): $(BUILD)/cmd/$(1)/$(1).o $(BUILD)/$(1).a \
    $(BUILD)/libcommon.a
	@mkdir -p $$(@D)
	$$(CC) $$(ALL_CFLAGS) $$(LDFLAGS) -o $$@ $$^ $$(LDLIBS)

$(BUILD)/tests/unit/$(1)/% $(BUILD)/tests/fuzz/$(1)/%: CPPFLAGS += -Icmd/$(1)
$(BUILD)/tests/unit/$(1)/%: $(BUILD)/tests/unit/$(1)/%.o $(BUILD)/$(1).a \
    $(BUILD)/libcommon.a
	$$(CC) $$(ALL_CFLAGS) $$(LDFLAGS) -o $$@ $$^ $$(LDLIBS)
$(BUILD)/tests/fuzz/$(1)/%: $(BUILD)/tests/fuzz/$(1)/%.o $(BUILD)/$(1).a \
    $(BUILD)/libcommon.a
	$$(CC) $$(ALL_CFLAGS) $$(LDFLAGS) -fsanitize=fuzzer -o $$@ $$^ $$(LDLIBS)
endef
$(foreach program,$(PROGRAMS),$(eval $(call PROGRAM,$(program))))

# Tests
UNITS := $(patsubst %.c,$(BUILD)/%,$(wildcard tests/unit/*.c tests/unit/*/*.c))
FUZZ := $(patsubst %.c,$(BUILD)/%,$(wildcard tests/fuzz/*.c tests/fuzz/*/*.c))

$(BUILD)/tests/unit/% $(BUILD)/tests/fuzz/%: CPPFLAGS += -Itests/unit
$(BUILD)/tests/unit/%: $(BUILD)/tests/unit/%.o $(BUILD)/libcommon.a
	$(CC) $(ALL_CFLAGS) $(LDFLAGS) -o $@ $^ $(LDLIBS)
$(BUILD)/tests/fuzz/%: $(BUILD)/tests/fuzz/%.o $(BUILD)/libcommon.a
	$(CC) $(ALL_CFLAGS) $(LDFLAGS) -fsanitize=fuzzer -o $@ $^ $(LDLIBS)

# The generator of the sample and of benchmark data needs nothing but libc.
GENERATE := $(patsubst %.c,$(BUILD)/%.o,$(wildcard tests/data/*.c))
$(BUILD)/tests/generate: $(GENERATE)
	@mkdir -p $(@D)
	$(CC) $(ALL_CFLAGS) $(LDFLAGS) -o $@ $^

# The replay server.
SIM := $(patsubst %.c,$(BUILD)/%.o,$(wildcard tests/sim/*.c))
$(BUILD)/tests/spot-sim: $(SIM) $(BUILD)/libcommon.a
	@mkdir -p $(@D)
	$(CC) $(ALL_CFLAGS) $(LDFLAGS) -o $@ $^ -lz $(LDLIBS)

# What the tests run besides the programs.
test-tools: $(UNITS) $(BUILD)/tests/generate $(BUILD)/tests/spot-sim

fuzz-tools: $(FUZZ)

# What the programs are measured against, bare clients, and by.
BENCH := $(patsubst %.c,$(BUILD)/%,$(wildcard tests/bench/*.c))
$(BUILD)/tests/bench/%: $(BUILD)/tests/bench/%.o
	$(CC) $(ALL_CFLAGS) $(LDFLAGS) -o $@ $^ $(LDLIBS)

bench-tools: $(BENCH) $(BUILD)/tests/generate $(BUILD)/tests/spot-sim

test: ## install what is missing, build, run every test
	@scripts/bootstrap.sh build run test browser
	@$(MAKE) --no-print-directory -j$(JOBS) all test-tools
	@BUILD=$(BUILD) JOBS=$(JOBS) tests/run $(TESTS)

check: lint test ## lint and test

SANITIZE = -O1 -g -fno-omit-frame-pointer -U_FORTIFY_SOURCE \
	-fsanitize=address,undefined -fno-sanitize-recover=all

sanitize: ## the tests with the address and undefined-behaviour sanitizers
	@$(MAKE) --no-print-directory BUILD=build/sanitize CC=clang \
	    CFLAGS='$(SANITIZE)' test

valgrind: ## the tests of the programs under valgrind's memcheck
	@scripts/bootstrap.sh build run test
	@$(MAKE) --no-print-directory -j$(JOBS) all test-tools
	@JOBS=$(JOBS) tests/valgrind $(TESTS)

coverage: ## what the tests reach: build/coverage/index.html
	@$(MAKE) --no-print-directory BUILD=build/coverage CC=gcc \
	    CFLAGS='-O0 -g --coverage -fprofile-update=atomic' test
	@gcovr --root . --exclude tests/ --html-details build/coverage/index.html \
	    --txt - build/coverage

fuzz: ## each fuzz target for FUZZ_SECONDS (60), or for FUZZ_RUNS executions
	@scripts/bootstrap.sh build run test
	@$(MAKE) --no-print-directory -j$(JOBS) BUILD=build/fuzz CC=clang \
	    CFLAGS='$(SANITIZE:-O1=-O2) -fsanitize=fuzzer-no-link' fuzz-tools
	@JOBS=$(JOBS) tests/fuzz/run $(TARGETS)

chaos: ## kill 200 processes of the pipeline: nothing may be lost
	@scripts/bootstrap.sh build run test
	@$(MAKE) --no-print-directory -j$(JOBS) all test-tools
	@KILLS=200 BUILD=$(BUILD) JOBS=1 tests/run tests/chaos.bats

bench: ## measure against the peers: tests/bench/README.md
	@scripts/bootstrap.sh build run test --bench
	@$(MAKE) --no-print-directory -j$(JOBS) all bench-tools
	@tests/bench/run

bench-spark: ## the section spark of it; 14 GB in TMPDIR
	@scripts/bootstrap.sh build run test --spark
	@$(MAKE) --no-print-directory -j$(JOBS) all test-tools
	@tests/bench/run spark

lint: ## clang-format and -tidy, cppcheck, shellcheck, shfmt, sqlfluff, mandoc, codespell
	@scripts/bootstrap.sh build run test lint
	@$(MAKE) --no-print-directory -j$(JOBS) all
	@JOBS=$(JOBS) scripts/lint.sh

# Installation, each file by a temporary name and a rename

PAGES := $(wildcard cmd/*.[57] cmd/*/*.1 scripts/*.1)
# The scripts that users run: spot-pipeline is scripts/pipeline.sh.
SCRIPTS := pipeline report services spark update

define put # files, folder, mode
$(foreach file,$(1),
	@install -D -m $(3) $(file) $(DESTDIR)$(PREFIX)/$(2)/.$(notdir $(file)).new
	@mv -f $(DESTDIR)$(PREFIX)/$(2)/.$(notdir $(file)).new \
	    $(DESTDIR)$(PREFIX)/$(2)/$(notdir $(file)))
endef

install: all ## install under DESTDIR and PREFIX (/usr/local)
	$(call put,$(BINARIES),bin,755)
	$(foreach n,1 5 7,$(call put,$(filter %.$(n),$(PAGES)),share/man/man$(n),644))
	$(call put,$(wildcard sql/*),share/spot/sql,644)
	$(call put,$(SCRIPTS:%=scripts/%.sh),share/spot/scripts,755)
	$(call put,scripts/etl_spark.py,share/spot/scripts,755)
	$(call put,$(wildcard scripts/report/*),share/spot/scripts/report,644)
	@for script in $(SCRIPTS); do ln -sfn ../share/spot/scripts/$$script.sh \
	    $(DESTDIR)$(PREFIX)/bin/spot-$$script; done
	$(call put,$(wildcard scripts/systemd/*),lib/systemd/system,644)
	@sed -i 's|/usr/local/|$(PREFIX)/|' \
	    $(DESTDIR)$(PREFIX)/lib/systemd/system/spot.service
	$(call put,scripts/completions/spot.bash,share/spot,644)
	$(call put,scripts/completions/_spot,share/zsh/site-functions,644)
	@mkdir -p $(DESTDIR)$(PREFIX)/share/bash-completion/completions
	@for program in $(PROGRAMS); do ln -sfn ../../spot/spot.bash \
	    $(DESTDIR)$(PREFIX)/share/bash-completion/completions/$$program; done

demo: ## run the whole job on a sample, or on DUMP=... FEATURES=... of one's own
	@scripts/bootstrap.sh build run demo
	@$(MAKE) --no-print-directory -sj$(JOBS) all $(BUILD)/tests/generate \
	    $(BUILD)/tests/spot-sim
	@DUMP='$(DUMP)' FEATURES='$(FEATURES)' BUILD=$(BUILD) scripts/demo.sh

dashboard: ## show build/report, or REPORT, on 127.0.0.1:7777
	@test -e $(REPORT)/index.html || { echo "no report yet: scripts/report.sh, or make demo"; exit 2; }
	python3 -m http.server --bind 127.0.0.1 --directory $(REPORT) 7777

test-stack: ## the whole stack on Docker's engines, as root: a quarter of an hour
	@scripts/bootstrap.sh build run browser --engine
	@$(MAKE) --no-print-directory -j$(JOBS) all test-tools
	@tests/stack/run

clean: ## remove build/
	rm -rf build

dist-clean: clean ## the same: nothing is made elsewhere

.PHONY: all help test-tools fuzz-tools bench-tools chaos test check sanitize \
	valgrind coverage fuzz bench bench-spark lint install demo dashboard test-stack \
	clean dist-clean
.SECONDARY:
-include $(shell find $(BUILD) -path $(BUILD)/stack -prune -o -name '*.d' -print 2>/dev/null)
