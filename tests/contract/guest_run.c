// SPDX-License-Identifier: GPL-2.0-only
/* A PV domain with a kernel of ours. */
#include <errno.h>
#include <limits.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

#include "tests/contract/private.h"
#include "tests/contract/tap.h"

#define GUEST_MIB 8
#define PATIENCE_MS 10000

static void find_guest(char path[PATH_MAX])
{
	ssize_t length = readlink("/proc/self/exe", path, PATH_MAX - 1);

	must(length > 0, "/proc/self/exe");
	path[length] = 0;
	strcpy(strrchr(path, '/') + 1, "claims-guest");
}

static int load(struct machine *m, struct xc_dom_image *image, uint32_t domid, const char *path)
{
	return xc_domain_max_vcpus(m->xc, domid, 1) || xc_dom_kernel_file(image, path) ||
	       xc_dom_boot_xen_init(image, m->xc, domid) || xc_dom_parse_image(image) ||
	       xc_dom_mem_init(image, GUEST_MIB) || xc_dom_boot_mem_init(image) ||
	       xc_dom_build_image(image) || xc_dom_boot_image(image);
}

static int read_reason(struct machine *m, uint32_t domid)
{
	xc_domaininfo_t info;

	must(xc_domain_getinfolist(m->xc, domid, 1, &info) == 1, "domain");
	if (!(info.flags & XEN_DOMINF_shutdown))
		return -EAGAIN;
	return (int)(info.flags >> XEN_DOMINF_shutdownshift & XEN_DOMINF_shutdownmask);
}

int must_run_guest(struct machine *m)
{
	uint32_t domid = must_create_kind(m, PV);
	struct xc_dom_image *image = xc_dom_allocate(m->xc, "", "");
	char path[PATH_MAX];
	int failed, reason = -EAGAIN;

	must(image, "image");
	find_guest(path);
	failed = load(m, image, domid, path);
	xc_dom_release(image);
	must(!failed, "load the guest");
	must(!xc_domain_unpause(m->xc, domid), "unpause");
	for (int ms = 0; reason < 0 && ms < PATIENCE_MS; ms += 10) {
		usleep(10000);
		reason = read_reason(m, domid);
	}
	return reason;
}
