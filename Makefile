# SPDX-License-Identifier: GPL-2.0-only
#
# make report   build two hypervisors, boot, measure, compare; ends with the path of an HTML report
# make check    the tests             make check-long   those that take longer
# make check-reach   those that need services, which they start on loopback and stop
# make mutants   faults put into the claim code, which the tests must find
# make bench-trace   how fast traces are read, synthetic ones or TRACE=FILE
# make install   copies what runs without a checkout to PREFIX (/usr/local)      make deb   the same as a Debian package
# make bin      the programs only          make clean   removes build/, keeps results
#
# Each folder names its programs in FOLDER/*.mk:
#   PROGS, UNITS (cmocka tests), PLUGINS += NAME;  NAME.src, .cflags, .ldflags, .ldlibs;  GENERATED headers

MAKEFLAGS += --no-builtin-rules
.DEFAULT_GOAL := bin
.DELETE_ON_ERROR:

BUILD ?= build
CC := gcc
CXX := g++
WARN := -Wall -Wextra -Wshadow -Wmissing-prototypes -Wstrict-prototypes -Wundef -Wformat=2 -Werror
CPPFLAGS := -I. -I$(BUILD)/gen -D_GNU_SOURCE
CFLAGS := -std=gnu11 -O2 -g $(WARN)
CXXFLAGS := -std=gnu++17 -O2 -g -Wall -Wextra -Werror
LDFLAGS :=
# The libraries of another Xen than Debian's, as scripts/lab/tools builds them; libxenhypfs, whose interface is stable, is the
# machine's, and must not get the others from here.
ifdef XEN_TOOLS
CPPFLAGS := -I$(XEN_TOOLS)/include $(CPPFLAGS)
LDFLAGS += -L$(XEN_TOOLS)/lib -Wl,--exclude-libs,ALL
xen_needs := $(addprefix -lxen,devicemodel gnttab evtchn foreignmemory call toollog toolcore)
endif
ifdef SAN
san_flags := -fsanitize=$(SAN) -fno-sanitize-recover=all -fno-omit-frame-pointer
CFLAGS += $(san_flags)
CXXFLAGS += $(san_flags)
LDFLAGS += -fsanitize=$(SAN)
endif

PROGS :=
UNITS :=
PLUGINS :=
GENERATED :=
include $(wildcard */*.mk)

programs := $(addprefix $(BUILD)/bin/,$(PROGS))
units := $(addprefix $(BUILD)/bin/,$(UNITS))
plugins := $(patsubst %,$(BUILD)/lib/%.so,$(PLUGINS))
objs = $(patsubst %,$(BUILD)/obj/%.o,$(basename $(filter %.c %.cc,$(1))))

define link_rule
$(BUILD)/bin/$(1): $(call objs,$($(1).src))
$(call objs,$($(1).src)): private_cflags = $$($(1).cflags)
endef
define plugin_rule
$(BUILD)/lib/$(1).so: $(patsubst %.c,$(BUILD)/pic/%.o,$($(1).src))
endef
$(foreach p,$(PROGS) $(UNITS),$(eval $(call link_rule,$(p))))
$(foreach p,$(PLUGINS),$(eval $(call plugin_rule,$(p))))

.PHONY: bin units report check check-long check-reach mutants bench-trace deps install deb clean
bin: $(programs) $(plugins)
units: $(units)

$(programs) $(units):
	@mkdir -p $(@D)
	$(CC) $(LDFLAGS) $($(@F).ldflags) -o $@ $(filter %.o,$^) $($(@F).ldlibs) $(xen_needs) \
		$(if $(filter $(@F),$(UNITS)),-lcmocka) $(if $(filter %/pack.o,$^),-lzstd)

$(plugins):
	@mkdir -p $(@D)
	$(CC) -shared $(LDFLAGS) -o $@ $^

$(BUILD)/obj/%.o: %.c | $(GENERATED)
	@mkdir -p $(@D)
	$(CC) $(CPPFLAGS) $(CFLAGS) $(private_cflags) -MMD -MP -c -o $@ $<

$(BUILD)/obj/%.o: %.cc | $(GENERATED)
	@mkdir -p $(@D)
	$(CXX) $(CPPFLAGS) $(CXXFLAGS) -MMD -MP -c -o $@ $<

$(BUILD)/pic/%.o: %.c | $(GENERATED)
	@mkdir -p $(@D)
	$(CC) $(CPPFLAGS) $(CFLAGS) -fPIC -MMD -MP -c -o $@ $<

-include $(shell find $(BUILD)/obj $(BUILD)/pic -name '*.d' 2>/dev/null)

deps:
	@scripts/deps tests

report:
	@scripts/deps
	@scripts/measure

check: deps
	@tests/run

check-long: deps
	@tests/run $(patsubst tests/%.sh,%,$(wildcard tests/long/*.sh))

check-reach:
	@scripts/deps reach
	@tests/run $(patsubst tests/%.sh,%,$(wildcard tests/reach/*.sh))

mutants: deps
	@tests/mutants/run

# What runs without a checkout, to $(DESTDIR)$(PREFIX); as a Debian package, in build/.
PREFIX ?= /usr/local
install: bin
	@BUILD=$(BUILD) scripts/install $(PREFIX) $(DESTDIR)

deb:
	@scripts/deps deb
	@$(MAKE) -s bin
	@BUILD=$(BUILD) scripts/deb

bench-trace: deps
	@scripts/bench-trace

clean:
	rm -rf $(BUILD)
