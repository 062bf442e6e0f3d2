/*
 * requests: linked by their own next.
 */
#include "requests.h"

void
requests_append(struct requests *list, struct http_request *request)
{
	request->next = NULL;
	if (list->last == NULL)
		list->first = request;
	else
		list->last->next = request;
	list->last = request;
	list->n++;
}

struct http_request *
requests_remove(struct requests *list, struct http_request *before)
{
	struct http_request **at =
	    before == NULL ? &list->first : &before->next;
	struct http_request *request = *at;

	*at = request->next;
	if (list->last == request)
		list->last = before;
	list->n--;
	return request;
}
