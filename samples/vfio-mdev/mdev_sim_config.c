// SPDX-License-Identifier: GPL-2.0-only
/*
 * The simulated vendor driver: its folders in configfs.
 *
 *	mdev_sim/<personality>/<parent>/commit
 *	mdev_sim/<personality>/<parent>/<type>/software_version, fields, ..
 *
 * Text is kept as it was written.  It takes effect as the parent is committed,
 * and afterwards as its firmware is written.
 */
#include <linux/configfs.h>
#include <linux/ctype.h>
#include <linux/err.h>
#include <linux/module.h>
#include <linux/slab.h>
#include <linux/string.h>

#include "mdev_sim.h"

#define PARENT_NAME_MAX 32

/* ---- types ---- */

static struct mdev_sim_texts *to_texts(struct config_item *item)
{
	return container_of(item, struct mdev_sim_texts, item);
}

/* Asked for its length first; meanwhile it may have become another. */
static ssize_t text_read(struct config_item *item, enum mdev_sim_file file,
			 void *data, size_t size)
{
	struct mdev_sim_texts *texts = to_texts(item);
	const char *text;
	size_t len;

	mutex_lock(&texts->parent->lock);
	text = texts->text[file] ?: "";
	len = strlen(text);
	if (data) {
		memset(data, '\n', size);
		memcpy(data, text, min(len, size));
		len = size;
	}
	mutex_unlock(&texts->parent->lock);
	return len;
}

/*
 * All that was written until the file is closed: shells write line by line.
 * It is NULL if all of it was too long, which has been said.
 */
static ssize_t text_write(struct config_item *item, enum mdev_sim_file file,
			  const void *data, size_t size)
{
	struct mdev_sim_texts *texts = to_texts(item);
	char *text;
	size_t i;

	if (!data)
		return 0;
	text = kmemdup_nul(data, size, GFP_KERNEL);
	if (!text)
		return -ENOMEM;
	/* no character that any value has */
	for (i = 0; i < size; i++)
		if (!text[i])
			text[i] = '\1';
	mutex_lock(&texts->parent->lock);
	swap(text, texts->text[file]);
	mutex_unlock(&texts->parent->lock);
	kfree(text);
	return size;
}

#define TEXT_ATTR(name, file)						\
static const enum mdev_sim_file text_##name##_file = file;		\
									\
static ssize_t text_##name##_read(struct config_item *item, void *data,	\
				  size_t size)				\
{									\
	return text_read(item, text_##name##_file, data, size);		\
}									\
									\
static ssize_t text_##name##_write(struct config_item *item,		\
				   const void *data, size_t size)	\
{									\
	return text_write(item, text_##name##_file, data, size);	\
}									\
CONFIGFS_BIN_ATTR(text_, name, NULL, MDEV_SIM_TEXT_MAX)

TEXT_ATTR(software_version, MDEV_SIM_VERSION);
TEXT_ATTR(compatible_software_version, MDEV_SIM_ACCEPTS);
TEXT_ATTR(emitted_software_version, MDEV_SIM_EMITS);
TEXT_ATTR(compatible_type, MDEV_SIM_TYPES);
TEXT_ATTR(fields, MDEV_SIM_FIELDS);
TEXT_ATTR(resources, MDEV_SIM_RESOURCES);
TEXT_ATTR(instances, MDEV_SIM_INSTANCES);
TEXT_ATTR(bugfix, MDEV_SIM_BUGFIX);
TEXT_ATTR(rings, MDEV_SIM_RINGS);
TEXT_ATTR(check, MDEV_SIM_CHECK);

/* The first two are for personalities with check(). */
#define NR_CHECK_ATTRS 2

static struct configfs_bin_attribute *text_attrs[] = {
	&text_attr_rings,
	&text_attr_check,
	&text_attr_software_version,
	&text_attr_compatible_software_version,
	&text_attr_emitted_software_version,
	&text_attr_compatible_type,
	&text_attr_fields,
	&text_attr_resources,
	&text_attr_instances,
	&text_attr_bugfix,
	NULL,
};

static void texts_release(struct config_item *item)
{
	struct mdev_sim_texts *texts = to_texts(item);
	unsigned int i;

	for (i = 0; i < MDEV_SIM_FILES; i++)
		kfree(texts->text[i]);
	kfree(texts);
}

static struct configfs_item_operations texts_ops = {
	.release = texts_release,
};

static const struct config_item_type texts_type = {
	.ct_owner = THIS_MODULE,
	.ct_item_ops = &texts_ops,
	.ct_bin_attrs = text_attrs + NR_CHECK_ATTRS,
};

static const struct config_item_type texts_check_type = {
	.ct_owner = THIS_MODULE,
	.ct_item_ops = &texts_ops,
	.ct_bin_attrs = text_attrs,
};

/* ---- parents ---- */

static struct mdev_sim_parent *to_parent(struct config_item *item)
{
	return container_of(to_config_group(item), struct mdev_sim_parent,
			    group);
}

static struct config_item *make_texts(struct config_group *group,
				      const char *name)
{
	struct mdev_sim_parent *parent = to_parent(&group->cg_item);
	const struct mdev_driver *drv = parent->personality->driver;
	struct mdev_sim_texts *texts = kzalloc(sizeof(*texts), GFP_KERNEL);

	if (!texts)
		return ERR_PTR(-ENOMEM);
	config_item_init_type_name(&texts->item, name,
				   drv->profile_ops->check ?
					   &texts_check_type : &texts_type);
	texts->parent = parent;
	mutex_lock(&parent->lock);
	if (!parent->committed)
		list_add_tail(&texts->entry, &parent->types);
	else
		texts->parent = NULL;
	mutex_unlock(&parent->lock);
	if (texts->parent)
		return &texts->item;
	config_item_put(&texts->item);
	return ERR_PTR(-EBUSY);
}

/* A type that is registered stays so, as it is. */
static void drop_texts(struct config_group *group, struct config_item *item)
{
	struct mdev_sim_parent *parent = to_parent(&group->cg_item);

	mutex_lock(&parent->lock);
	list_del(&to_texts(item)->entry);
	mutex_unlock(&parent->lock);
	config_item_put(item);
}

static struct configfs_group_operations parent_group_ops = {
	.make_item = make_texts,
	.drop_item = drop_texts,
};

/* Types may be added to it, or the card be made of them, but not both. */
static struct mdev_sim_card *begin_commit(struct mdev_sim_parent *parent)
{
	struct mdev_sim_card *card;

	mutex_lock(&parent->lock);
	card = mdev_sim_card_create(parent,
				    config_item_name(&parent->group.cg_item));
	parent->committed = !IS_ERR(card);
	mutex_unlock(&parent->lock);
	return card;
}

static void end_commit(struct mdev_sim_parent *parent)
{
	parent->card = NULL;
	mutex_lock(&parent->lock);
	parent->committed = false;
	mutex_unlock(&parent->lock);
}

static int commit(struct mdev_sim_parent *parent)
{
	int ret;

	if (parent->card)
		return -EBUSY;
	parent->card = begin_commit(parent);
	if (IS_ERR(parent->card)) {
		ret = PTR_ERR(parent->card);
		parent->card = NULL;
		return ret;
	}
	ret = mdev_sim_card_register(parent->card);
	if (ret)
		end_commit(parent);
	return ret;
}

static void uncommit(struct mdev_sim_parent *parent)
{
	if (!parent->card)
		return;
	mdev_sim_card_unregister(parent->card);
	end_commit(parent);
}

static ssize_t parent_commit_show(struct config_item *item, char *page)
{
	struct mdev_sim_parent *parent = to_parent(item);
	ssize_t ret;

	mutex_lock(&parent->commit_lock);
	ret = sysfs_emit(page, "%d\n", !!parent->card);
	mutex_unlock(&parent->commit_lock);
	return ret;
}

static ssize_t parent_commit_store(struct config_item *item, const char *page,
				   size_t count)
{
	struct mdev_sim_parent *parent = to_parent(item);
	int ret = 0;

	if (!sysfs_streq(page, "0") && !sysfs_streq(page, "1"))
		return -EINVAL;
	mutex_lock(&parent->commit_lock);
	if (*page == '1')
		ret = commit(parent);
	else
		uncommit(parent);
	mutex_unlock(&parent->commit_lock);
	return ret ?: count;
}
CONFIGFS_ATTR(parent_, commit);

static struct configfs_attribute *parent_attrs[] = {
	&parent_attr_commit,
	NULL,
};

static void parent_release(struct config_item *item)
{
	struct mdev_sim_parent *parent = to_parent(item);

	mutex_destroy(&parent->lock);
	mutex_destroy(&parent->commit_lock);
	kfree(parent);
}

static struct configfs_item_operations parent_item_ops = {
	.release = parent_release,
};

/* ---- personalities ---- */

static struct mdev_sim_personality *to_personality(struct config_group *group)
{
	return container_of(group, struct mdev_sim_personality, group);
}

static bool is_parent_name(const char *name)
{
	size_t i;

	for (i = 0; name[i]; i++)
		if (i == PARENT_NAME_MAX || !isascii(name[i]) ||
		    (!isalnum(name[i]) && !strchr("_-", name[i])))
			return false;
	return i;
}

static struct config_group *make_parent(struct config_group *group,
					const char *name)
{
	struct mdev_sim_parent *parent;

	if (!is_parent_name(name))
		return ERR_PTR(-EINVAL);
	parent = kzalloc(sizeof(*parent), GFP_KERNEL);
	if (!parent)
		return ERR_PTR(-ENOMEM);
	parent->personality = to_personality(group);
	mutex_init(&parent->commit_lock);
	mutex_init(&parent->lock);
	INIT_LIST_HEAD(&parent->types);
	config_group_init_type_name(&parent->group, name,
				    &parent->personality->parent_type);
	return &parent->group;
}

static void drop_parent(struct config_group *group, struct config_item *item)
{
	struct mdev_sim_parent *parent = to_parent(item);

	mutex_lock(&parent->commit_lock);
	uncommit(parent);
	mutex_unlock(&parent->commit_lock);
	config_item_put(item);
}

static struct configfs_group_operations personality_group_ops = {
	.make_group = make_parent,
	.drop_item = drop_parent,
};

static const struct config_item_type personality_type = {
	.ct_owner = THIS_MODULE,
	.ct_group_ops = &personality_group_ops,
};

static const struct config_item_type subsys_type = {
	.ct_owner = THIS_MODULE,
};

static struct configfs_subsystem mdev_sim_subsys = {
	.su_group = {
		.cg_item = {
			.ci_namebuf = MDEV_SIM_NAME,
			.ci_type = &subsys_type,
		},
	},
	.su_mutex = __MUTEX_INITIALIZER(mdev_sim_subsys.su_mutex),
};

/**
 * mdev_sim_register - add a personality
 * @personality: the personality, static in its module
 *
 * Context: may sleep.
 * Return: 0 or an errno.
 */
int mdev_sim_register(struct mdev_sim_personality *personality)
{
	int ret;

	/* its module stays as long as there is a parent */
	personality->parent_type = (struct config_item_type){
		.ct_owner = personality->module,
		.ct_item_ops = &parent_item_ops,
		.ct_group_ops = &parent_group_ops,
		.ct_attrs = parent_attrs,
	};
	ret = mdev_register_driver(personality->driver);
	if (ret)
		return ret;
	config_group_init_type_name(&personality->group, personality->name,
				    &personality_type);
	ret = configfs_register_group(&mdev_sim_subsys.su_group,
				      &personality->group);
	if (ret)
		mdev_unregister_driver(personality->driver);
	return ret;
}
EXPORT_SYMBOL_GPL(mdev_sim_register);

/**
 * mdev_sim_unregister - end of mdev_sim_register()
 * @personality: the personality, without parents
 *
 * Context: may sleep.
 */
void mdev_sim_unregister(struct mdev_sim_personality *personality)
{
	configfs_unregister_group(&personality->group);
	mdev_unregister_driver(personality->driver);
}
EXPORT_SYMBOL_GPL(mdev_sim_unregister);

static int __init mdev_sim_init(void)
{
	int ret;

	ret = mdev_sim_cards_init();
	if (ret)
		return ret;
	config_group_init(&mdev_sim_subsys.su_group);
	ret = configfs_register_subsystem(&mdev_sim_subsys);
	if (ret)
		mdev_sim_cards_exit();
	return ret;
}
module_init(mdev_sim_init);

static void __exit mdev_sim_exit(void)
{
	configfs_unregister_subsystem(&mdev_sim_subsys);
	mdev_sim_cards_exit();
}
module_exit(mdev_sim_exit);

MODULE_LICENSE("GPL");
MODULE_DESCRIPTION("Simulated vendor driver: mediated devices that migrate");
