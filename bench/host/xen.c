/* SPDX-License-Identifier: GPL-2.0-only */
/* The rest of Xen, as far as the allocator calls it. */
#include <xen/domain_page.h>
#include <xen/event.h>
#include <xen/keyhandler.h>
#include <xen/mm.h>
#include <xen/sched.h>
#include <xen/time.h>
#include <asm/flushtlb.h>
#include <asm/guest_access.h>
#include <asm/p2m.h>
#include <asm/setup.h>

bool tlb_clk_enabled = true;
u32 tlbflush_clock = 1;

void printk(const char *fmt, ...)
{
}

s_time_t get_s_time(void)
{
	return 0;
}

void send_global_virq(uint32_t virq)
{
}

void register_keyhandler(unsigned char key, keyhandler_fn_t *fn, const char *desc, bool diagnostic)
{
}

const struct platform_bad_page *get_platform_badpages(unsigned int *array_size)
{
	return NULL;
}

/* Its types depend on the version. */
int is_ram(unsigned long mfn, unsigned long type) asm("page_is_ram_type");
int is_ram(unsigned long mfn, unsigned long type)
{
	return 1;
}

/* There is no TLB; the clock counts what was asked for. Xen reads all this without a lock, too. */
__attribute__((no_sanitize_thread)) void flush_area_mask(const cpumask_t *mask, const void *va,
							 unsigned int flags)
{
	u32 now = __sync_add_and_fetch(&tlbflush_clock, 1);
	unsigned int cpu;

	for_each_cpu(cpu, mask) per_cpu(tlbflush_time, cpu) = now;
}

/* All memory is in the direct map. */
void *map_domain_page(mfn_t mfn)
{
	return mfn_to_virt(mfn_x(mfn));
}

void unmap_domain_page(const void *va)
{
}

void clear_domain_page(mfn_t mfn)
{
	memset(map_domain_page(mfn), 0, PAGE_SIZE);
}

/* What 4.21 and later call instead of clear_domain_page() and page_is_ram_type(). */
void clear_page_hot(void *page)
{
	memset(page, 0, PAGE_SIZE);
}

void clear_page_cold(void *page)
{
	memset(page, 0, PAGE_SIZE);
}

/* And with assertions on, where freed memory has a pattern. */
void scrub_page_hot(void *page)
{
	memset(page, 0xc2, PAGE_SIZE);
}

void scrub_page_cold(void *page)
{
	memset(page, 0xc2, PAGE_SIZE);
}

bool page_is_offlinable(mfn_t mfn)
{
	return true;
}

#ifndef domain_clamp_alloc_bitsize
unsigned int domain_clamp_alloc_bitsize(struct domain *d, unsigned int bits)
{
	return bits;
}
#endif

void set_gpfn_from_mfn(unsigned long mfn, unsigned long pfn)
{
}

void put_page(struct page_info *page)
{
	if (!(__sync_sub_and_fetch(&page->count_info, 1) & PGC_count_mask))
		free_domheap_page(page);
}

/* No page gets its last reference dropped meanwhile: whoever frees is not who takes offline. */
struct domain *page_get_owner_and_reference(struct page_info *page)
{
	struct domain *owner = page_get_owner(page);

	if (owner)
		__sync_fetch_and_add(&page->count_info, 1);
	return owner;
}

int p2m_pod_offline_or_broken_hit(struct page_info *p)
{
	return 0;
}
