/* SPDX-License-Identifier: GPL-2.0-only */
/* Xen's locks, with the thread sanitizer told what they order. */
#include <xen/spinlock.h>

#pragma GCC visibility push(default)
void __tsan_acquire(void *addr);
void __tsan_release(void *addr);
#pragma GCC visibility pop

void host_spin_lock(spinlock_t *lock)
{
	_spin_lock(lock);
	__tsan_acquire(lock);
}

void host_spin_lock_cb(spinlock_t *lock, void (*cond)(void *), void *data)
{
	_spin_lock_cb(lock, cond, data);
	__tsan_acquire(lock);
}

void host_spin_lock_recursive(spinlock_t *lock)
{
	_spin_lock_recursive(lock);
	__tsan_acquire(lock);
}

void host_spin_unlock(spinlock_t *lock)
{
	__tsan_release(lock);
	_spin_unlock(lock);
}

void host_spin_unlock_recursive(spinlock_t *lock)
{
	__tsan_release(lock);
	_spin_unlock_recursive(lock);
}
