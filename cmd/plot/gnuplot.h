/*
 * gnuplot.h: run gnuplot.
 */
#ifndef GNUPLOT_H
#define GNUPLOT_H

#include "buf.h"

/*
 * Append the picture that a program draws to out.  If gnuplot is not there, or
 * fails, or draws nothing, the program ends with EXIT_SERVICE.
 */
void gnuplot_draw(struct str program, struct buf *out);

#endif
