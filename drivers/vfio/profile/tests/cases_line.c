// SPDX-License-Identifier: GPL-2.0-only OR LGPL-2.1-or-later
/*
 * Cases of the line: what is one, and all that is not.
 */
#include "cases_private.h"

#define HEAD "drv-v1;api=vfio-pci;type=t-1;sw=1.0.0"

#define LINE(title, text) \
	{ .name = "line: " title, .run = run_line, VP_TEXT(text) }
#define NO_LINE(title, text) \
	{ .name = "no line: " title, .run = run_no_line, VP_TEXT(text) }
#define HAS(title, attr, text, expected)                             \
	{ .name = "line says: " title, .run = run_says, .key = attr, \
	  VP_TEXT(text), .want = expected }

/* It comes back as it was; one newline may end it, and nothing else. */
static int run_line(const struct vp_case *c)
{
	static const char *const more[] = { "\n\n", " ",  "\r\n", "\n ",
					    ";",    "x",  "\040\n",  ";end",
					    "\n;",  "\t", ";\n",  ";end;end" };
	size_t at = vp_put(W_IN, 0, c->in);
	unsigned int i;

	if (vp_is_line(c->in, c->len))
		return 1;
	for (i = 0; i < ARRAY_SIZE(more); i++) {
		vp_put(W_IN, at, more[i]);
		if (vp_no_line(W_IN, strlen(W_IN)))
			return 1;
	}
	if (vp_no_line(c->in, c->len + 1)) /* with its NUL */
		return 1;
	vp_put(W_IN, at, "\n");
	return vp_is_line(W_IN, at + 1);
}

static int run_no_line(const struct vp_case *c)
{
	size_t i;

	if (vp_no_line(c->in, c->len))
		return 1;
	for (i = 0; i < c->len; i++)
		W_IN[i] = c->in[i];
	W_IN[i] = '\n';
	return vp_no_line(W_IN, c->len + 1);
}

/* One thing that a line says. */
static int run_says(const struct vp_case *c)
{
	const char *text = NULL;
	const char *key = c->key;
	int i;

	if (vp_is_line(c->in, c->len))
		return 1;
	if (!strcmp(key, "driver"))
		text = vp_str(W_TMP, W_TMP->driver);
	else if (!strcmp(key, "device_api"))
		text = vp_str(W_TMP, W_TMP->api);
	else if (!strcmp(key, "type"))
		text = vp_str(W_TMP, W_TMP->type);
	else if (!strcmp(key, "vendor"))
		text = W_TMP->vendor ? vp_str(W_TMP, W_TMP->vendor) : "none";
	if (text)
		return vp_same_text(key, text, c->want);
	i = vp_find_resource(W_TMP, key);
	if (i < 0)
		return vp_attr_is(W_TMP, key, c->want);
	if (!W_TMP->resource[i].value)
		return vp_same_text(key, "none", c->want);
	return vp_same_text(key, vp_str(W_TMP, W_TMP->resource[i].value),
			    c->want);
}

static const struct vp_case vp_line_cases[] = {
	LINE("the least", HEAD ";end"),
	LINE("a field", HEAD ";f.pci_ids=8086:591d;end"),
	LINE("a field of three values", HEAD ";f.a=x,y,z;end"),
	LINE("two fields", HEAD ";f.a=x;f.b=y;end"),
	LINE("a resource of a type", HEAD ";r.fps;end"),
	LINE("a resource of an instance", HEAD ";r.fps=30;end"),
	LINE("an empty resource value", HEAD ";r.fps=;end"),
	LINE("two resources of a type", HEAD ";r.a;r.b;end"),
	LINE("two resources of an instance", HEAD ";r.a=;r.b=1;end"),
	LINE("a vendor text", HEAD ";vendor=abc;end"),
	LINE("an empty vendor text", HEAD ";vendor=;end"),
	LINE("everything",
	     "i915-v1;api=vfio-pci;type=i915-GVTg_V5_8;sw=1.12.3;"
	     "f.aes=on;f.pci_ids=8086:5917,8086:591d;"
	     "r.aggregator=2;r.fps=60;vendor=x%2Cy%3D%20;end"),
	LINE("the largest version",
	     "drv-v1;api=a;type=t;sw=65535.65535.65535;end"),
	LINE("the smallest version", "drv-v1;api=a;type=t;sw=0.0.0;end"),
	LINE("names of one character", HEAD ";f.a=b;r.c=d;end"),
	LINE("digits and underscores in names", HEAD ";f.a0_=b;r.z__9=d;end"),
	LINE("a digit sorts before an underscore",
	     HEAD ";f.a=x;f.a0=x;f.a_=x;f.aa=x;f.b=x;end"),
	LINE("a shorter name sorts first", HEAD ";r.a;r.aa;r.ab;r.b;end"),
	LINE("values sort bytewise", HEAD ";f.a=-1,0,1,10,2,A,Z,a,aa,b;end"),
	LINE("the first and last printable", HEAD ";f.a=!,~;end"),
	LINE("a field and a resource of one name", HEAD ";f.a=x;r.a=y;end"),
	LINE("a field called end", HEAD ";f.end=x;end"),
	LINE("a field called vendor_id", HEAD ";f.vendor_id=x;end"),
	LINE("a driver of punctuation", "-._-v1;api=a;type=t;sw=1.0.0;end"),
	LINE("a driver called drv-v1", "drv-v1-v1;api=a;type=t;sw=1.0.0;end"),
	LINE("a driver in upper case", "Drv9-v1;api=a;type=t;sw=1.0.0;end"),
	LINE("a driver called -v1", "-v1-v1;api=a;type=t;sw=1.0.0;end"),
	LINE("a type with a slash", "d-v1;api=a;type=a/b:c;sw=1.0.0;end"),
	LINE("escaped ; in a resource", HEAD ";r.a=x%3By;end"),
	LINE("escaped ;end in a resource", HEAD ";r.a=%3Bend;end"),
	LINE("escaped % in a resource", HEAD ";r.a=%25;end"),
	LINE("escaped newline in a resource", HEAD ";r.a=%0A;end"),
	LINE("escaped 0x01 and 0x7f and 0xff", HEAD ";r.a=%01%7F%FF;end"),
	LINE("escapes in the vendor text", HEAD ";vendor=%80%20%2C%3D;end"),
	LINE("an escape that looks like two", HEAD ";r.a=%2525;end"),

	HAS("driver", "driver", HEAD ";end", "drv"),
	HAS("driver with -v1 in it", "driver",
	    "a-v1-v1;api=a;type=t;sw=1.0.0;end", "a-v1"),
	HAS("api", "device_api", HEAD ";end", "vfio-pci"),
	HAS("type", "type", HEAD ";end", "t-1"),
	HAS("version", "software_version",
	    "d-v1;api=a;type=t;sw=1.22.333;end", "1.22.333"),
	HAS("field", "compatible_ids", HEAD ";f.ids=a,b;end", "a,b"),
	HAS("resource names", "dynamic_resources", HEAD ";r.a=1;r.b=2;end",
	    "a,b"),
	HAS("no resources", "dynamic_resources", HEAD ";end", ""),
	HAS("resource value", "a", HEAD ";r.a=x%20y;end", "x y"),
	HAS("empty resource value", "a", HEAD ";r.a=;end", ""),
	HAS("no resource value", "a", HEAD ";r.a;end", "none"),
	HAS("resource value of many bytes", "b",
	    HEAD ";r.a=1;r.b=%01%0A%25%FF%80%7F;end", "\x01\n%\xff\x80\x7f"),
	HAS("vendor text", "vendor", HEAD ";vendor=a%3Bb;end", "a;b"),
	HAS("empty vendor text", "vendor", HEAD ";vendor=;end", ""),
	HAS("no vendor text", "vendor", HEAD ";end", "none"),

	NO_LINE("nothing", ""),
	NO_LINE("one NUL", "\0"),
	NO_LINE("only end", "end"),
	NO_LINE("only ;end", ";end"),
	NO_LINE("without ;end", HEAD),
	NO_LINE("without ;end but with ;", HEAD ";"),
	NO_LINE("without ;end after a field", HEAD ";f.a=x"),
	NO_LINE("without ;end after a resource", HEAD ";r.a=x"),
	NO_LINE("without ;end after the vendor text", HEAD ";vendor=x"),
	NO_LINE("text after ;end", HEAD ";end;f.a=x"),
	NO_LINE("a resource after ;end", HEAD ";end;r.a"),
	NO_LINE("; after ;end", HEAD ";end;"),
	NO_LINE("NUL after ;end", HEAD ";end\0"),
	NO_LINE("NUL and end again", HEAD ";end\0;end"),
	NO_LINE("a line twice", HEAD ";end\n" HEAD ";end"),
	NO_LINE("a newline in front", "\n" HEAD ";end"),
	NO_LINE("a blank in front", " " HEAD ";end"),
	NO_LINE("a newline within", HEAD "\n;end"),
	NO_LINE("end= with a value", HEAD ";end=1"),
	NO_LINE("END", HEAD ";END"),
	NO_LINE("en", HEAD ";en"),
	NO_LINE("ends", HEAD ";ends"),
	NO_LINE("an empty part", HEAD ";;end"),
	NO_LINE("two empty parts", HEAD ";;;end"),

	NO_LINE("no driver", "-v1;api=a;type=t;sw=1.0.0;end"),
	NO_LINE("a blank in the driver", "a b-v1;api=a;type=t;sw=1.0.0;end"),
	NO_LINE("a + in the driver", "a+b-v1;api=a;type=t;sw=1.0.0;end"),
	NO_LINE("an escape in the driver",
		"a%20b-v1;api=a;type=t;sw=1.0.0;end"),
	NO_LINE("grammar v2", "drv-v2;api=a;type=t;sw=1.0.0;end"),
	NO_LINE("grammar v0", "drv-v0;api=a;type=t;sw=1.0.0;end"),
	NO_LINE("grammar v11", "drv-v11;api=a;type=t;sw=1.0.0;end"),
	NO_LINE("grammar v10", "drv-v10;api=a;type=t;sw=1.0.0;end"),
	NO_LINE("grammar V1", "drv-V1;api=a;type=t;sw=1.0.0;end"),
	NO_LINE("grammar without a version", "drv;api=a;type=t;sw=1.0.0;end"),
	NO_LINE("_v1 for -v1", "drv_v1;api=a;type=t;sw=1.0.0;end"),
	NO_LINE("no api", "drv-v1;type=t;sw=1.0.0;end"),
	NO_LINE("no type", "drv-v1;api=a;sw=1.0.0;end"),
	NO_LINE("no version", "drv-v1;api=a;type=t;end"),
	NO_LINE("no version but a field", "drv-v1;api=a;type=t;f.a=x;end"),
	NO_LINE("type before api", "drv-v1;type=t;api=a;sw=1.0.0;end"),
	NO_LINE("version before type", "drv-v1;api=a;sw=1.0.0;type=t;end"),
	NO_LINE("api twice", "drv-v1;api=a;api=a;type=t;sw=1.0.0;end"),
	NO_LINE("version twice", HEAD ";sw=1.0.0;end"),
	NO_LINE("type again at the end", HEAD ";type=t;end"),
	NO_LINE("an empty api", "drv-v1;api=;type=t;sw=1.0.0;end"),
	NO_LINE("an empty type", "drv-v1;api=a;type=;sw=1.0.0;end"),
	NO_LINE("two apis", "drv-v1;api=a,b;type=t;sw=1.0.0;end"),
	NO_LINE("two types", "drv-v1;api=a;type=t,u;sw=1.0.0;end"),
	NO_LINE("a blank in the type", "drv-v1;api=a;type=a b;sw=1.0.0;end"),
	NO_LINE("an escape in the api", "drv-v1;api=a%20;type=t;sw=1.0.0;end"),
	NO_LINE("an escape in the type", "drv-v1;api=a;type=t%20;sw=1.0.0;end"),
	NO_LINE("= in the type", "drv-v1;api=a;type=a=b;sw=1.0.0;end"),
	NO_LINE("key API", "drv-v1;API=a;type=t;sw=1.0.0;end"),
	NO_LINE("key without =", "drv-v1;api;type=t;sw=1.0.0;end"),
	NO_LINE("a blank after a key", "drv-v1;api= a;type=t;sw=1.0.0;end"),

	NO_LINE("an empty version", "d-v1;api=a;type=t;sw=;end"),
	NO_LINE("a series as version", "d-v1;api=a;type=t;sw=1.0;end"),
	NO_LINE("four numbers", "d-v1;api=a;type=t;sw=1.0.0.0;end"),
	NO_LINE("a dot after the version", "d-v1;api=a;type=t;sw=1.0.0.;end"),
	NO_LINE("a dot before the version", "d-v1;api=a;type=t;sw=.1.0.0;end"),
	NO_LINE("no minor", "d-v1;api=a;type=t;sw=1..0;end"),
	NO_LINE("no bugfix", "d-v1;api=a;type=t;sw=1.0.;end"),
	NO_LINE("a leading zero in major", "d-v1;api=a;type=t;sw=01.0.0;end"),
	NO_LINE("a leading zero in minor", "d-v1;api=a;type=t;sw=1.00.0;end"),
	NO_LINE("a leading zero in bugfix", "d-v1;api=a;type=t;sw=1.0.09;end"),
	NO_LINE("major 65536", "d-v1;api=a;type=t;sw=65536.0.0;end"),
	NO_LINE("minor 65536", "d-v1;api=a;type=t;sw=1.65536.0;end"),
	NO_LINE("bugfix 65536", "d-v1;api=a;type=t;sw=1.0.65536;end"),
	NO_LINE("bugfix 100000", "d-v1;api=a;type=t;sw=1.0.100000;end"),
	NO_LINE("bugfix 2^32", "d-v1;api=a;type=t;sw=1.0.4294967296;end"),
	NO_LINE("bugfix 2^64",
		"d-v1;api=a;type=t;sw=1.0.18446744073709551616;end"),
	NO_LINE("a sign", "d-v1;api=a;type=t;sw=+1.0.0;end"),
	NO_LINE("a minus", "d-v1;api=a;type=t;sw=1.-0.0;end"),
	NO_LINE("hexadecimal", "d-v1;api=a;type=t;sw=0x1.0.0;end"),
	NO_LINE("a blank in the version", "d-v1;api=a;type=t;sw=1.0. 0;end"),
	NO_LINE("two versions", "d-v1;api=a;type=t;sw=1.0.0,1.0.1;end"),

	NO_LINE("an unknown key", HEAD ";x=1;end"),
	NO_LINE("an unknown key after a field", HEAD ";f.a=x;x=1;end"),
	NO_LINE("an unknown prefix", HEAD ";g.a=x;end"),
	NO_LINE("an accept list", HEAD ";accept=1.0;end"),
	NO_LINE("key F.", HEAD ";F.a=x;end"),
	NO_LINE("a field without its dot", HEAD ";fa=x;end"),
	NO_LINE("a field without a name", HEAD ";f.=x;end"),
	NO_LINE("a field without = and value", HEAD ";f.a;end"),
	NO_LINE("a field without values", HEAD ";f.a=;end"),
	NO_LINE("a field with a reserved name", HEAD ";f.type=x;end"),
	NO_LINE("a field called software_version",
		HEAD ";f.software_version=x;end"),
	NO_LINE("a field that begins with a digit", HEAD ";f.0a=x;end"),
	NO_LINE("a field that begins with _", HEAD ";f._a=x;end"),
	NO_LINE("a field in upper case", HEAD ";f.aB=x;end"),
	NO_LINE("a field with a dash", HEAD ";f.a-b=x;end"),
	NO_LINE("a field with a dot", HEAD ";f.a.b=x;end"),
	NO_LINE("a field in quotes", HEAD ";f.\"a\"=x;end"),
	NO_LINE("fields out of order", HEAD ";f.b=x;f.a=x;end"),
	NO_LINE("a third field out of order", HEAD ";f.a=x;f.c=x;f.b=x;end"),
	NO_LINE("a field twice", HEAD ";f.a=x;f.a=x;end"),
	NO_LINE("a field twice with other values", HEAD ";f.a=x;f.a=y;end"),
	NO_LINE("a field again later", HEAD ";f.a=x;f.b=x;f.a=y;end"),
	NO_LINE("values out of order", HEAD ";f.a=y,x;end"),
	NO_LINE("a third value out of order", HEAD ";f.a=x,z,y;end"),
	NO_LINE("a value twice", HEAD ";f.a=x,x;end"),
	NO_LINE("a value again later", HEAD ";f.a=x,y,x;end"),
	NO_LINE("values in numeric order", HEAD ";f.a=2,10;end"),
	NO_LINE("values in dictionary order", HEAD ";f.a=a,B;end"),
	NO_LINE("a longer value first", HEAD ";f.a=aa,a;end"),
	NO_LINE("a comma in front of values", HEAD ";f.a=,x;end"),
	NO_LINE("a comma after values", HEAD ";f.a=x,;end"),
	NO_LINE("two commas", HEAD ";f.a=x,,y;end"),
	NO_LINE("only a comma", HEAD ";f.a=,;end"),
	NO_LINE("a comma and a blank", HEAD ";f.a=x, y;end"),
	NO_LINE("a blank in a value", HEAD ";f.a=x y;end"),
	NO_LINE("a blank after a value", HEAD ";f.a=x ;end"),
	NO_LINE("a blank before a value", HEAD ";f.a= x;end"),
	NO_LINE("a newline in a value", HEAD ";f.a=x\n;end"),
	NO_LINE("= in a value", HEAD ";f.a=x=y;end"),
	NO_LINE("== before a value", HEAD ";f.a==x;end"),
	NO_LINE("an escape in a value", HEAD ";f.a=x%20y;end"),
	NO_LINE("a needless escape in a value", HEAD ";f.a=%41;end"),
	NO_LINE("NUL in a value", HEAD ";f.a=x\0y;end"),
	NO_LINE("NUL for a value", HEAD ";f.a=\0;end"),
	NO_LINE("NUL in a name", HEAD ";f.a\0=x;end"),
	NO_LINE("NUL in the type", "d-v1;api=a;type=t\0;sw=1.0.0;end"),
	NO_LINE("NUL in the driver", "d\0-v1;api=a;type=t;sw=1.0.0;end"),
	NO_LINE("NUL in the version", "d-v1;api=a;type=t;sw=1.0.0\0;end"),

	NO_LINE("a field after a resource", HEAD ";r.a=x;f.a=x;end"),
	NO_LINE("a field after the vendor text", HEAD ";vendor=x;f.a=x;end"),
	NO_LINE("a resource after the vendor text", HEAD ";vendor=x;r.a;end"),
	NO_LINE("the vendor text twice", HEAD ";vendor=x;vendor=x;end"),
	NO_LINE("vendor without =", HEAD ";vendor;end"),
	NO_LINE("vendor in front of the version",
		"d-v1;api=a;type=t;vendor=;sw=1.0.0;end"),
	NO_LINE("resources out of order", HEAD ";r.b;r.a;end"),
	NO_LINE("a resource twice", HEAD ";r.a;r.a;end"),
	NO_LINE("a resource twice with values", HEAD ";r.a=1;r.a=2;end"),
	NO_LINE("a value after none", HEAD ";r.a;r.b=1;end"),
	NO_LINE("none after a value", HEAD ";r.a=1;r.b;end"),
	NO_LINE("none after an empty value", HEAD ";r.a=;r.b;end"),
	NO_LINE("an empty value after none", HEAD ";r.a;r.b=;end"),
	NO_LINE("a resource without a name", HEAD ";r.=x;end"),
	NO_LINE("a resource without anything", HEAD ";r.;end"),
	NO_LINE("a resource with a reserved name", HEAD ";r.driver=x;end"),
	NO_LINE("a resource called migration_version",
		HEAD ";r.migration_version=x;end"),
	NO_LINE("a resource in upper case", HEAD ";r.A=x;end"),
	NO_LINE("a comma in a resource", HEAD ";r.a=x,y;end"),
	NO_LINE("a blank in a resource", HEAD ";r.a=x y;end"),
	NO_LINE("= in a resource", HEAD ";r.a=x=y;end"),
	NO_LINE("a tab in a resource", HEAD ";r.a=x\ty;end"),
	NO_LINE("NUL in a resource", HEAD ";r.a=x\0y;end"),
	NO_LINE("DEL in a resource", HEAD ";r.a=\x7f;end"),
	NO_LINE("0x80 in a resource", HEAD ";r.a=\x80;end"),
	NO_LINE("0xff in a resource", HEAD ";r.a=\xff;end"),
	NO_LINE("0xff in the vendor text", HEAD ";vendor=\xff;end"),
	NO_LINE("a comma in the vendor text", HEAD ";vendor=x,y;end"),
	NO_LINE("a needless escape", HEAD ";r.a=%41;end"),
	NO_LINE("a needless escape of -", HEAD ";r.a=%2D;end"),
	NO_LINE("a needless escape in the vendor text", HEAD ";vendor=%7E;end"),
	NO_LINE("a lower-case escape", HEAD ";r.a=%2c;end"),
	NO_LINE("a lower-case first digit", HEAD ";r.a=%fF;end"),
	NO_LINE("a lower-case escape in the vendor text",
		HEAD ";vendor=%0a;end"),
	NO_LINE("%00", HEAD ";r.a=%00;end"),
	NO_LINE("%00 after text", HEAD ";r.a=x%00;end"),
	NO_LINE("%00 in the vendor text", HEAD ";vendor=%00;end"),
	NO_LINE("% at the end", HEAD ";r.a=x%;end"),
	NO_LINE("% and one digit", HEAD ";r.a=x%2;end"),
	NO_LINE("% and one digit and more", HEAD ";r.a=%2x;end"),
	NO_LINE("% and no digit", HEAD ";r.a=%G0;end"),
	NO_LINE("% and a blank", HEAD ";r.a=% 2;end"),
	NO_LINE("% and a sign", HEAD ";r.a=%+2;end"),
	NO_LINE("%% for %", HEAD ";r.a=%%;end"),
	NO_LINE("% at the end of the vendor text", HEAD ";vendor=%;end"),
};

const struct vp_table vp_line_table = {
	vp_line_cases,
	ARRAY_SIZE(vp_line_cases),
};
