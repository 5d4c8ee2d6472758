# SPDX-License-Identifier: GPL-2.0-only
# libFuzzer is clang's: built in one go, apart from the other programs.
# All that reads traces, but for main() and the commands.
fuzz_src := tests/fuzz/trace.c $(sort $(filter-out tracepoints/trace.c tracepoints/trace_%.c,$(claimperf-trace.src)))

$(BUILD)/bin/fuzz-trace: $(fuzz_src) $(wildcard tracepoints/*.h lib/*.h) | $(GENERATED)
	@mkdir -p $(@D)
	clang $(CPPFLAGS) -std=gnu11 -O1 -g -DSKEW_RANGE=4096 -DPLACE_BYTES=512 -fsanitize=fuzzer,address,undefined -fno-sanitize-recover=all \
		-fno-omit-frame-pointer -o $@ $(fuzz_src) -ljansson -lzstd
