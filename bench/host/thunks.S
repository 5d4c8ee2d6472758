/* SPDX-License-Identifier: GPL-2.0-only */
/* Xen's compiler flags turn returns and indirect calls into calls of these. */
.macro indirect_thunk reg
	.globl __x86_indirect_thunk_\reg
	.hidden __x86_indirect_thunk_\reg
__x86_indirect_thunk_\reg:
	jmp *%\reg
.endm
.irp reg, rax, rbx, rcx, rdx, rsi, rdi, rbp, r8, r9, r10, r11, r12, r13, r14, r15
	indirect_thunk \reg
.endr
	.globl __x86_return_thunk
	.hidden __x86_return_thunk
__x86_return_thunk:
	ret
	.section .note.GNU-stack, "", @progbits
