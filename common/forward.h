/*
 * forward.h: functions of a library that is loaded when it is first called.
 *
 * FORWARD(find, type, back, name, parameters, arguments) defines the function
 * name, which finds its namesake once and calls it; back is return, or empty
 * for a function of type void.  find(name) is forward_find() of the library.
 */
#ifndef FORWARD_H
#define FORWARD_H

#define FORWARD(find, type, back, name, parameters, arguments)                 \
	type name parameters                                                   \
	{                                                                      \
		static type(*function) parameters; /* NOLINT: no expression */ \
		if (function == NULL)                                          \
			*(void **)&function = find(#name);                     \
		back function arguments;                                       \
	}

/*
 * The function of that name; library is where the handle of the library of that
 * file name is kept.  Without it the program ends with EXIT_SERVICE.
 */
void *forward_find(void **library, const char *file, const char *name);

#endif
