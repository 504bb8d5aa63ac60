// SPDX-License-Identifier: GPL-2.0-only
/*
 * The simulated vendor driver: the parent device, its types, and its firmware,
 * which is what makes new texts of configfs come into force.
 */
#include <linux/ctype.h>
#include <linux/err.h>
#include <linux/module.h>
#include <linux/slab.h>
#include <linux/string.h>

#include "mdev_sim.h"

/* Type ids begin with its name, whatever the personality. */
static struct class mdev_sim_class = {
	.name = MDEV_SIM_NAME,
};

/* ---- types ---- */

/**
 * mdev_sim_use - take some of the capacity of a type, or give it back
 * @type: the type
 * @before: how much is given back
 * @after: how much is taken
 *
 * Context: may sleep.
 * Return: 0, or -ENOSPC and nothing has changed.
 */
int mdev_sim_use(struct mdev_sim_type *type, u32 before, u32 after)
{
	const struct mdev_sim_spec *spec = mdev_sim_get_spec(type);
	u32 others;
	int ret = 0;

	spin_lock(&type->card->capacity_lock);
	others = type->used - before;
	if (after > before && (others >= spec->instances ||
			       after > spec->instances - others))
		ret = -ENOSPC;
	else
		type->used = others + after;
	spin_unlock(&type->card->capacity_lock);
	mdev_sim_put_spec(type);
	return ret;
}

/**
 * mdev_sim_get_available - get_available() of all personalities
 * @mtype: the type
 *
 * Return: what is left of its capacity.
 */
unsigned int mdev_sim_get_available(struct mdev_type *mtype)
{
	struct mdev_sim_type *type = to_mdev_sim_type(mtype);
	const struct mdev_sim_spec *spec = mdev_sim_get_spec(type);
	unsigned int left = 0;

	spin_lock(&type->card->capacity_lock);
	if (spec->instances > type->used)
		left = spec->instances - type->used;
	spin_unlock(&type->card->capacity_lock);
	mdev_sim_put_spec(type);
	return left;
}
EXPORT_SYMBOL_GPL(mdev_sim_get_available);

/* ---- firmware ---- */

/* Texts that are no longer there leave a type as it is. */
static struct mdev_sim_texts *find_texts(struct mdev_sim_parent *config,
					 const char *name)
{
	struct mdev_sim_texts *texts;

	list_for_each_entry(texts, &config->types, entry)
		if (!strcmp(config_item_name(&texts->item), name))
			return texts;
	return NULL;
}

/* All types, or none: @spec has NULL for those that stay what they are. */
static int parse_staged(struct mdev_sim_card *card, struct mdev_sim_spec **spec)
{
	unsigned int i;
	int ret = 0;

	mutex_lock(&card->config->lock);
	for (i = 0; !ret && i < card->nr_types; i++) {
		const char *name = card->type[i].name;
		struct mdev_sim_texts *texts = find_texts(card->config, name);

		if (!texts)
			continue;
		spec[i] = mdev_sim_spec_parse(card->personality, name,
					      texts->text);
		ret = PTR_ERR_OR_ZERO(spec[i]);
		if (ret)
			spec[i] = NULL;
	}
	mutex_unlock(&card->config->lock);
	return ret;
}

/* What was in force is left in @spec. */
static void swap_specs(struct mdev_sim_card *card, struct mdev_sim_spec **spec)
{
	unsigned int i;

	down_write(&card->spec_lock);
	for (i = 0; i < card->nr_types; i++)
		if (spec[i])
			swap(card->type[i].spec, spec[i]);
	up_write(&card->spec_lock);
}

static int flash(struct mdev_sim_card *card, const char *word)
{
	struct mdev_sim_spec **spec;
	unsigned int i;
	int ret;

	spec = kcalloc(card->nr_types, sizeof(*spec), GFP_KERNEL);
	if (!spec)
		return -ENOMEM;
	ret = parse_staged(card, spec);
	if (!ret) {
		swap_specs(card, spec);
		strscpy(card->firmware, word, sizeof(card->firmware));
		ret = mdev_profile_changed(&card->mdev);
	}
	for (i = 0; i < card->nr_types; i++)
		mdev_sim_spec_free(spec[i]);
	kfree(spec);
	return ret;
}

static ssize_t firmware_show(struct device *dev, struct device_attribute *attr,
			     char *buf)
{
	struct mdev_sim_card *card = container_of(dev, struct mdev_sim_card,
						  dev);
	ssize_t ret;

	mutex_lock(&card->flash_lock);
	ret = sysfs_emit(buf, "%s\n", card->firmware);
	mutex_unlock(&card->flash_lock);
	return ret;
}

static ssize_t firmware_store(struct device *dev, struct device_attribute *attr,
			      const char *buf, size_t count)
{
	struct mdev_sim_card *card = container_of(dev, struct mdev_sim_card,
						  dev);
	size_t i, len = count && buf[count - 1] == '\n' ? count - 1 : count;
	char word[sizeof(card->firmware)];
	int ret = -ENODEV;

	if (!len || len >= sizeof(word))
		return -EINVAL;
	for (i = 0; i < len; i++)
		if (!isascii(buf[i]) || !isgraph(buf[i]))
			return -EINVAL;
	memcpy(word, buf, len);
	word[len] = '\0';

	mutex_lock(&card->flash_lock);
	/* pairs with mdev_sim_card_register() */
	if (smp_load_acquire(&card->ready))
		ret = flash(card, word);
	mutex_unlock(&card->flash_lock);
	return ret ?: count;
}
static DEVICE_ATTR_RW(firmware);

static struct attribute *mdev_sim_card_attrs[] = {
	&dev_attr_firmware.attr,
	NULL,
};
ATTRIBUTE_GROUPS(mdev_sim_card);

/* ---- the parent device ---- */

/* Each type that is still known to the mdev core holds a reference to it. */
static void mdev_sim_card_release(struct device *dev)
{
	struct mdev_sim_card *card = container_of(dev, struct mdev_sim_card,
						  dev);
	unsigned int i;

	for (i = 0; i < card->nr_types; i++) {
		mdev_sim_spec_free(card->type[i].spec);
		kfree(card->type[i].name);
	}
	mutex_destroy(&card->flash_lock);
	kfree(card->list);
	kfree(card);
}

static int init_type(struct mdev_sim_card *card, unsigned int i,
		     struct mdev_sim_texts *texts)
{
	const char *name = config_item_name(&texts->item);
	struct mdev_sim_type *type = &card->type[i];
	struct mdev_sim_spec *spec;

	type->card = card;
	type->name = kstrdup(name, GFP_KERNEL);
	if (!type->name)
		return -ENOMEM;
	type->type.sysfs_name = type->name;
	type->type.pretty_name = type->name;
	card->list[i] = &type->type;
	spec = mdev_sim_spec_parse(card->personality, name, texts->text);
	if (IS_ERR(spec))
		return PTR_ERR(spec);
	type->spec = spec;
	return 0;
}

static void init_card(struct mdev_sim_card *card,
		      struct mdev_sim_parent *config)
{
	card->config = config;
	card->personality = config->personality;
	mutex_init(&card->flash_lock);
	init_rwsem(&card->spec_lock);
	spin_lock_init(&card->capacity_lock);
	device_initialize(&card->dev);
	card->dev.class = &mdev_sim_class;
	card->dev.groups = mdev_sim_card_groups;
	card->dev.release = mdev_sim_card_release;
}

/**
 * mdev_sim_card_create - make a parent device of what was written
 * @config: its folder in configfs, its lock held
 * @name: name of the folder
 *
 * Context: may sleep.
 * Return: the card, for mdev_sim_card_register(); or an ERR_PTR: -ENOMEM, or
 * -EINVAL if there are no types or one cannot be understood.
 */
struct mdev_sim_card *mdev_sim_card_create(struct mdev_sim_parent *config,
					   const char *name)
{
	struct mdev_sim_texts *texts;
	struct mdev_sim_card *card;
	unsigned int nr = 0;
	int ret;

	lockdep_assert_held(&config->lock);
	list_for_each_entry(texts, &config->types, entry)
		nr++;
	if (!nr)
		return ERR_PTR(-EINVAL);
	card = kzalloc(struct_size(card, type, nr), GFP_KERNEL);
	if (!card)
		return ERR_PTR(-ENOMEM);
	init_card(card, config);
	card->nr_types = nr;
	ret = dev_set_name(&card->dev, "%s-%s", config->personality->name,
			   name);
	card->list = kcalloc(nr, sizeof(*card->list), GFP_KERNEL);
	if (!ret && !card->list)
		ret = -ENOMEM;
	nr = 0;
	list_for_each_entry(texts, &config->types, entry)
		ret = ret ?: init_type(card, nr++, texts);
	if (!ret)
		return card;
	put_device(&card->dev);
	return ERR_PTR(ret);
}

/**
 * mdev_sim_card_register - let a parent device appear, with its types
 * @card: the card; after an error it is gone
 *
 * Context: may sleep; calls describe().
 * Return: 0, or what device_add() or mdev_register_parent() says.
 */
int mdev_sim_card_register(struct mdev_sim_card *card)
{
	int ret;

	ret = device_add(&card->dev);
	if (ret)
		goto put;
	ret = mdev_register_parent(&card->mdev, &card->dev,
				   card->personality->driver, card->list,
				   card->nr_types);
	if (ret)
		goto del;
	/* pairs with firmware_store() */
	smp_store_release(&card->ready, true);
	return 0;

del:
	device_del(&card->dev);
put:
	put_device(&card->dev);
	return ret;
}

/**
 * mdev_sim_card_unregister - end of mdev_sim_card_register()
 * @card: the card, with all of its instances
 *
 * Context: may sleep; waits until no instance is open, and for flashing, so
 * the caller holds no lock that this takes.
 */
void mdev_sim_card_unregister(struct mdev_sim_card *card)
{
	mdev_unregister_parent(&card->mdev);
	device_unregister(&card->dev);
}

int mdev_sim_cards_init(void)
{
	return class_register(&mdev_sim_class);
}

void mdev_sim_cards_exit(void)
{
	class_unregister(&mdev_sim_class);
}
