/*
 * answer: whatever a service says, the answer is one of those there are, and
 * what is told of it fits on a line of a terminal.
 *
 * The first two bytes are the status.
 */
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include "answer.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

/* Is it for a 4xx that the answer says not to try again? */
static bool
possible(enum answer answer, const struct http_request *request)
{
	const long status = request->status;

	switch (answer) {
	case ANSWER_GOOD:
		return status == 200 && *request->body.ptr == '{';
	case ANSWER_REFUSAL:
		return status >= 400 && status < 500 && status != 429;
	case ANSWER_AGAIN:
		return status < 300 || status >= 500 || status == 408;
	case ANSWER_LATER:
	case ANSWER_QUOTA:
		return status == 429;
	case ANSWER_TOKEN:
		return status == 401 && request->service->bearer;
	case ANSWER_APP:
		return status == 403;
	case ANSWER_HOPELESS:
		return status >= 300 && status < 400;
	}
	return false;
}

int
LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	static struct http_service services[] = {
	    {.name = "spotify", .bearer = true}, {.name = "reccobeats"}};
	static struct http_request request;
	enum answer answer;

	if (size < 2)
		return 0;
	if (request.easy == NULL)
		request.easy = curl_easy_init();
	request.service = &services[data[0] >> 4 & 1];
	request.status =
	    data[0] % 16 == 0 ? 200 : data[0] % 8 * 100 + data[1] % 64;
	request.body.len = 0;
	buf_append(
	    &request.body, (struct str){(const char *)data + 2, size - 2});
	memset(request.error, 'x', sizeof(request.error));
	answer = answer_classify(&request, CURLE_OK);
	if (!possible(answer, &request))
		abort();
	if (answer == ANSWER_GOOD)
		return 0;
	if (memchr(request.error, '\0', sizeof(request.error)) == NULL ||
	    strncmp(request.error, request.service->name,
	        strlen(request.service->name)) != 0)
		abort();
	for (const char *p = request.error; *p != '\0'; p++)
		if ((unsigned char)*p < ' ' || *p == 0x7f)
			abort();
	return 0;
}
