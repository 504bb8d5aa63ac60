// SPDX-License-Identifier: GPL-2.0-only OR LGPL-2.1-or-later
/*
 * What depends on whether a person is looking: width, colour, progress.
 */
#include <string.h>
#include <sys/ioctl.h>
#include <time.h>

#include "cmd.h"

#define PROGRESS_AFTER 1000	/* ms before a step tells how far it is */
#define PROGRESS_EVERY 100	/* ms between two lines */
#define PROGRESS_MAX 80		/* its longest line */
#define WIDTH_MAX 100000

/* ---- width ---- */

/* COLUMNS is for terminals that do not know, such as a serial line. */
static size_t width_from_environment(void)
{
	const char *text = getenv("COLUMNS");
	unsigned long width = 0;
	char *end;

	if (text && text[0] >= '0' && text[0] <= '9') {
		width = strtoul(text, &end, 10);
		if (*end || width > WIDTH_MAX)
			width = 0;
	}
	return width;
}

/**
 * terminal_width - how many characters a line of a terminal has
 * @fd: where it is written to
 *
 * Return: the width; 0 if it is no terminal, or of a width that nobody knows.
 */
size_t terminal_width(int fd)
{
	struct winsize size = { .ws_col = 0 };

	if (!isatty(fd))
		return 0;
	if (!ioctl(fd, TIOCGWINSZ, &size) && size.ws_col)
		return size.ws_col;
	return width_from_environment();
}

/* ---- colour ---- */

/* See no-color.org. */
static bool has_colour(void)
{
	static enum { UNASKED, NO, YES } answer;
	const char *term = getenv("TERM"), *none = getenv("NO_COLOR");

	if (answer == UNASKED)
		answer = isatty(STDOUT_FILENO) && term && term[0] &&
			 strcmp(term, "dumb") && !(none && none[0]) ? YES : NO;
	return answer == YES;
}

/**
 * print_coloured - print to standard output, in colour if that is a terminal
 * @colour: the colour
 * @text: what is printed, as it is
 */
void print_coloured(enum colour colour, const char *text)
{
	static const char * const codes[] = {
		[GOOD] = "\033[32m",
		[BAD] = "\033[31m",
		[UNSURE] = "\033[33m",
	};

	if (colour == PLAIN || !has_colour())
		fputs(text, stdout);
	else
		printf("%s%s\033[m", codes[colour], text);
}

/* ---- progress ---- */

/**
 * struct step - what takes long
 * @begin: when it began; 0 if there is none
 * @next: when the next line is due
 * @shown: length of the line that is on the terminal
 */
static struct step {
	int64_t begin;
	int64_t next;
	size_t shown;
} step;

static int64_t now(void)
{
	struct timespec time;

	clock_gettime(CLOCK_MONOTONIC, &time);
	return time.tv_sec * 1000LL + time.tv_nsec / 1000000;
}

/* Over the line before it; the longer one is wiped out by blanks. */
static void show_line(const char *text, size_t len)
{
	size_t blanks = step.shown > len ? step.shown - len : 0;

	fprintf(stderr, "\r%.*s%*s", (int)len, text, (int)blanks, "");
	if (blanks)
		fprintf(stderr, "\r%.*s", (int)len, text);
	fflush(stderr);
	step.shown = len;
}

static void show_progress(size_t done, size_t all, const char *what)
{
	size_t len, width = terminal_width(STDERR_FILENO);
	char text[PROGRESS_MAX + 1];

	if (all)
		snprintf(text, sizeof(text), "vfio-compat: %zu of %zu %s ..",
			 done, all, what);
	else
		snprintf(text, sizeof(text), "vfio-compat: %zu %s ..", done,
			 what);
	len = strlen(text);
	/* the last place of a line may begin the next one */
	if (width && len >= width)
		len = width - 1;
	show_line(text, len);
}

/**
 * progress - tell how far a step has come, if it takes long
 * @done: how many of them it has done
 * @all: how many there are; 0 if nobody knows
 * @what: what they are
 *
 * One line on standard error, if that is a terminal; see progress_end().
 */
void progress(size_t done, size_t all, const char *what)
{
	static int is_terminal = -1;
	int64_t time;

	if (is_terminal < 0)
		is_terminal = isatty(STDERR_FILENO);
	if (!is_terminal)
		return;
	time = now();
	if (!step.begin) {
		step.begin = time;
		step.next = time + PROGRESS_AFTER;
	}
	if (time < step.next)
		return;
	step.next = time + PROGRESS_EVERY;
	show_progress(done, all, what);
}

/* The step is over, or something else is to be printed: remove the line. */
void progress_end(void)
{
	if (step.shown)
		show_line("", 0);
	step.begin = 0;
}
