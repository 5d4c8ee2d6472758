// SPDX-License-Identifier: GPL-2.0-only
/* What was compared: the fingerprints of both sides on all topologies. */
#include <string.h>

#include "plots/html.h"
#include "plots/report.h"

/* People's words for the fields that everyone asks about; others keep their names. */
static const struct {
	const char *name, *label;
} labels[] = {
	{"hypervisor.variant", "Hypervisor"},
	{"hypervisor.xen", "Xen source"},
	{"hypervisor.patches", "Patches applied"},
	{"hypervisor.patches_sha256", "Patches (SHA-256)"},
	{"hypervisor.extra_patches", "Patches given by hand"},
	{"hypervisor.image_sha256", "Image (SHA-256)"},
	{"hypervisor.config_sha256", "Xen configuration (SHA-256)"},
	{"hypervisor.compiler", "Compiler"},
	{"hypervisor.key", "Build key"},
	{"dialect", "Claim interface"},
	{"qemu", "QEMU"},
	{"kernel", "dom0 kernel"},
	{"nodes", "NUMA nodes"},
	{"cpus", "CPUs"},
	{"memory", "Memory, bytes"},
	{"mode", "Mode"},
	{"initramfs_sha256", "initramfs (SHA-256)"},
	{"suite", "claimperf"},
	{"target", "Target"},
	{"machines", "Fresh machines per case"},
	{"samples", "Samples per case"},
	{"unit", "Unit"},
};

#define NR_LABELS (sizeof(labels) / sizeof(labels[0]))

static const char *value_of(const struct topology *t, const char *path, bool after)
{
	const struct fingerprint_field *field = fingerprint_find(&t->fields, path);
	const char *value = !field ? NULL : after ? field->after : field->before;

	return value ? value : "–";
}

static bool same_everywhere(const struct report *report, const char *path, bool after)
{
	size_t i;

	for (i = 1; i < report->nr_topologies; i++)
		if (strcmp(value_of(&report->topologies[0], path, after),
			   value_of(&report->topologies[i], path, after)))
			return false;
	return true;
}

static void put_value(const struct report *report, const char *path, bool after)
{
	char name[24];
	size_t i;

	fputs("<td>", report->out);
	if (same_everywhere(report, path, after)) {
		html_text(report->out, value_of(&report->topologies[0], path, after));
	} else {
		for (i = 0; i < report->nr_topologies; i++) {
			const struct topology *t = &report->topologies[i];

			fprintf(report->out, "%s%s: ", i ? "<br/>" : "", topology_name(t, name));
			html_text(report->out, value_of(t, path, after));
		}
	}
	fputs("</td>", report->out);
}

static bool differs_anywhere(const struct report *report, const char *path)
{
	size_t i;

	for (i = 0; i < report->nr_topologies; i++)
		if (strcmp(value_of(&report->topologies[i], path, false),
			   value_of(&report->topologies[i], path, true)))
			return true;
	return false;
}

static void put_field(const struct report *report, const char *path, const char *label)
{
	FILE *out = report->out;
	bool differs = differs_anywhere(report, path);

	fprintf(out, "<tr><th scope=\"row\">%s", differs ? "≠ " : "");
	html_text(out, label);
	fputs("</th>", out);
	put_value(report, path, false);
	put_value(report, path, true);
	fputs("</tr>\n", out);
}

/* Has a field of that path a label of its own? */
static bool is_labelled(const struct topology *t, const struct fingerprint_field *field)
{
	size_t i;

	for (i = 0; i < NR_LABELS; i++)
		if (fingerprint_find(&t->fields, labels[i].name) == field)
			return true;
	return false;
}

void section_identity(struct report *report)
{
	const struct topology *t = &report->topologies[0];
	FILE *out = report->out;
	size_t i;

	fputs("<section id=\"identity\"><h2>What was compared</h2>\n"
	      "<p>≠ marks what differs between the two.</p>\n"
	      "<div class=\"wide\"><table class=\"identity\"><thead><tr><th scope=\"col\"></th><th "
	      "scope=\"col\">",
	      out);
	fprintf(out, "%s</th><th scope=\"col\">%s</th></tr></thead><tbody>\n",
		side_name(report, false), side_name(report, true));
	for (i = 0; i < NR_LABELS; i++) {
		const struct fingerprint_field *field =
			fingerprint_find(&t->fields, labels[i].name);

		if (field)
			put_field(report, field->path, labels[i].label);
	}
	for (i = 0; i < t->fields.nr; i++)
		if (!is_labelled(t, &t->fields.fields[i]))
			put_field(report, t->fields.fields[i].path, t->fields.fields[i].path);
	fputs("</tbody></table></div></section>\n", out);
}
