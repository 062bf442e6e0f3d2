/*
 * student.h: Student's t distribution.
 */
#ifndef STUDENT_H
#define STUDENT_H

/* The probability of a value farther from 0 than t, df degrees of freedom. */
long double student_two_sided(long double t, long double df);

/* The t that is exceeded on one side with probability 0.025. */
long double student_975(long double df);

#endif
