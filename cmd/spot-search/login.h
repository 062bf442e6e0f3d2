/*
 * login.h: let a user log in, by the authorization code flow with PKCE.
 */
#ifndef LOGIN_H
#define LOGIN_H

/*
 * Print an address to be opened in a browser, wait for the redirect to
 * http://127.0.0.1:PORT/callback, and keep the refresh token (RFC 7636, RFC
 * 8252 section 7.3).  What fails ends the program.
 */
void login_user(void);

#endif
