/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * Included before all of Xen's sources when they become a Linux library: what of Xen's headers a
 * process may not do, or has elsewhere.
 */
#ifndef BENCH_HOST_NATIVE_H
#define BENCH_HOST_NATIVE_H

/*
 * The frame table and the direct map are at compile-time addresses, in the slots 261 and up. Their
 * new place suits the thread and address sanitizers too, as long as programs are not PIE.
 */
#undef PML4_ADDR
#define PML4_ADDR(slot) ((_AC(slot, UL) - 91) << PML4_ENTRY_BITS)

/* Their assembly tells the thread sanitizer nothing; tsan.c does. */
#if defined(__SANITIZE_THREAD__)
#define _spin_lock host_spin_lock
#define _spin_lock_cb host_spin_lock_cb
#define _spin_lock_recursive host_spin_lock_recursive
#define _rspin_lock host_rspin_lock
#define _nrspin_lock host_nrspin_lock
#define _spin_unlock host_spin_unlock
#define _rspin_unlock host_rspin_unlock
#define _nrspin_unlock host_nrspin_unlock
#define _spin_unlock_recursive host_spin_unlock_recursive
#endif

#include <asm/system.h>
#undef local_irq_disable
#undef local_irq_enable
#define local_irq_disable() barrier()
#define local_irq_enable() barrier()

/* Where threads are more than CPUs, who waits for a lock lets its holder run. */
#ifdef HOST_YIELD
#include <xen/spinlock.h>
#undef arch_lock_relax
#define arch_lock_relax() host_yield()
#endif
void host_yield(void);

/* A name that the linker can give the bounds of. */
#include <xen/percpu.h>
#undef DEFINE_PER_CPU
#define DEFINE_PER_CPU(type, name) __DEFINE_PER_CPU(__section("xen_percpu"), type, _##name)

/* Xen finds this at the top of its stack. */
#define get_cpu_info get_cpu_info_of_xen
#include <asm/current.h>
#undef get_cpu_info
extern __thread struct cpu_info host_cpu __attribute__((tls_model("initial-exec")));
#define get_cpu_info() (&host_cpu)

/* Xen's image is in none of the simulated frames. */
#include <xen/mm.h>
#undef is_xen_fixed_mfn
#define is_xen_fixed_mfn(mfn) ((void)(mfn), false)

#ifndef NDEBUG
#undef assert_failed
#define assert_failed(text) host_abort("assertion '%s' failed at %s:%d", text, __FILE__, __LINE__)
#endif
void noreturn __attribute__((format(printf, 1, 2))) host_abort(const char *fmt, ...);

/* By Linux; the process ends when there is no memory. */
void host_map(unsigned long address, unsigned long size);
void host_advise_huge(unsigned long address, unsigned long size);
void host_map_copies(unsigned long address, unsigned long size, const void *item,
		     unsigned long item_size);
void *host_calloc(unsigned long size);
void host_free(void *p);
void host_catch_bugs(void);

/* A new file of these pieces; 0 or -errno. */
struct host_piece {
	const void *bytes;
	unsigned long size;
};
int host_save(const char *path, const struct host_piece *pieces, unsigned int nr);

#endif
