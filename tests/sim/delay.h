/*
 * delay.h: connections that wait.
 */
#ifndef DELAY_H
#define DELAY_H

#include <microhttpd.h>

/* Suspend a connection and let it go on after so many milliseconds. */
void delay(struct MHD_Connection *connection, unsigned milliseconds);

#endif
