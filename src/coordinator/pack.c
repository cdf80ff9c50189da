#include "coordinator/pack.h"

#define READ_COUNT_MIN 8
#define READ_SHARE 4

struct sf_recorded sf_row_recorded(const struct sf_row_event *row)
{
	return (struct sf_recorded){(enum sf_kind_class)row->kind_class,
		(enum sf_outcome)row->outcome, (uint16_t)row->code, (uint64_t)row->sequence,
		row->recorded_ms, (enum sf_role)row->author_role};
}

enum sf_err sf_pack_event(
	const struct sf_recorded *recorded, struct sf_view message, struct sf_buf *pack)
{
	if (sf_recorded_is_number_only(recorded))
		message = sf_view_of(NULL, 0);
	enum sf_err err = sf_buf_append_u8(pack, (uint8_t)recorded->kind_class);
	if (!err)
		err = sf_buf_append_u8(pack, (uint8_t)recorded->outcome);
	if (!err)
		err = sf_buf_append_u8(pack, (uint8_t)recorded->author_role);
	if (!err)
		err = sf_buf_append_u16(pack, recorded->code);
	if (!err)
		err = sf_buf_append_u64(pack, (uint64_t)recorded->recorded_ms);
	if (!err)
		err = sf_buf_append_u16(pack, (uint16_t)message.size);
	return err ? err : sf_buf_append(pack, message);
}

enum sf_err sf_pack_next(
	struct sf_reader *reader, uint64_t sequence, struct sf_packed_event *ret_event)
{
	uint8_t kind_class = 0, outcome = 0, role = 0;
	uint16_t code = 0, size = 0;
	uint64_t recorded_ms = 0;
	struct sf_view message = {NULL, 0};
	enum sf_err err = sf_reader_u8(reader, &kind_class);
	if (!err)
		err = sf_reader_u8(reader, &outcome);
	if (!err)
		err = sf_reader_u8(reader, &role);
	if (!err)
		err = sf_reader_u16(reader, &code);
	if (!err)
		err = sf_reader_u64(reader, &recorded_ms);
	if (!err)
		err = sf_reader_u16(reader, &size);
	if (!err)
		err = sf_reader_bytes(reader, size, &message);
	if (err)
		return err;
	*ret_event = (struct sf_packed_event){
		{(enum sf_kind_class)kind_class, (enum sf_outcome)outcome, code, sequence,
			(int64_t)recorded_ms, (enum sf_role)role},
		message};
	return SF_OK;
}

bool sf_pack_is_worth(uint64_t packed_count, uint64_t read_count)
{
	return read_count >= READ_COUNT_MIN && read_count >= packed_count / READ_SHARE;
}
