# SPDX-License-Identifier: GPL-2.0-only
# libFuzzer is clang's: built in one go, apart from the other programs.
fuzz_src := tests/fuzz/trace.c $(trace_lib) $(filter-out tracepoints/trace.c,$(trace_print))

$(BUILD)/bin/fuzz-trace: $(fuzz_src) $(wildcard tracepoints/*.h lib/*.h) | $(GENERATED)
	@mkdir -p $(@D)
	clang $(CPPFLAGS) -std=gnu11 -O1 -g $(WARN) -fsanitize=fuzzer,address,undefined -fno-sanitize-recover=all \
		-fno-omit-frame-pointer -o $@ $(fuzz_src) -ljansson -lzstd
