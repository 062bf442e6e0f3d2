/*
 * curl: libcurl, loaded when it is first called.
 *
 * Loading it and the thirty libraries it needs takes 5 ms, five times what a
 * program of ours takes to start, and most runs ask no service.  So the
 * functions we use are defined here, and each calls its namesake in the
 * library.
 */
#include <curl/curl.h>
#include <stdarg.h>

#include "forward.h"

#undef curl_easy_setopt
#undef curl_easy_getinfo
#undef curl_multi_setopt

static void *
find(const char *name)
{
	static void *library;

	return forward_find(&library, "libcurl.so.4", name);
}

FORWARD(find, CURLcode, return, curl_global_init, (long flags), (flags))
FORWARD(find, CURL *, return, curl_easy_init, (void), ())
FORWARD(find, void, , curl_easy_cleanup, (CURL * curl), (curl))
FORWARD(find, CURLcode, return, curl_easy_perform, (CURL * curl), (curl))
FORWARD(find, const char *, return, curl_easy_strerror, (CURLcode code), (code))
FORWARD(find, struct curl_slist *, return, curl_slist_append,
    (struct curl_slist * list, const char *data), (list, data))
FORWARD(find, void, , curl_slist_free_all, (struct curl_slist * list), (list))
FORWARD(find, CURLM *, return, curl_multi_init, (void), ())
FORWARD(find, CURLMcode, return, curl_multi_cleanup, (CURLM * multi_handle),
    (multi_handle))
FORWARD(find, CURLMcode, return, curl_multi_add_handle,
    (CURLM * multi_handle, CURL *curl_handle), (multi_handle, curl_handle))
FORWARD(find, CURLMcode, return, curl_multi_remove_handle,
    (CURLM * multi_handle, CURL *curl_handle), (multi_handle, curl_handle))
FORWARD(find, CURLMcode, return, curl_multi_perform,
    (CURLM * multi_handle, int *running_handles),
    (multi_handle, running_handles))
FORWARD(find, CURLMsg *, return, curl_multi_info_read,
    (CURLM * multi_handle, int *msgs_in_queue), (multi_handle, msgs_in_queue))
FORWARD(find, CURLMcode, return, curl_multi_poll,
    (CURLM * multi_handle, struct curl_waitfd *extra_fds, unsigned extra_nfds,
        int timeout_ms, int *ret),
    (multi_handle, extra_fds, extra_nfds, timeout_ms, ret))

/* An option's one argument is a pointer or an integer of the same size. */
#define FORWARD_OPTION(type, name, kind, handle, option_kind)                  \
	type name(kind handle, option_kind option, ...)                        \
	{                                                                      \
		static type (*function)(kind, option_kind, ...);               \
		va_list ap;                                                    \
		void *argument;                                                \
		va_start(ap, option);                                          \
		argument = va_arg(ap, void *);                                 \
		va_end(ap);                                                    \
		if (function == NULL)                                          \
			*(void **)&function = find(#name);                     \
		return function(handle, option, argument);                     \
	}

FORWARD_OPTION(CURLcode, curl_easy_setopt, CURL *, curl, CURLoption)
/* getinfo's option is called info in libcurl's header: NOLINTNEXTLINE */
FORWARD_OPTION(CURLcode, curl_easy_getinfo, CURL *, curl, CURLINFO)
FORWARD_OPTION(CURLMcode, curl_multi_setopt, CURLM *, multi_handle, CURLMoption)
