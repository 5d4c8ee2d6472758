/* SPDX-License-Identifier: GPL-2.0-only */
/* Xen's locks, with the thread sanitizer told what they order. */
#include <xen/spinlock.h>

#pragma GCC visibility push(default)
void __tsan_acquire(void *addr);
void __tsan_release(void *addr);
#pragma GCC visibility pop

#define TELL(type, lock_it, unlock_it)                                                             \
	void host##lock_it(type *lock)                                                             \
	{                                                                                          \
		lock_it(lock);                                                                     \
		__tsan_acquire(lock);                                                              \
	}                                                                                          \
	void host##unlock_it(type *lock)                                                           \
	{                                                                                          \
		__tsan_release(lock);                                                              \
		unlock_it(lock);                                                                   \
	}

TELL(spinlock_t, _spin_lock, _spin_unlock)
#ifdef rspin_lock_init
TELL(rspinlock_t, _rspin_lock, _rspin_unlock)
TELL(rspinlock_t, _nrspin_lock, _nrspin_unlock)
#else
TELL(spinlock_t, _spin_lock_recursive, _spin_unlock_recursive)
#endif

void host_spin_lock_cb(spinlock_t *lock, void (*cond)(void *), void *data)
{
	_spin_lock_cb(lock, cond, data);
	__tsan_acquire(lock);
}
