// SPDX-License-Identifier: GPL-2.0-only OR LGPL-2.1-or-later
/*
 * Cases of building a profile: what is refused and in which words, what the
 * attributes then say, and what is understood when they are read back.
 */
#include "cases_private.h"

/* A type is built from directives. */
#define BUILD(title, directives) \
	{ .name = "build: " title, .run = run_build, .in = (directives) }
#define BUILD_INST(title, directives)                                     \
	{ .name = "build: " title, .run = run_build, .in = (directives), \
	  .instance = true }
#define REFUSE(title, directives, errno_, words)                          \
	{ .name = "refuse: " title, .run = run_build, .in = (directives), \
	  .err = (errno_), .want = (words) }
#define REFUSE_INST(title, directives, errno_, words)                     \
	{ .name = "refuse: " title, .run = run_build, .in = (directives), \
	  .err = (errno_), .want = (words), .instance = true }
#define ATTR(title, directives, attr, text)                              \
	{ .name = "attribute: " title, .run = run_attr, .key = (attr), \
	  .in = (directives), .want = (text) }
#define ATTR_INST(title, directives, attr, text)                         \
	{ .name = "attribute: " title, .run = run_attr, .key = (attr), \
	  .in = (directives), .want = (text), .instance = true }
#define LOAD(title, attr, text, canonical)                          \
	{ .name = "load: " title, .run = run_load, .key = (attr), \
	  VP_TEXT(text), .want = (canonical) }
#define NO_LOAD(title, attr, text, errno_, words)                     \
	{ .name = "no load: " title, .run = run_load, .key = (attr), \
	  VP_TEXT(text), .err = (errno_), .want = (words) }
#define SERIES(title, text, number)                                 \
	{ .name = "series: " title, .run = run_series, VP_TEXT(text), \
	  .err = (number) }

#define V "version 1.0.0;"
#define BAD_CHAR "is too long, or has a character that is not allowed"
#define BAD_NAME "is not a name ([a-z][a-z0-9_]{0,30})"
#define BAD_VERSION "is not a version (three numbers up to 65535; a series: two)"
#define RESERVED "is reserved for the core"
#define MINORS_TO_63 \
	"1.0,1.1,1.2,1.3,1.4,1.5,1.6,1.7,1.8,1.9,1.10,1.11,1.12,1.13,1.14,1.15,1.16,1.17,1.18,1.19,1.20,1.21,1.22,1.23,1.24,1.25,1.26,1.27,1.28,1.29,1.30,1.31,1.32,1.33,1.34,1.35,1.36,1.37,1.38,1.39,1.40,1.41,1.42,1.43,1.44,1.45,1.46,1.47,1.48,1.49,1.50,1.51,1.52,1.53,1.54,1.55,1.56,1.57,1.58,1.59,1.60,1.61,1.62,1.63"
#define INST_LINE \
	"drv-v1;api=vfio-pci;type=t-1;sw=1.0.0;f.a=1;r.r=50%25%2C%3D;r.s=3%204;vendor=%20;end"

static int run_build(const struct vp_case *c)
{
	int ret = vp_build(W_SRC, c->in, c->instance);

	if (vp_same_int("errno", ret, c->err) ||
	    vp_same_int("vp_error()", vp_error(W_SRC), c->err))
		return 1;
	if (c->err)
		return vp_explained(W_SRC, c->want);
	ret = vp_format(W_SRC, W_IN, VP_TEXT_SIZE);
	if (ret < 0)
		return vp_fail("cannot be formatted: %d", ret);
	return vp_is_line(W_IN, ret) || vp_explained(W_SRC, ": is valid");
}

static int run_attr(const struct vp_case *c)
{
	int ret = vp_build(W_SRC, c->in, c->instance);

	return vp_same_int("errno", ret, 0) ||
	       vp_attr_is(W_SRC, c->key, c->want);
}

/* What userspace does with a node's file; the rest comes from the line. */
static int run_load(const struct vp_case *c)
{
	struct vp_profile *p = W_SRC;
	int ret;

	vp_init(p);
	if (!strcmp(c->key, "device_api") || !strcmp(c->key, "migration_type")) {
		ret = vp_load(p, c->key, c->in, c->len);
		if (vp_same_int("errno", ret, c->err))
			return 1;
		if (c->err)
			return vp_explained(p, c->want);
		return vp_same_text(c->key, vp_str(p, p->api ?: p->type),
				    c->want);
	}
	vp_identify(p, "drv", "vfio-pci", "t-1");
	if (strcmp(c->key, "software_version"))
		vp_version(p, "1.1.0");
	ret = vp_load(p, c->key, c->in, c->len) ?: vp_seal(p, false);
	if (vp_same_int("errno", ret, c->err))
		return 1;
	if (ret == -ENOENT)
		return vp_same_int("vp_error()", vp_error(p), 0);
	return ret ? vp_explained(p, c->want) : vp_attr_is(p, c->key, c->want);
}

/* Nothing is sealed that does not say whose it is. */
static int run_unidentified(const struct vp_case *c)
{
	vp_init(W_SRC);
	vp_version(W_SRC, "1.0.0");
	if (!strcmp(c->in, "api only"))
		vp_load(W_SRC, "device_api", "vfio-pci\n", 9);
	if (!strcmp(c->in, "type only"))
		vp_load(W_SRC, "migration_type", "t-1\n", 4);
	return vp_same_int("as a source", vp_seal_line(W_SRC, false), -ENODATA) ||
	       vp_same_int("errno", vp_seal(W_SRC, false), -ENODATA) ||
	       vp_explained(W_SRC, "device_api: was not given");
}

/* A source needs no lists: sealing it adds none. */
static int run_source_only(const struct vp_case *c)
{
	vp_init(W_SRC);
	vp_identify(W_SRC, "drv", "vfio-pci", "t-1");
	vp_spec(W_SRC, "version 1.64.0;add b x;add a y;resource r 1", true);
	return vp_same_int("errno", vp_seal_line(W_SRC, true), 0) ||
	       vp_attr_is(W_SRC, "compatible_software_version", "") ||
	       vp_attr_is(W_SRC, "compatible_type", "") ||
	       vp_attr_is(W_SRC, "migration_version", c->want);
}

static int run_series(const struct vp_case *c)
{
	__u32 series = 0xdeadbeef;
	int ret = vp_parse_series(c->in, c->len, &series);

	if (vp_same_int("errno", ret, c->err < 0 ? c->err : 0))
		return 1;
	return ret ? 0 : vp_same_int("series", series, c->err);
}

static const struct vp_case vp_profile_cases[] = {
	BUILD("the least", V),
	BUILD("a type with everything",
	      V "accept 1.0;emit 1.0;accept-type t-2;add a x;list b y,z;resource fps;vendor text"),
	BUILD_INST("an instance with everything",
		   V "add a x;resource fps 30;vendor text"),
	BUILD_INST("an instance with an empty value", V "resource fps "),
	BUILD_INST("an instance without resources", V "add a x"),
	BUILD("an empty vendor text", V "vendor"),
	BUILD("a resource called like a field", V "add fps x;resource fps"),
	BUILD("minor 63", "version 1.63.0"),
	BUILD("minor 64 with a list", "version 1.64.0;accept 1.64"),
	BUILD("the largest version with lists",
	      "version 65535.65535.65535;accept 65535.65535;emit 65535.65535"),
	BUILD("the largest version, emitted by default",
	      "version 65535.65535.65535;accept 65535.65535"),
	BUILD("accepts newer than its own", V "accept 1.0;accept 7.5"),
	BUILD("emits an older major", "version 2.0.0;emit 1.9;emit 2.0"),
	BUILD("its own type listed", V "accept-type t-1;accept-type t-2"),

	REFUSE("no version", "add a x", -ENODATA,
	       "software_version: was not given"),
	REFUSE("a version of two numbers", "version 1.0", -EINVAL,
	       "software_version: '1.0' " BAD_VERSION),
	REFUSE("an empty version", "version", -EINVAL,
	       "software_version: " BAD_VERSION),
	REFUSE("a version with a newline", "version 1.0.0 ", -EINVAL,
	       "software_version: '1.0.0%20' " BAD_VERSION),
	REFUSE("a version above 65535", "version 1.65536.0", -EINVAL,
	       "software_version: '1.65536.0' " BAD_VERSION),
	REFUSE("a leading zero", "version 01.0.0", -EINVAL,
	       "software_version: '01.0.0' " BAD_VERSION),
	REFUSE("a version with v", "version v1.0.0", -EINVAL,
	       "software_version: 'v1.0.0' " BAD_VERSION),
	REFUSE("a second version", V "version 1.0.1", -EEXIST,
	       "software_version: '1.0.1' is there already"),
	REFUSE("an accepted version", V "accept 1.0.0", -EINVAL,
	       "compatible_software_version: '1.0.0' " BAD_VERSION),
	REFUSE("an accepted number", V "accept 1", -EINVAL,
	       "compatible_software_version: '1' " BAD_VERSION),
	REFUSE("an empty series", V "accept", -ENODATA,
	       "compatible_software_version: has an empty value, or none"),
	REFUSE("a series twice", V "accept 1.0;accept 1.0", -EEXIST,
	       "compatible_software_version: '1.0' is there already"),
	REFUSE("accepts without its own", V "accept 0.9", -ERANGE,
	       "compatible_software_version: lacks the device's own series"),
	REFUSE("emits without its own", "version 1.1.0;emit 1.0", -ERANGE,
	       "emitted_software_version: lacks the device's own series"),
	REFUSE("emits above its own", V "emit 1.0;emit 1.1", -ERANGE,
	       "emitted_software_version: has a series above the device's own"),
	REFUSE("an emitted series twice", V "emit 1.0;emit 1.0", -EEXIST,
	       "emitted_software_version: '1.0' is there already"),
	REFUSE("minor 64 without a list", "version 1.64.0", -ERANGE,
	       "compatible_software_version: must be listed if the minor version is above 63"),
	REFUSE("minor 65535 without a list", "version 0.65535.0", -ERANGE,
	       "compatible_software_version: must be listed if the minor version is above 63"),
	REFUSE("the largest version without a list",
	       "version 65535.65535.65535", -ERANGE,
	       "compatible_software_version: must be listed if the minor version is above 63"),
	REFUSE("a type twice", V "accept-type t-2;accept-type t-2", -EEXIST,
	       "compatible_type: 't-2' is there already"),
	REFUSE("a type with a comma", V "accept-type a,b", -EINVAL,
	       "compatible_type: 'a%2Cb' " BAD_CHAR),
	REFUSE("an empty type", V "accept-type", -ENODATA,
	       "compatible_type: has an empty value, or none"),
	REFUSE("a field called type", V "add type x", -EEXIST,
	       "compatible_type: 'type' " RESERVED),
	REFUSE("a field called create", V "add create x", -EEXIST,
	       "compatible_create: 'create' " RESERVED),
	REFUSE("a field called software_version", V "add software_version x",
	       -EEXIST,
	       "compatible_software_version: 'software_version' " RESERVED),
	REFUSE("a field called device_api", V "add device_api x", -EEXIST,
	       "compatible_device_api: 'device_api' " RESERVED),
	REFUSE("a field called name", V "add name x", -EEXIST,
	       "compatible_name: 'name' " RESERVED),
	REFUSE("a field called description", V "add description x", -EEXIST,
	       "compatible_description: 'description' " RESERVED),
	REFUSE("a field called devices", V "add devices x", -EEXIST,
	       "compatible_devices: 'devices' " RESERVED),
	REFUSE("a field called available_instances",
	       V "add available_instances x", -EEXIST,
	       "compatible_available_instances: 'available_instances' " RESERVED),
	REFUSE("a field called driver", V "add driver x", -EEXIST,
	       "compatible_driver: 'driver' " RESERVED),
	REFUSE("a field called class", V "add class x", -EEXIST,
	       "compatible_class: 'class' " RESERVED),
	REFUSE("a field called vendor", V "add vendor x", -EEXIST,
	       "compatible_vendor: 'vendor' " RESERVED),
	REFUSE("a field called device", V "add device x", -EEXIST,
	       "compatible_device: 'device' " RESERVED),
	REFUSE("a field called remove", V "add remove x", -EEXIST,
	       "compatible_remove: 'remove' " RESERVED),
	REFUSE("a field called uevent", V "add uevent x", -EEXIST,
	       "compatible_uevent: 'uevent' " RESERVED),
	REFUSE("a field called power", V "add power x", -EEXIST,
	       "compatible_power: 'power' " RESERVED),
	REFUSE("a field called subsystem", V "add subsystem x", -EEXIST,
	       "compatible_subsystem: 'subsystem' " RESERVED),
	REFUSE("a list for a reserved field", V "list type x,y", -EEXIST,
	       "compatible_type: 'type' " RESERVED),
	REFUSE("a field without a name", V "add", -EINVAL,
	       "compatible_: " BAD_NAME),
	REFUSE("a field in upper case", V "add Pci x", -EINVAL,
	       "compatible_Pci: 'Pci' " BAD_NAME),
	REFUSE("a field with a slash", V "add a/b x", -EINVAL,
	       "compatible_a/b: 'a/b' " BAD_NAME),
	REFUSE("a field of two dots", V "add .. x", -EINVAL,
	       "compatible_..: '..' " BAD_NAME),
	REFUSE("a field with a newline", V "add a\t x", -EINVAL,
	       "compatible_a%09: 'a%09' " BAD_NAME),
	REFUSE("an empty value", V "add a ", -ENODATA,
	       "compatible_a: has an empty value, or none"),
	REFUSE("an empty list", V "list a ", -ENODATA,
	       "compatible_a: has an empty value, or none"),
	REFUSE("a list of a blank", V "list a  ", -ENODATA,
	       "compatible_a: has an empty value, or none"),
	REFUSE("a list with two commas", V "list a x,,y", -ENODATA,
	       "compatible_a: has an empty value, or none"),
	REFUSE("a list that ends in a comma", V "list a x,", -ENODATA,
	       "compatible_a: has an empty value, or none"),
	REFUSE("a list that begins with a comma", V "list a ,x", -ENODATA,
	       "compatible_a: has an empty value, or none"),
	REFUSE("a list with a repeat", V "list a x,y,x", -EEXIST,
	       "compatible_a: 'x' is there already"),
	REFUSE("a value twice", V "add a x;add a x", -EEXIST,
	       "compatible_a: 'x' is there already"),
	REFUSE("a value with a comma", V "add a x,y", -EINVAL,
	       "compatible_a: 'x%2Cy' " BAD_CHAR),
	REFUSE("a value with a blank", V "add a x y", -EINVAL,
	       "compatible_a: 'x%20y' " BAD_CHAR),
	REFUSE("a value with =", V "add a x=y", -EINVAL,
	       "compatible_a: 'x%3Dy' " BAD_CHAR),
	REFUSE("a value with %", V "add a 50%", -EINVAL,
	       "compatible_a: '50%25' " BAD_CHAR),
	REFUSE("a value with 0xff", V "add a \xff", -EINVAL,
	       "compatible_a: '%FF' " BAD_CHAR),
	REFUSE("a resource called vendor", V "resource vendor", -EEXIST,
	       "dynamic_resources: 'vendor' " RESERVED),
	REFUSE("a resource called software_version",
	       V "resource software_version", -EEXIST,
	       "dynamic_resources: 'software_version' " RESERVED),
	REFUSE("a resource called migration_version",
	       V "resource migration_version", -EEXIST,
	       "dynamic_resources: 'migration_version' " RESERVED),
	REFUSE("a resource twice", V "resource a;resource a", -EEXIST,
	       "dynamic_resources: 'a' is there already"),
	REFUSE("a resource without a name", V "resource", -ENODATA,
	       "dynamic_resources: has an empty value, or none"),
	REFUSE("a resource with a dash", V "resource a-b", -EINVAL,
	       "dynamic_resources: 'a-b' " BAD_NAME),
	REFUSE_INST("an instance without a value", V "resource a", -EINVAL,
		    "dynamic_resources: 'a' has a value in a type, or none in an instance"),
	REFUSE_INST("an instance with one value of two",
		    V "resource a 1;resource b", -EINVAL,
		    "dynamic_resources: 'b' has a value in a type, or none in an instance"),
	REFUSE("two vendor texts", V "vendor x;vendor y", -EEXIST,
	       "vendor: 'y' is there already"),
	REFUSE("a vendor text after an empty one", V "vendor;vendor y", -EEXIST,
	       "vendor: 'y' is there already"),
	REFUSE("the first error is kept", V "add a x,y;add b ;version 2", -EINVAL,
	       "compatible_a: 'x%2Cy' " BAD_CHAR),

	{ .name = "refuse: without api and type", .run = run_unidentified,
	  .in = "neither" },
	{ .name = "refuse: without a type", .run = run_unidentified,
	  .in = "api only" },
	{ .name = "refuse: without an api", .run = run_unidentified,
	  .in = "type only" },
	{ .name = "build: a source only", .run = run_source_only,
	  .want = "drv-v1;api=vfio-pci;type=t-1;sw=1.64.0;f.a=y;f.b=x;r.r=1;end" },

	ATTR("version", "version 1.22.333", "software_version", "1.22.333"),
	ATTR("accepts by default, minor 0", V, "compatible_software_version",
	     "1.0"),
	ATTR("accepts by default, minor 3", "version 7.3.9",
	     "compatible_software_version", "7.0,7.1,7.2,7.3"),
	ATTR("accepts by default, minor 63", "version 1.63.0",
	     "compatible_software_version",
	     MINORS_TO_63),
	ATTR("accepts as listed, in numeric order",
	     "version 10.0.0;accept 10.0;accept 2.0;accept 2.10;accept 2.9",
	     "compatible_software_version", "2.0,2.9,2.10,10.0"),
	ATTR("a list is not filled up", "version 1.2.0;accept 1.2",
	     "compatible_software_version", "1.2"),
	ATTR("emits by default", "version 1.2.0", "emitted_software_version",
	     "1.2"),
	ATTR("emits as listed", "version 2.1.0;emit 2.1;emit 1.9;emit 2.0",
	     "emitted_software_version", "1.9,2.0,2.1"),
	ATTR("the largest version",
	     "version 65535.65535.65535;accept 65535.65535",
	     "emitted_software_version", "65535.65535"),
	ATTR("its own type", V, "compatible_type", "t-1"),
	ATTR("its own type is added", V "accept-type a;accept-type z",
	     "compatible_type", "a,t-1,z"),
	ATTR("its own type as listed", V "accept-type t-2;accept-type t-1",
	     "compatible_type", "t-1,t-2"),
	ATTR("no resources", V, "dynamic_resources", ""),
	ATTR("resources sorted", V "resource b;resource c;resource a",
	     "dynamic_resources", "a,b,c"),
	ATTR("a field sorted", V "add a z;add a x;add a y", "compatible_a",
	     "x,y,z"),
	ATTR("a field sorted bytewise", V "list a b,aa,a,Z,10,9,~,!",
	     "compatible_a", "!,10,9,Z,a,aa,b,~"),
	ATTR("fields grow by turns",
	     V "add b 1;add a 1;add c 1;add a 0;add c 0;add b 0;add a 2",
	     "compatible_a", "0,1,2"),
	ATTR("fields grow by turns, the second",
	     V "add b 1;add a 1;add c 1;add a 0;add c 0;add b 0;add a 2",
	     "compatible_b", "0,1"),
	ATTR("a list with blanks", V "list a  x , y  z ,w ", "compatible_a",
	     "w,x,y,z"),
	ATTR("two lists of one field", V "list a x,y;list a z", "compatible_a",
	     "x,y,z"),
	ATTR("the line of a type",
	     "version 1.2.3;list b y,x;add a 1;resource s;resource r;vendor v",
	     "migration_version",
	     "drv-v1;api=vfio-pci;type=t-1;sw=1.2.3;f.a=1;f.b=x,y;r.r;r.s;vendor=v;end"),
	ATTR_INST("the line of an instance",
		  V "add a 1;resource s 3 4;resource r 50%,=;vendor  ",
		  "migration_version",
		  INST_LINE),

	LOAD("api", "device_api", "vfio-pci\n", "vfio-pci"),
	LOAD("type", "migration_type", "qat-vf", "qat-vf"),
	LOAD("version", "software_version", "1.2.3\n", "1.2.3"),
	LOAD("version without a newline", "software_version", "1.2.3", "1.2.3"),
	LOAD("series", "compatible_software_version", "1.0,1.1\n", "1.0,1.1"),
	LOAD("series out of order", "compatible_software_version",
	     "10.0, 9.0,1.1\n", "1.1,9.0,10.0"),
	LOAD("emitted", "emitted_software_version", "1.0,1.1\n", "1.0,1.1"),
	LOAD("types", "compatible_type", "t-1,t-2\n", "t-1,t-2"),
	LOAD("resources", "dynamic_resources", "aggregator,fps\n",
	     "aggregator,fps"),
	LOAD("no resources", "dynamic_resources", "\n", ""),
	LOAD("no resources and no newline", "dynamic_resources", "", ""),
	LOAD("a field", "compatible_ids", "8086:5917,8086:591d\n",
	     "8086:5917,8086:591d"),
	LOAD("comma and blank", "compatible_ids", "a, b, c\n", "a,b,c"),
	LOAD("blanks", "compatible_ids", " c b\ta\040\n", "a,b,c"),
	LOAD("newlines", "compatible_ids", "a\nb\nc\n", "a,b,c"),
	LOAD("two newlines at the end", "compatible_ids", "a\n\n", "a"),
	LOAD("a comma on the next line", "compatible_ids", "a\n,\nb\n", "a,b"),
	LOAD("resources, one a line", "dynamic_resources", "b\na\n", "a,b"),
	NO_LOAD("another attribute", "available_instances", "1\n", -ENOENT, ""),
	NO_LOAD("the line", "migration_version", "x\n", -ENOENT, ""),
	NO_LOAD("half a prefix", "compatible", "x\n", -ENOENT, ""),
	NO_LOAD("no name", "", "x\n", -ENOENT, ""),
	NO_LOAD("an empty api", "device_api", "\n", -EINVAL,
		"device_api: " BAD_CHAR),
	NO_LOAD("two apis", "device_api", "a b\n", -EINVAL,
		"device_api: 'a%20b' " BAD_CHAR),
	NO_LOAD("an empty type", "migration_type", "", -EINVAL,
		"migration_type: " BAD_CHAR),
	NO_LOAD("an empty version", "software_version", "\n", -EINVAL,
		"software_version: " BAD_VERSION),
	NO_LOAD("two versions", "software_version", "1.0.0\n1.0.0\n", -EINVAL,
		"software_version: '1.0.0%0A1.0.0' " BAD_VERSION),
	NO_LOAD("an empty list of series", "compatible_software_version", "\n",
		-ENODATA,
		"compatible_software_version: has an empty value, or none"),
	NO_LOAD("an empty list of emitted", "emitted_software_version", "",
		-ENODATA,
		"emitted_software_version: has an empty value, or none"),
	NO_LOAD("an empty list of types", "compatible_type", "\n", -ENODATA,
		"compatible_type: has an empty value, or none"),
	NO_LOAD("an empty field", "compatible_ids", "\n", -ENODATA,
		"compatible_ids: has an empty value, or none"),
	NO_LOAD("a bad series", "compatible_software_version", "1.0,1\n",
		-EINVAL, "compatible_software_version: '1' " BAD_VERSION),
	NO_LOAD("a repeated series", "compatible_software_version",
		"1.0 1.0\n", -EEXIST,
		"compatible_software_version: '1.0' is there already"),
	NO_LOAD("a repeated value", "compatible_ids", "a,a\n", -EEXIST,
		"compatible_ids: 'a' is there already"),
	NO_LOAD("a comma at the end", "compatible_ids", "a,\n", -ENODATA,
		"compatible_ids: has an empty value, or none"),
	NO_LOAD("two commas", "compatible_ids", "a, ,b\n", -ENODATA,
		"compatible_ids: has an empty value, or none"),
	NO_LOAD("NUL at the end", "compatible_ids", "a\0", -EINVAL,
		"compatible_ids: 'a%00' " BAD_CHAR),
	NO_LOAD("NUL in a version", "software_version", "1.0.0\0\n", -EINVAL,
		"software_version: '1.0.0%00' " BAD_VERSION),
	NO_LOAD("NUL in a resource", "dynamic_resources", "a\0b\n", -EINVAL,
		"dynamic_resources: 'a%00b' " BAD_NAME),
	NO_LOAD("a carriage return", "compatible_ids", "a\r\n", -EINVAL,
		"compatible_ids: 'a%0D' " BAD_CHAR),
	NO_LOAD("a percent sign", "compatible_ids", "%41\n", -EINVAL,
		"compatible_ids: '%2541' " BAD_CHAR),
	NO_LOAD("a reserved field", "compatible_name", "x\n", -EEXIST,
		"compatible_name: 'name' " RESERVED),
	NO_LOAD("a field without a name", "compatible_", "x\n", -EINVAL,
		"compatible_: " BAD_NAME),
	NO_LOAD("a comma for resources", "dynamic_resources", ",\n", -ENODATA,
		"dynamic_resources: has an empty value, or none"),
	NO_LOAD("an upper-case resource", "dynamic_resources", "A\n", -EINVAL,
		"dynamic_resources: 'A' " BAD_NAME),

	SERIES("0.0", "0.0", 0),
	SERIES("1.2", "1.2", 0x10002),
	SERIES("the largest of 31 bits", "32767.65535", 0x7fffffff),
	SERIES("nothing", "", -EINVAL),
	SERIES("one number", "1", -EINVAL),
	SERIES("three numbers", "1.2.3", -EINVAL),
	SERIES("a dot", ".", -EINVAL),
	SERIES("a dot at the end", "1.", -EINVAL),
	SERIES("a dot at the beginning", ".1", -EINVAL),
	SERIES("a newline", "1.2\n", -EINVAL),
	SERIES("NUL", "1.2\0", -EINVAL),
	SERIES("a leading zero", "1.02", -EINVAL),
	SERIES("65536", "1.65536", -EINVAL),
	SERIES("six digits", "100000.1", -EINVAL),
};

const struct vp_table vp_profile_table = {
	vp_profile_cases,
	ARRAY_SIZE(vp_profile_cases),
};
