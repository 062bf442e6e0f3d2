/*
 * batch: rows in memory, by table, in the order of their lines.
 */
#include <stdlib.h>

#include "batch.h"
#include "row.h"

struct batch *
batch_open(const struct tables *tables)
{
	struct batch *batch = xcalloc(1, sizeof(*batch));

	batch->tables = tables;
	batch->rows = xcalloc(tables->n, sizeof(*batch->rows));
	return batch;
}

void
batch_free(struct batch *batch)
{
	if (batch == NULL)
		return;
	for (size_t i = 0; i < batch->tables->n; i++) {
		buf_free(&batch->rows[i].text);
		free(batch->rows[i].origins);
	}
	buf_free(&batch->passed);
	free(batch->rows);
	free(batch);
}

void
batch_clear(struct batch *batch)
{
	for (size_t i = 0; i < batch->tables->n; i++)
		batch->rows[i].text.len = batch->rows[i].n = 0;
	batch->passed.len = batch->n = batch->bytes = 0;
}

void
batch_add(struct batch *batch, const struct table *table,
    const struct lines *in, struct json *json, const struct json_field *fields)
{
	struct rows *rows = &batch->rows[table - batch->tables->list];
	size_t start = rows->text.len;

	if (rows->n == rows->cap) {
		rows->cap = rows->cap == 0 ? 256 : rows->cap * 2;
		rows->origins = xreallocarray(
		    rows->origins, rows->cap, sizeof(*rows->origins));
	}
	row_append(&rows->text, table, json, fields, in->total);
	rows->origins[rows->n++] = (struct origin){.line = in->total,
	    .file = in->name,
	    .number = in->number,
	    .end = rows->text.len};
	batch->n++;
	batch->bytes += rows->text.len - start;
}

/* The first row whose line is not before line. */
static size_t
find_row(const struct rows *rows, uint64_t line)
{
	size_t low = 0, high = rows->n, middle;

	while (low < high) {
		middle = low + (high - low) / 2;
		if (rows->origins[middle].line < line)
			low = middle + 1;
		else
			high = middle;
	}
	return low;
}

struct piece
batch_whole(const struct batch *batch)
{
	struct piece piece = {UINT64_MAX, 0};
	const struct rows *rows;

	for (size_t i = 0; i < batch->tables->n; i++) {
		rows = &batch->rows[i];
		if (rows->n == 0)
			continue;
		if (rows->origins[0].line < piece.first)
			piece.first = rows->origins[0].line;
		if (rows->origins[rows->n - 1].line >= piece.end)
			piece.end = rows->origins[rows->n - 1].line + 1;
	}
	return piece;
}

struct str
batch_rows(const struct batch *batch, size_t table, struct piece piece,
    size_t *first, size_t *n)
{
	const struct rows *rows = &batch->rows[table];
	size_t end = find_row(rows, piece.end), start;

	*first = find_row(rows, piece.first);
	*n = end > *first ? end - *first : 0;
	if (*n == 0)
		return (struct str){0};
	start = *first > 0 ? rows->origins[*first - 1].end : 0;
	return (struct str){
	    rows->text.ptr + start, rows->origins[end - 1].end - start};
}

size_t
batch_count(const struct batch *batch, struct piece piece,
    const struct table **table, const struct origin **origin)
{
	size_t count = 0, first, n;

	for (size_t i = 0; i < batch->tables->n; i++) {
		(void)batch_rows(batch, i, piece, &first, &n);
		count += n;
		if (n > 0) {
			*table = &batch->tables->list[i];
			*origin = &batch->rows[i].origins[first];
		}
	}
	return count;
}
