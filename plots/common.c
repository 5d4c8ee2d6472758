// SPDX-License-Identifier: GPL-2.0-only
/* What the sections share. */
#include <stdlib.h>
#include <string.h>

#include "lib/msg.h"
#include "lib/parse.h"
#include "plots/host_start.h"
#include "plots/html.h"
#include "plots/pictures.h"
#include "plots/report.h"

const char *topology_name(const struct topology *topology, char text[24])
{
	snprintf(text, 24, "%u node%s", topology->nodes, topology->nodes == 1 ? "" : "s");
	return text;
}

const char *side_name(const struct report *report, bool after)
{
	if (report->files)
		return after ? "after" : "before";
	return after ? AFTER_VARIANT : BEFORE_VARIANT;
}

const char *identity(const struct topology *topology, const char *name, bool after)
{
	const struct fingerprint_field *field = fingerprint_find(&topology->fields, name);
	const char *value = !field ? NULL : after ? field->after : field->before;

	return value ? value : "";
}

const char *last_part(const char *name)
{
	const char *slash = strrchr(name, '/');

	return slash ? slash + 1 : name;
}

bool same_family(const char *a, const char *b)
{
	size_t length = (size_t)(last_part(a) - a);

	return length == (size_t)(last_part(b) - b) && !strncmp(a, b, length);
}

const struct comparison_row *find_row(const struct topology *topology, const char *name)
{
	size_t i;

	for (i = 0; i < topology->comparison.nr_rows; i++)
		if (!strcmp(topology->comparison.rows[i].name, name))
			return &topology->comparison.rows[i];
	return NULL;
}

/* The first word that has a digit: "7.2.22" of "QEMU emulator version 7.2.22 (Debian …)". */
static const char *version_word(const char *text, char word[64])
{
	const char *digit = text + strcspn(text, "0123456789"), *start = digit;

	if (!*digit)
		return text;
	while (start > text && start[-1] != ' ')
		start--;
	snprintf(word, 64, "%.*s", (int)strcspn(start, " "), start);
	return word;
}

/* What either side says, as both should. */
static const char *common_identity(const struct topology *t, const char *name)
{
	const char *after = identity(t, name, true);

	return *after ? after : identity(t, name, false);
}

static bool is_host(const struct topology *t)
{
	return *common_identity(t, "host.node_memory");
}

static void set_hypervisor(struct plot *plot, const struct topology *t, const char *variable,
			   bool after)
{
	bool host = is_host(t);
	char text[256] = "";

	if (*identity(t, "hypervisor.variant", after))
		snprintf(text, sizeof(text), "%s: %s, %s %.12s…",
			 identity(t, "hypervisor.variant", after),
			 identity(t, "hypervisor.xen", after), host ? "library" : "image",
			 identity(t, host ? "library_sha256" : "image_sha256", after));
	plot_set(plot, variable, text);
}

static void describe_lab(const struct topology *t, char text[320], const char *parameters)
{
	char name[24], qemu[64], kernel[64];
	uint64_t bytes = 0;

	parse_u64(identity(t, "memory", true), 0, UINT64_MAX, &bytes);
	snprintf(text, 320, "%s, %s CPU, %.3g GiB, %s mode%s%s; QEMU %s, dom0 %s",
		 topology_name(t, name), identity(t, "cpus", true), (double)bytes / (1 << 30),
		 identity(t, "mode", true), *parameters ? ", " : "", parameters,
		 version_word(identity(t, "qemu", true), qemu),
		 version_word(identity(t, "kernel", true), kernel));
}

static void describe_host(const struct topology *t, char text[320], const char *parameters)
{
	const char *nodes = common_identity(t, "nodes"), *cpus = common_identity(t, "node_cpus");
	uint64_t bytes = 0;
	char size[24];

	parse_u64(common_identity(t, "node_memory"), 0, UINT64_MAX, &bytes);
	snprintf(text, 320, "host target, %s node%s of %s and %s CPU%s, heap %s%s%s", nodes,
		 strcmp(nodes, "1") ? "s" : "", size_text(bytes, size), cpus,
		 strcmp(cpus, "1") ? "s" : "", common_identity(t, "history"),
		 *parameters ? ", " : "", parameters);
}

void report_plot_begin(struct report *report, struct plot *plot, const struct topology *topology,
		       const char *script, unsigned int width, unsigned int height,
		       const char *parameters)
{
	char text[320];

	plot_begin(plot, report->root, script, width, height);
	if (is_host(topology))
		describe_host(topology, text, parameters);
	else
		describe_lab(topology, text, parameters);
	plot_set(plot, "caption1", text);
	set_hypervisor(plot, topology, "caption2", false);
	set_hypervisor(plot, topology, "caption3", true);
}

void report_end_plot(struct report *report, struct plot *plot, const char *heading)
{
	if (report->pictures)
		pictures_take(report->pictures, plot, heading);
	else
		plot_end_figure(plot, report->out, heading);
}

void report_plot_begin_traced(struct report *report, struct plot *plot, const struct topology *t,
			      const char *script, unsigned int width, unsigned int height)
{
	struct topology traced = *t;

	if (fingerprint_compare(t->traced_before ? t->traced_before->fingerprint : NULL,
				t->traced_after ? t->traced_after->fingerprint : NULL,
				&traced.fields))
		die(EXIT_USAGE, "out of memory");
	report_plot_begin(report, plot, &traced, script, width, height, "traced");
	fingerprint_free(&traced.fields);
}

void put_row_name(FILE *out, const struct comparison_row *row, bool below_family)
{
	const char *name = below_family ? last_part(row->name) : row->name;
	char *family = strndup(row->name, (size_t)(name - row->name));

	fputs("<th scope=\"row\">", out);
	if (family && *family) {
		fputs("<span class=\"family-of\">", out);
		html_name(out, family);
		fputs("</span>", out);
	}
	free(family);
	html_name(out, name);
	if (row->kind == ROW_REFERENCE) {
		fputs("<small> vs ", out);
		html_text(out, last_part(row->before->name));
		fputs("</small>", out);
	}
	fputs("</th>", out);
}
