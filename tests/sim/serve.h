/*
 * serve.h: the HTTP server.
 */
#ifndef SERVE_H
#define SERVE_H

/* Listen, and fill sim_url. */
void serve_open(void);

/* Answer requests for ever. */
_Noreturn void serve_run(void);

#endif
