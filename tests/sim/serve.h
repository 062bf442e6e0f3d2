/*
 * serve.h: the HTTP server.
 */
#ifndef SERVE_H
#define SERVE_H

/* Listen, and fill sim_url; requests are answered in a thread. */
void serve_start(void);

#endif
