// SPDX-License-Identifier: GPL-2.0-only
#include <inttypes.h>
#include <stdlib.h>
#include <string.h>

#include "scripts/lab/lab.h"

/* Text of another program or file, made fit for a JSON string: its first lines, joined. */
static char *one_line(const struct buffer *text, unsigned int lines)
{
	struct buffer b = { 0 };
	size_t i;

	for (i = 0; i < text->size && lines; i++) {
		unsigned char c = text->data[i];

		if (c == '\n' && !--lines)
			break;
		if (c == '\n')
			c = ' ';
		if (c == '"' || c == '\\' || c < ' ')
			continue;
		buffer_add(&b, &c, 1);
	}
	buffer_add(&b, "", 0);
	return b.data;
}

/* A snapshot remembers who made it: asking QEMU takes as long as a tenth of a run. */
char *fingerprint_qemu(const struct lab *lab)
{
	char *argv[] = { (char *)machine_qemu(), "--version", NULL };
	char *path = format("%s/qemu", lab->snapshot ? lab->snapshot : ""), *line;
	struct buffer text = { 0 };

	if (!lab->snapshot || read_file(path, &text))
		run_program(argv, &text);
	line = one_line(&text, 1);
	buffer_free(&text);
	free(path);
	return line;
}

static char *kernel_version(const char *folder)
{
	char *path = format("%s/kernel/release", folder), *line;
	struct buffer text = { 0 };

	read_file(path, &text);
	line = one_line(&text, 2);
	buffer_free(&text);
	free(path);
	return line;
}

/* scripts/lab/build leaves a description beside each image, a JSON object. */
static void add_hypervisor(const struct lab *lab, struct buffer *json)
{
	const char *image = lab->machine.image;
	char *path = format("%.*s/fingerprint.json", (int)(strrchr(image, '/') - image), image);
	struct buffer text = { 0 };

	if (read_file(path, &text) || !text.size || text.data[0] != '{')
		buffer_printf(json, "{\"image_sha256\": \"%s\"}\n", lab->image_sha);
	else
		buffer_add(json, text.data, text.size);
	buffer_free(&text);
	free(path);
}

void fingerprint_make(const struct lab *lab, struct buffer *json)
{
	const struct machine *m = &lab->machine;
	char *qemu = fingerprint_qemu(lab), *kernel = kernel_version(lab->folder);

	buffer_printf(json, "{\n\t\"mode\": \"%s\",\n", m->exact ? "exact" : "parallel");
	buffer_printf(json, "\t\"qemu\": \"%s\",\n\t\"kernel\": \"%s\",\n", qemu, kernel);
	buffer_printf(json, "\t\"cpus\": %u,\n\t\"nodes\": %u,\n\t\"memory\": %" PRIu64 ",\n",
		      m->cpus, m->nodes, m->memory);
	buffer_printf(json, "\t\"initramfs_sha256\": \"%s\",\n", lab->initrd_sha);
	buffer_printf(json, "\t\"staged_sha256\": \"%s\",\n", lab->staged_sha);
	buffer_printf(json, "\t\"hypervisor\": ");
	add_hypervisor(lab, json);
	buffer_printf(json, "}\n");
	free(qemu);
	free(kernel);
}
