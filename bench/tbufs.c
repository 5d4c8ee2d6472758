// SPDX-License-Identifier: GPL-2.0-only
#include <errno.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <unistd.h>
#include <xenctrl.h>
#include <xencall.h>
#include <xenevtchn.h>
#include <xenforeignmemory.h>
#include <xen/sysctl.h>
#include <xen/trace.h>

#include "bench/tbufs.h"

#define VALUE_OF(field) __atomic_load_n(&(field), __ATOMIC_ACQUIRE)

struct tbufs {
	xencall_handle *calls;
	xenforeignmemory_handle *memory;
	xenevtchn_handle *events;
	evtchn_port_t port;
	struct xen_sysctl *sysctl; /* in memory that Xen can reach */
	uint32_t found_mask;
	bool touched; /* tracing may be on, the mask ours */
	struct t_info *info;
	size_t info_pages;
	unsigned int cpus;
	struct t_buf **buffers; /* of each CPU, NULL when it has none */
	uint32_t room;
};

static int call_sysctl(struct tbufs *t, uint32_t cmd)
{
	t->sysctl->cmd = cmd;
	t->sysctl->interface_version = XEN_SYSCTL_INTERFACE_VERSION;
	return xencall1(t->calls, __HYPERVISOR_sysctl, (uintptr_t)t->sysctl) < 0 ? -errno : 0;
}

static int call_tbuf(struct tbufs *t, uint32_t op, uint32_t mask, uint32_t pages)
{
	memset(&t->sysctl->u, 0, sizeof(t->sysctl->u));
	t->sysctl->u.tbuf_op.cmd = op;
	t->sysctl->u.tbuf_op.evt_mask = mask;
	t->sysctl->u.tbuf_op.size = pages;
	return call_sysctl(t, XEN_SYSCTL_tbuf_op);
}

static int read_mask(struct tbufs *t)
{
	int rc = call_tbuf(t, XEN_SYSCTL_TBUFOP_get_info, 0, 0);

	t->found_mask = t->sysctl->u.tbuf_op.evt_mask;
	return rc == -EPERM || rc == -ENOSYS ? -ENODEV : rc;
}

/* The interrupt has one receiver in a domain, and who reads the buffers binds it. */
static int bind_event(struct tbufs *t)
{
	xenevtchn_port_or_error_t port;

	t->events = xenevtchn_open(NULL, 0);
	if (!t->events)
		return 0;
	port = xenevtchn_bind_virq(t->events, VIRQ_TBUF);
	if (port < 0)
		return errno == EEXIST ? -EBUSY : -errno;
	t->port = (evtchn_port_t)port;
	return 0;
}

int tbufs_open(struct tbufs **out)
{
	struct tbufs *t;
	int rc = -ENODEV;

	/* The libraries print their own puzzle where there is no Xen. */
	if (access("/dev/xen/privcmd", R_OK | W_OK) && access("/proc/xen/privcmd", R_OK | W_OK))
		return -ENODEV;
	t = calloc(1, sizeof(*t));
	if (!t)
		return -ENOMEM;
	t->calls = xencall_open(NULL, 0);
	t->memory = xenforeignmemory_open(NULL, 0);
	if (t->calls && t->memory)
		t->sysctl = xencall_alloc_buffer(t->calls, sizeof(*t->sysctl));
	if (t->sysctl)
		rc = read_mask(t);
	if (!rc)
		rc = bind_event(t);
	if (rc)
		tbufs_close(t);
	else
		*out = t;
	return rc;
}

static void unmap_all(struct tbufs *t)
{
	for (unsigned int i = 0; i < t->cpus; i++)
		if (t->buffers[i])
			xenforeignmemory_unmap(t->memory, t->buffers[i], t->info->tbuf_size);
	free(t->buffers);
	t->buffers = NULL;
	t->cpus = 0;
	if (t->info)
		xenforeignmemory_unmap(t->memory, t->info, t->info_pages);
	t->info = NULL;
}

void tbufs_close(struct tbufs *t)
{
	if (!t)
		return;
	if (t->touched) {
		tbufs_stop(t);
		call_tbuf(t, XEN_SYSCTL_TBUFOP_set_evt_mask, t->found_mask, 0);
	}
	unmap_all(t);
	if (t->events)
		xenevtchn_close(t->events);
	if (t->memory)
		xenforeignmemory_close(t->memory);
	if (t->calls) {
		xencall_free_buffer(t->calls, t->sysctl);
		xencall_close(t->calls);
	}
	free(t);
}

static int map_info(struct tbufs *t)
{
	int rc = t->info ? 0 : call_tbuf(t, XEN_SYSCTL_TBUFOP_get_info, 0, 0);
	xen_pfn_t first = t->sysctl->u.tbuf_op.buffer_mfn, *frames;

	if (rc || t->info)
		return rc;
	if (!first)
		return -ENOENT;
	t->info_pages = (t->sysctl->u.tbuf_op.size + XC_PAGE_SIZE - 1) / XC_PAGE_SIZE;
	frames = calloc(t->info_pages, sizeof(*frames));
	if (!frames)
		return -ENOMEM;
	for (size_t i = 0; i < t->info_pages; i++)
		frames[i] = first + i;
	t->info = xenforeignmemory_map(t->memory, DOMID_XEN, PROT_READ, t->info_pages, frames, NULL);
	free(frames);
	return t->info ? 0 : -errno;
}

int tbufs_call_physinfo(struct tbufs *t)
{
	memset(&t->sysctl->u, 0, sizeof(t->sysctl->u));
	return call_sysctl(t, XEN_SYSCTL_physinfo);
}

int tbufs_read_host(struct tbufs *t, struct tbufs_host *host)
{
	const struct xen_sysctl_physinfo *info = &t->sysctl->u.physinfo;
	int rc = tbufs_call_physinfo(t);

	if (rc)
		return rc;
	*host = (struct tbufs_host){
		.cpus = info->max_cpu_id + 1,
		.online = info->nr_cpus,
		.nodes = info->nr_nodes,
		.mask = t->found_mask,
	};
	if (info->free_pages > info->outstanding_pages)
		host->unclaimed_pages = info->free_pages - info->outstanding_pages;
	rc = map_info(t);
	if (!rc)
		host->pages = t->info->tbuf_size;
	return rc == -ENOENT ? 0 : rc;
}

/* Setting the size switches tracing on, so the mask comes first. */
int tbufs_set_pages(struct tbufs *t, unsigned int pages, uint32_t mask)
{
	int rc = call_tbuf(t, XEN_SYSCTL_TBUFOP_set_evt_mask, mask, 0);

	t->touched = true;
	return rc ? rc : call_tbuf(t, XEN_SYSCTL_TBUFOP_set_size, 0, pages);
}

static int map_buffer(struct tbufs *t, unsigned int cpu)
{
	const uint32_t *list = (const uint32_t *)t->info + t->info->mfn_offset[cpu];
	unsigned int pages = t->info->tbuf_size;
	xen_pfn_t *frames;

	if (!t->info->mfn_offset[cpu])
		return 0;
	frames = calloc(pages, sizeof(*frames));
	if (!frames)
		return -ENOMEM;
	for (unsigned int i = 0; i < pages; i++)
		frames[i] = list[i];
	t->buffers[cpu] = xenforeignmemory_map(t->memory, DOMID_XEN, PROT_READ | PROT_WRITE, pages,
					       frames, NULL);
	free(frames);
	return t->buffers[cpu] ? 0 : -errno;
}

static int map_buffers(struct tbufs *t)
{
	struct tbufs_host host;
	int rc = tbufs_read_host(t, &host);

	if (rc || t->buffers)
		return rc;
	if (!host.pages)
		return -ENOENT;
	t->buffers = calloc(host.cpus, sizeof(*t->buffers));
	if (!t->buffers)
		return -ENOMEM;
	t->cpus = host.cpus;
	t->room = host.pages * XC_PAGE_SIZE - sizeof(struct t_buf);
	for (unsigned int i = 0; !rc && i < t->cpus; i++)
		rc = map_buffer(t, i);
	return rc;
}

int tbufs_start(struct tbufs *t, uint32_t mask)
{
	int rc = map_buffers(t);

	t->touched = true;
	if (!rc)
		rc = call_tbuf(t, XEN_SYSCTL_TBUFOP_disable, 0, 0);
	if (!rc)
		rc = call_tbuf(t, XEN_SYSCTL_TBUFOP_set_evt_mask, mask, 0);
	for (unsigned int i = 0; !rc && i < t->cpus; i++)
		if (t->buffers[i])
			t->buffers[i]->cons = VALUE_OF(t->buffers[i]->prod);
	return rc ? rc : call_tbuf(t, XEN_SYSCTL_TBUFOP_enable, 0, 0);
}

int tbufs_stop(struct tbufs *t)
{
	return call_tbuf(t, XEN_SYSCTL_TBUFOP_disable, 0, 0);
}

int tbufs_fd(const struct tbufs *t)
{
	return t->events ? xenevtchn_fd(t->events) : -1;
}

void tbufs_acknowledge(struct tbufs *t)
{
	xenevtchn_port_or_error_t port = xenevtchn_pending(t->events);

	if (port >= 0)
		xenevtchn_unmask(t->events, (evtchn_port_t)port);
}

unsigned int tbufs_cpus(const struct tbufs *t)
{
	return t->cpus;
}

size_t tbufs_room(const struct tbufs *t)
{
	return t->room;
}

/* Both positions run through twice the room, so that a full buffer differs from an empty one. */
long tbufs_peek(const struct tbufs *t, unsigned int cpu, const void *parts[2], size_t sizes[2])
{
	const struct t_buf *buffer = cpu < t->cpus ? t->buffers[cpu] : NULL;
	uint32_t consumed, produced, start, bytes;

	if (!buffer)
		return 0;
	consumed = buffer->cons;
	produced = VALUE_OF(buffer->prod);
	if (consumed >= 2 * t->room || produced >= 2 * t->room || consumed % 4 || produced % 4)
		return -EIO;
	bytes = produced >= consumed ? produced - consumed : produced + 2 * t->room - consumed;
	if (bytes > t->room)
		return -EIO;
	start = consumed % t->room;
	sizes[0] = bytes < t->room - start ? bytes : t->room - start;
	sizes[1] = bytes - sizes[0];
	parts[0] = (const char *)(buffer + 1) + start;
	parts[1] = buffer + 1;
	return (long)bytes;
}

void tbufs_consume(struct tbufs *t, unsigned int cpu, size_t bytes)
{
	struct t_buf *buffer = t->buffers[cpu];
	uint32_t consumed = buffer->cons + (uint32_t)bytes;

	__atomic_store_n(&buffer->cons, consumed >= 2 * t->room ? consumed - 2 * t->room : consumed,
			 __ATOMIC_RELEASE);
}
