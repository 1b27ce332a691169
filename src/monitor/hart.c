// What this hart is, found out by asking it.
#include "lib/print.h"
#include "machine/board.h"
#include "machine/csr.h"
#include "monitor/monitor.h"

#define XLEN (8 * sizeof(uintptr_t))

enum { MISA_CSR = 0x301,
       SATP_CSR = 0x180,
       PMPCFG0 = 0x3a0,
       PMPADDR0 = 0x3b0 };

static const struct {
	uint16_t number;
	char name[14];
} csrs[] = {
	{ 0xf11, "mvendorid" }, { 0xf12, "marchid" }, { 0xf13, "mimpid" },
	{ 0xf14, "mhartid" }, { 0xf15, "mconfigptr" }, { 0x300, "mstatus" },
	{ 0x301, "misa" }, { 0x302, "medeleg" }, { 0x303, "mideleg" },
	{ 0x304, "mie" }, { 0x305, "mtvec" }, { 0x306, "mcounteren" },
	{ 0x30a, "menvcfg" }, { 0x320, "mcountinhibit" }, { 0x344, "mip" },
	{ 0x3a0, "pmpcfg0" }, { 0x747, "mseccfg" }, { 0xb00, "mcycle" },
	{ 0xb02, "minstret" }, { 0xb03, "mhpmcounter3" }, { 0xc00, "cycle" },
	{ 0xc01, "time" }, { 0xc02, "instret" }, { 0x100, "sstatus" },
	{ 0x105, "stvec" }, { 0x106, "scounteren" }, { 0x180, "satp" },
	{ 0x003, "fcsr" }, { 0x008, "vstart" }, { 0x600, "hstatus" },
	{ 0x7a0, "tselect" }, { 0x7a1, "tdata1" }, { 0x7b0, "dcsr" },
};

static void report_csrs(void)
{
	uintptr_t value;

	for (unsigned i = 0; i < sizeof csrs / sizeof csrs[0]; i++)
		if (csr_peek(csrs[i].number, &value))
			kprintf("csr %s: none\n", csrs[i].name);
		else
			kprintf("csr %s: %lx\n", csrs[i].name,
			        (unsigned long)value);
}

static void report_isa(void)
{
	uintptr_t misa;

	csr_peek(MISA_CSR, &misa);
	kprintf("isa: rv%u", (unsigned)XLEN);
	for (int i = 0; i < 26; i++)
		if (misa >> i & 1)
			kprintf("%c", 'a' + i);
	kprintf("\n");
}

// An entry that is there keeps some of the ones that are written to it.  One
// that is locked keeps what it had.
unsigned hart_pmp_entries(void)
{
	uintptr_t before, after;
	unsigned n = 0;

	for (; n < 64; n++) {
		if (csr_peek(PMPADDR0 + n, &before) ||
		    csr_poke(PMPADDR0 + n, ~(uintptr_t)0))
			return n;
		csr_peek(PMPADDR0 + n, &after);
		csr_poke(PMPADDR0 + n, before);
		if (after == 0)
			return n;
	}
	return n;
}

// The lowest bit that can be set, with the entry off, is log2(bytes) - 2.
// (Privileged Architecture 1.12, section 3.7.1.)
static unsigned pmp_grain(void)
{
	uintptr_t kept = 0;

	csr_poke(PMPCFG0, 0);
	csr_poke(PMPADDR0, ~(uintptr_t)0);
	csr_peek(PMPADDR0, &kept);
	csr_poke(PMPADDR0, 0);
	return kept ? 4 * (kept & -kept) : 0;
}

// A mode that is not there is not kept: satp stays as it was.
static void report_mmu(void)
{
	static const char modes[][5] = { "Sv32", "Sv39", "Sv48", "Sv57" };
	uintptr_t kept;
	bool any = false;

	kprintf("mmu:");
	for (unsigned i = XLEN == 32 ? 0 : 1; i < (XLEN == 32 ? 1 : 4); i++) {
		uintptr_t mode = XLEN == 32 ? (uintptr_t)1 << 31
		                 : (uintptr_t)(7 + i) << (XLEN - 4);

		if (csr_poke(SATP_CSR, mode) || csr_peek(SATP_CSR, &kept) ||
		    kept != mode)
			continue;
		kprintf(" %s", modes[i]);
		any = true;
	}
	csr_poke(SATP_CSR, 0);
	kprintf("%s\n", any ? "" : " none");
}

void hart_report(void)
{
	unsigned entries = hart_pmp_entries();

	report_isa();
	report_csrs();
	kprintf("pmp: %u entries", entries);
	if (entries)
		kprintf(", grain %u bytes", pmp_grain());
	kprintf("\n");
	report_mmu();
}
