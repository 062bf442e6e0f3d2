/*
 * pipe.h: what is done to pipes that much goes through.
 */
#ifndef PIPE_H
#define PIPE_H

/*
 * Let a pipe hold as much as the system allows everybody, so that the programs
 * at its ends wake each other less often.  Of what is no pipe nothing changes.
 */
void pipe_widen(int fd);

#endif
