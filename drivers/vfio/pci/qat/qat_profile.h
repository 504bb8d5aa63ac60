/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * What a QAT VF says that its state needs, and that it accepts: what
 * adf_gen4_vf_mig.c compares as it loads a state, and no more.
 */
#ifndef _QAT_PROFILE_H
#define _QAT_PROFILE_H

#include <linux/bitops.h>
#include <linux/errno.h>
#include <linux/kernel.h>
#include <linux/qat/qat_mig_dev.h>
#include <linux/vfio_profile.h>

/* Major is that of the state's preamble; an older one is taken as well. */
#define QAT_PROFILE_VERSION "1.0.0"

/* A mask is a set of the numbers of its bits; without any there is no field. */
static inline void qat_profile_add_mask(struct vp_profile *profile,
					const char *field, unsigned long mask)
{
	unsigned int bit;
	char value[4];

	for_each_set_bit(bit, &mask, 32) {
		snprintf(value, sizeof(value), "%u", bit);
		vp_add(profile, field, value);
	}
}

/**
 * qat_profile_accepts - what a VF accepts as incoming
 * @caps: of the VF
 * @device: its PCI device id, which the guest sees
 * @profile: to be filled in
 *
 * Context: any.
 * Return: 0.
 */
static inline int qat_profile_accepts(const struct qat_vfmig_caps *caps,
				      u16 device, struct vp_profile *profile)
{
	char value[16];

	vp_version(profile, QAT_PROFILE_VERSION);
	snprintf(value, sizeof(value), "8086:%04x", device);
	vp_add(profile, "pci_ids", value);
	snprintf(value, sizeof(value), "%04x", caps->ring_to_svc_map);
	vp_add(profile, "ring_services", value);
	qat_profile_add_mask(profile, "capabilities", caps->capabilities);
	qat_profile_add_mask(profile, "extended_dc", caps->extended_dc);
	return 0;
}

/**
 * qat_profile_describe - what the state of a VF needs
 * @caps: of the VF
 * @device: its PCI device id
 * @profile: to be filled in
 *
 * The state is checked for rate limits too.  Those belong to the ring pairs of
 * the physical function and can change at any time, so a VF that has some does
 * not say where it can go.
 *
 * Context: any.
 * Return: 0, or -EOPNOTSUPP if the VF has rate limits.
 */
static inline int qat_profile_describe(const struct qat_vfmig_caps *caps,
				       u16 device, struct vp_profile *profile)
{
	if (caps->limited)
		return -EOPNOTSUPP;
	return qat_profile_accepts(caps, device, profile);
}

#endif /* _QAT_PROFILE_H */
