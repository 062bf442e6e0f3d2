/*
 * forward: find a function in a library, and load that if need be.
 */
#include <dlfcn.h>
#include <err.h>
#include <stddef.h>

#include "exit.h"
#include "forward.h"

void *
forward_find(void **library, const char *file, const char *name)
{
	void *function = NULL;

	if (*library == NULL)
		*library = dlopen(file, RTLD_NOW | RTLD_LOCAL);
	if (*library == NULL || (function = dlsym(*library, name)) == NULL)
		errx(EXIT_SERVICE, "%s: %s", file, dlerror());
	return function;
}
