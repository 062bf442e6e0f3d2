/*
 * login: the authorization code flow with PKCE and a loopback redirect.
 */
#include <arpa/inet.h>
#include <err.h>
#include <netinet/in.h>
#include <openssl/evp.h>
#include <poll.h>
#include <stdio.h>
#include <string.h>
#include <sys/random.h>
#include <sys/socket.h>
#include <unistd.h>

#include "accounts.h"
#include "exit.h"
#include "login.h"

enum {
	RANDOM_BYTES = 48,
	SECRET_TEXT = 65, /* of RANDOM_BYTES, and a NUL */
	REQUEST_MAX = 8192,
	PATIENCE_SECONDS = 300
};

/* What the app needs to read playlists that are not public. */
static const char scope[] = "playlist-read-private playlist-read-collaborative";

/* base64url without padding (RFC 4648). */
static void
encode(const unsigned char *bytes, int n, char *text)
{
	int len = EVP_EncodeBlock((unsigned char *)text, bytes, n);

	while (len > 0 && text[len - 1] == '=')
		text[--len] = '\0';
	for (char *p = text; *p != '\0'; p++)
		*p = (char)(*p == '+' ? '-' : *p == '/' ? '_' : *p);
}

static void
make_secret(char text[SECRET_TEXT])
{
	unsigned char bytes[RANDOM_BYTES];

	if (getrandom(bytes, sizeof(bytes), 0) != (ssize_t)sizeof(bytes))
		err(EXIT_SERVICE, "random numbers");
	encode(bytes, RANDOM_BYTES, text);
}

/* Listen on a port of the loopback interface; which one. */
static int
listen_locally(uint16_t *port)
{
	struct sockaddr_in address = {
	    .sin_family = AF_INET, .sin_addr = {htonl(INADDR_LOOPBACK)}};
	socklen_t len = sizeof(address);
	int fd = socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);

	if (fd == -1 ||
	    bind(fd, (struct sockaddr *)&address, sizeof(address)) == -1 ||
	    listen(fd, 4) == -1 ||
	    getsockname(fd, (struct sockaddr *)&address, &len) == -1)
		err(EXIT_SERVICE, "127.0.0.1");
	*port = ntohs(address.sin_port);
	return fd;
}

/* Read the request line of a browser, and thank it. */
static void
answer(int fd, char line[REQUEST_MAX])
{
	static const char thanks[] =
	    "HTTP/1.1 200 OK\r\nContent-Type: text/plain\r\n"
	    "Connection: close\r\n\r\n"
	    "Thank you. You may close this window.\n";
	struct pollfd pollfd = {.fd = fd, .events = POLLIN};
	ssize_t n = 0;

	if (poll(&pollfd, 1, 5000) == 1)
		n = read(fd, line, REQUEST_MAX - 1);
	line[n > 0 ? n : 0] = '\0';
	line[strcspn(line, "\r\n")] = '\0';
	if (write(fd, thanks, sizeof(thanks) - 1) == -1)
		warn("127.0.0.1");
	(void)close(fd);
}

/* The value of a query's parameter, or an empty string. */
static struct str
parameter(const char *line, const char *name)
{
	const char *p = strchr(line, '?');
	size_t len = strlen(name);

	for (; p != NULL; p = strchr(p, '&'))
		if (strncmp(++p, name, len) == 0 && p[len] == '=')
			return (struct str){
			    p + len + 1, strcspn(p + len + 1, "& ")};
	return (struct str){"", 0};
}

/* Wait for the redirect that carries our state; its code. */
static struct str
wait_for_code(int fd, const char *state, char line[REQUEST_MAX])
{
	struct pollfd pollfd = {.fd = fd, .events = POLLIN};
	struct str code;
	int browser;

	for (;;) {
		if (poll(&pollfd, 1, PATIENCE_SECONDS * 1000) != 1)
			errx(EXIT_SERVICE, "nobody logged in within %d s",
			    PATIENCE_SECONDS);
		if ((browser = accept(fd, NULL, NULL)) == -1)
			continue;
		answer(browser, line);
		/* A page that guessed the port does not know the state. */
		if (!str_equal(parameter(line, "state"),
		        (struct str){state, strlen(state)}))
			continue;
		code = parameter(line, "code");
		if (code.len == 0)
			errx(EXIT_USAGE, "the login was refused");
		return code;
	}
}

static void
print_address(const char *redirect, const char *state, const char *verifier)
{
	unsigned char digest[EVP_MAX_MD_SIZE];
	char challenge[SECRET_TEXT * 2];
	struct buf query = {0};
	size_t len;

	if (!EVP_Q_digest(
	        NULL, "SHA256", NULL, verifier, strlen(verifier), digest, &len))
		errx(EXIT_SERVICE, "SHA-256 is not available");
	encode(digest, (int)len, challenge);
	accounts_field_client(&query);
	accounts_field(&query, "response_type", STR("code"));
	accounts_field(
	    &query, "redirect_uri", (struct str){redirect, strlen(redirect)});
	accounts_field(&query, "state", (struct str){state, strlen(state)});
	accounts_field(&query, "scope", STR(scope));
	accounts_field(&query, "code_challenge_method", STR("S256"));
	accounts_field(&query, "code_challenge",
	    (struct str){challenge, strlen(challenge)});
	fprintf(stderr, "Open this address in a browser:\n");
	printf(
	    "%s/authorize?%.*s\n", accounts_url(), (int)query.len, query.ptr);
	(void)fflush(stdout);
	buf_free(&query);
}

void
login_user(void)
{
	char state[SECRET_TEXT], verifier[SECRET_TEXT], line[REQUEST_MAX];
	struct accounts_answer token = {0};
	struct buf form = {0};
	char redirect[64];
	struct str code;
	uint16_t port;
	int fd;

	make_secret(state);
	make_secret(verifier);
	fd = listen_locally(&port);
	(void)snprintf(redirect, sizeof(redirect),
	    "http://127.0.0.1:%u/callback", (unsigned)port);
	print_address(redirect, state, verifier);
	code = wait_for_code(fd, state, line);
	(void)close(fd);

	accounts_field(&form, "grant_type", STR("authorization_code"));
	/* The code comes percent-encoded: it goes on as it is. */
	buf_append(&form, STR("&code="));
	buf_append(&form, code);
	accounts_field(
	    &form, "redirect_uri", (struct str){redirect, strlen(redirect)});
	accounts_field_client(&form);
	accounts_field(
	    &form, "code_verifier", (struct str){verifier, strlen(verifier)});
	if (!accounts_post(buf_str(&form), false, &token))
		errx(EXIT_USAGE, "accounts: %.*s", (int)token.error.len,
		    token.error.ptr);
	accounts_keep(&token);
	fputs("Logged in.\n", stderr);
	accounts_free(&token);
	buf_free(&form);
}
