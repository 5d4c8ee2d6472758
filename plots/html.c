// SPDX-License-Identifier: GPL-2.0-only
#include "plots/html.h"

#include <ctype.h>
#include <string.h>

/* Bytes of the UTF-8 sequence at text, 0 when it is none or XML does not allow it. */
static size_t sequence_length(const unsigned char *text)
{
	size_t length = *text < 0x80   ? 1
			: *text < 0xc2 ? 0
			: *text < 0xe0 ? 2
			: *text < 0xf0 ? 3
				       : 4;
	size_t i;

	if (*text > 0xf4 || (*text < 0x20 && *text != '\t' && *text != '\n'))
		return 0;
	for (i = 1; i < length; i++)
		if ((text[i] & 0xc0) != 0x80)
			return 0;
	if (length == 3) {
		if ((text[0] == 0xe0 && text[1] < 0xa0) || (text[0] == 0xed && text[1] > 0x9f) ||
		    (text[0] == 0xef && text[1] == 0xbf && text[2] > 0xbd))
			return 0;
	}
	if (length == 4 &&
	    ((text[0] == 0xf0 && text[1] < 0x90) || (text[0] == 0xf4 && text[1] > 0x8f)))
		return 0;
	return length;
}

void html_text(FILE *out, const char *text)
{
	while (*text) {
		size_t length = sequence_length((const unsigned char *)text);

		if (*text == '&')
			fputs("&amp;", out);
		else if (*text == '<')
			fputs("&lt;", out);
		else if (*text == '>')
			fputs("&gt;", out);
		else if (*text == '"')
			fputs("&quot;", out);
		else if (*text == '\'')
			fputs("&#39;", out);
		else if (!length)
			fputs("\xef\xbf\xbd", out);
		else
			fwrite(text, 1, length, out);
		text += length ? length : 1;
	}
}

void html_name(FILE *out, const char *name)
{
	const char *slash;
	char part[64];

	for (; (slash = strchr(name, '/')) && slash - name < (int)sizeof(part) - 1; name = slash + 1) {
		snprintf(part, sizeof(part), "%.*s", (int)(slash - name) + 1, name);
		html_text(out, part);
		fputs("<wbr/>", out);
	}
	html_text(out, name);
}

void html_number(FILE *out, const char *number)
{
	const char *minus = strchr(number, '-');
	char part[64];

	for (; minus; minus = strchr(number, '-')) {
		snprintf(part, sizeof(part), "%.*s", (int)(minus - number), number);
		html_text(out, part);
		fputs("−", out);
		number = minus + 1;
	}
	html_text(out, number);
}

void html_cell(FILE *out, const char *class, const char *text)
{
	if (class)
		fprintf(out, "<td class=\"%s\">", class);
	else
		fputs("<td>", out);
	html_text(out, text);
	fputs("</td>", out);
}

void html_number_cell(FILE *out, const char *number)
{
	fputs("<td class=\"n\">", out);
	html_number(out, number);
	fputs("</td>", out);
}

void html_fraction_cell(FILE *out, struct fraction f, bool sign)
{
	char text[FRACTION_TEXT_SIZE];

	html_number_cell(out, fraction_format_short(f, sign, text));
}

void html_address(FILE *out, const char *path)
{
	for (; *path; path++) {
		if (isalnum((unsigned char)*path) || strchr("/._-~", *path))
			fputc(*path, out);
		else
			fprintf(out, "%%%02X", (unsigned char)*path);
	}
}
