// SPDX-License-Identifier: GPL-2.0-only
/*
 * A vfio-pci variant driver for virtual functions of NVMe controllers: the
 * controller itself.
 *
 * Whether it is enabled, who it is, and those of its registers that a guest may
 * have set before it enables it.
 */
#include <linux/delay.h>
#include <linux/dma-mapping.h>
#include <linux/io-64-nonatomic-lo-hi.h>
#include <linux/iopoll.h>
#include <linux/nvme.h>
#include <linux/string.h>

#include "nvme_vf.h"

#define PAGE_4K 4096
#define QUEUE_SIZE 2		/* entries; the least that a controller takes */
#define POLL_US 100
#define COMMAND_US USEC_PER_SEC

/* Registers of a stream behind the scratch registers. */
enum {
	REG_PCI = NVME_VF_SCRATCH,	/* command; interrupt line in bits 16.. */
	REG_AQA,
	REG_ASQ,
	REG_ASQ_HIGH,
	REG_ACQ,
	REG_ACQ_HIGH,
	REG_END,
};

static_assert(REG_END <= MDEV_SIM_REGS);

/* Offline, gone, or its memory is disabled: it reads as all 0 or all 1. */
static bool is_silent(struct nvme_vf *vf)
{
	u32 version = readl(vf->regs + NVME_REG_VS);

	return !version || !~version;
}

/**
 * nvme_vf_is_enabled - whether the guest has enabled the controller
 * @vf: the function
 *
 * Context: any; @vf's driver is bound.
 * Return: true also if the controller cannot be asked.
 */
bool nvme_vf_is_enabled(struct nvme_vf *vf)
{
	return is_silent(vf) || readl(vf->regs + NVME_REG_CC) & NVME_CC_ENABLE;
}

/* ---- who it is ---- */

/**
 * struct admin - an admin queue for a command or two
 * @vf: whose it is
 * @sq: submissions
 * @cq: completions
 * @data: what a command returns
 * @dma: where these three are, a page each
 * @next: entry of the next command
 */
struct admin {
	struct nvme_vf *vf;
	struct nvme_command *sq;
	struct nvme_completion *cq;
	void *data;
	dma_addr_t dma;
	unsigned int next;
};

static int wait_ready(struct nvme_vf *vf, bool ready)
{
	u64 cap = lo_hi_readq(vf->regs + NVME_REG_CAP);
	u32 csts;

	/* in units of half a second */
	return readl_poll_timeout(vf->regs + NVME_REG_CSTS, csts,
				  csts & NVME_CSTS_CFS ||
				  !!(csts & NVME_CSTS_RDY) == ready, POLL_US,
				  (NVME_CAP_TIMEOUT(cap) + 1) * 500 * USEC_PER_MSEC) ?:
	       (csts & NVME_CSTS_CFS ? -EIO : 0);
}

static int admin_enable(struct admin *a)
{
	void __iomem *regs = a->vf->regs;

	writel((QUEUE_SIZE - 1) << 16 | (QUEUE_SIZE - 1), regs + NVME_REG_AQA);
	lo_hi_writeq(a->dma, regs + NVME_REG_ASQ);
	lo_hi_writeq(a->dma + PAGE_4K, regs + NVME_REG_ACQ);
	writel(NVME_CC_ENABLE | NVME_CC_CSS_NVM | NVME_CC_IOSQES |
	       NVME_CC_IOCQES, regs + NVME_REG_CC);
	return wait_ready(a->vf, true);
}

/* What was in the registers before was nobody's. */
static void admin_disable(struct admin *a)
{
	void __iomem *regs = a->vf->regs;

	writel(0, regs + NVME_REG_CC);
	wait_ready(a->vf, false);
	writel(0, regs + NVME_REG_AQA);
	lo_hi_writeq(0, regs + NVME_REG_ASQ);
	lo_hi_writeq(0, regs + NVME_REG_ACQ);
}

/* The queues are gone through once, so the phase of what is new is 1. */
static int admin_command(struct admin *a, const struct nvme_command *command,
			 u32 *result)
{
	u64 cap = lo_hi_readq(a->vf->regs + NVME_REG_CAP);
	struct nvme_completion *done = &a->cq[a->next];
	u16 status;
	int ret;

	a->sq[a->next] = *command;
	a->sq[a->next].common.command_id = a->next;
	a->next++;
	wmb();	/* the command is there before the controller looks */
	writel(a->next % QUEUE_SIZE, a->vf->regs + NVME_REG_DBS);
	ret = read_poll_timeout(le16_to_cpu, status, status & 1, POLL_US,
				COMMAND_US, false, READ_ONCE(done->status));
	if (ret)
		return ret;
	rmb();	/* what it returns comes before its phase */
	*result = le32_to_cpu(done->result.u32);
	writel(a->next % QUEUE_SIZE, a->vf->regs + NVME_REG_DBS +
	       (4 << NVME_CAP_STRIDE(cap)));
	return status >> 1 ? -EIO : 0;
}

/* Blanks at the end are no part of it; and others none of a field's value. */
static void copy_firmware(struct nvme_vf_identity *id, const char *text)
{
	unsigned int i;

	memcpy(id->firmware, text, sizeof(id->firmware) - 1);
	strim(id->firmware);
	for (i = 0; id->firmware[i]; i++)
		if (id->firmware[i] <= ' ' || id->firmware[i] > '~' ||
		    strchr(",=;%", id->firmware[i]))
			id->firmware[i] = '_';
}

static int admin_ask(struct admin *a)
{
	struct nvme_command identify = {
		.identify.opcode = nvme_admin_identify,
		.identify.cns = NVME_ID_CNS_CTRL,
		.identify.dptr.prp1 = cpu_to_le64(a->dma + 2 * PAGE_4K),
	};
	struct nvme_command queues = {
		.features.opcode = nvme_admin_get_features,
		.features.fid = cpu_to_le32(NVME_FEAT_NUM_QUEUES),
	};
	struct nvme_id_ctrl *ctrl = a->data;
	u32 result;
	int ret;

	ret = admin_command(a, &identify, &result);
	ret = ret ?: admin_command(a, &queues, &result);
	if (ret)
		return ret;
	copy_firmware(&a->vf->id, ctrl->fr);
	/* both numbers count from 0 */
	a->vf->id.queues = min(result & 0xffff, result >> 16) + 1;
	return 0;
}

/**
 * nvme_vf_identify - ask the controller who it is
 * @vf: the function, not yet registered with VFIO
 *
 * The controller is enabled for two admin commands, and disabled again.  If that
 * fails &struct nvme_vf.id stays empty.
 *
 * Context: may sleep, some seconds if the controller does not answer; the
 * device lock is held, the function is awake and its memory is enabled.
 * Return: 0, -ENODEV if it is offline, -ENOMEM, -EIO or -ETIMEDOUT.
 */
int nvme_vf_identify(struct nvme_vf *vf)
{
	struct device *dev = &vf->core.pdev->dev;
	struct admin a = { .vf = vf };
	int ret;

	/* whoever had it may have left it enabled */
	if (nvme_vf_is_enabled(vf))
		pci_reset_function_locked(vf->core.pdev);
	if (nvme_vf_is_enabled(vf))
		return -ENODEV;
	ret = dma_set_mask_and_coherent(dev, DMA_BIT_MASK(64));
	if (ret)
		return ret;
	a.sq = dma_alloc_coherent(dev, 3 * PAGE_4K, &a.dma, GFP_KERNEL);
	if (!a.sq)
		return -ENOMEM;
	a.cq = (void *)a.sq + PAGE_4K;
	a.data = (void *)a.sq + 2 * PAGE_4K;
	pci_set_master(vf->core.pdev);
	ret = admin_enable(&a);
	ret = ret ?: admin_ask(&a);
	admin_disable(&a);
	pci_clear_master(vf->core.pdev);
	dma_free_coherent(dev, 3 * PAGE_4K, a.sq, a.dma);
	return ret;
}

/* ---- registers ---- */

/**
 * nvme_vf_read_regs - what a guest has set in the function
 * @vf: the function, open, its controller disabled
 * @reg: receives all registers of a stream but the scratch registers
 */
void nvme_vf_read_regs(struct nvme_vf *vf, __le32 *reg)
{
	u8 *config = vf->core.vconfig;
	u64 asq = lo_hi_readq(vf->regs + NVME_REG_ASQ);
	u64 acq = lo_hi_readq(vf->regs + NVME_REG_ACQ);
	u16 command;

	pci_read_config_word(vf->core.pdev, PCI_COMMAND, &command);
	command &= PCI_COMMAND_MASTER;
	reg[REG_PCI] = cpu_to_le32(command |
				   config[PCI_INTERRUPT_LINE] << 16);
	reg[REG_AQA] = cpu_to_le32(readl(vf->regs + NVME_REG_AQA));
	reg[REG_ASQ] = cpu_to_le32(lower_32_bits(asq));
	reg[REG_ASQ_HIGH] = cpu_to_le32(upper_32_bits(asq));
	reg[REG_ACQ] = cpu_to_le32(lower_32_bits(acq));
	reg[REG_ACQ_HIGH] = cpu_to_le32(upper_32_bits(acq));
}

static void write_config(struct nvme_vf *vf, u32 value)
{
	struct pci_dev *pdev = vf->core.pdev;
	u8 *config = vf->core.vconfig;
	__le16 *command = (__le16 *)(config + PCI_COMMAND);

	if (value & PCI_COMMAND_MASTER) {
		pci_set_master(pdev);
		*command |= cpu_to_le16(PCI_COMMAND_MASTER);
	} else {
		pci_clear_master(pdev);
		*command &= ~cpu_to_le16(PCI_COMMAND_MASTER);
	}
	config[PCI_INTERRUPT_LINE] = value >> 16;
}

/**
 * nvme_vf_write_regs - set them as they were in another function
 * @vf: the function, open, its controller disabled
 * @reg: all registers of a stream; those that its series lacks are 0
 *
 * Bits that this controller does not have stay as they are.
 */
void nvme_vf_write_regs(struct nvme_vf *vf, const __le32 *reg)
{
	u64 asq = le32_to_cpu(reg[REG_ASQ]);
	u64 acq = le32_to_cpu(reg[REG_ACQ]);

	asq |= (u64)le32_to_cpu(reg[REG_ASQ_HIGH]) << 32;
	acq |= (u64)le32_to_cpu(reg[REG_ACQ_HIGH]) << 32;
	write_config(vf, le32_to_cpu(reg[REG_PCI]));
	writel(le32_to_cpu(reg[REG_AQA]), vf->regs + NVME_REG_AQA);
	lo_hi_writeq(asq, vf->regs + NVME_REG_ASQ);
	lo_hi_writeq(acq, vf->regs + NVME_REG_ACQ);
}
