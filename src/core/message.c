#include "core/message.h"

bool sf_message_is_to(const struct sf_message *message, struct sf_id party)
{
	for (size_t i = 0; i < message->recipient_count; i++)
		if (sf_id_equal(message->recipients[i], party))
			return true;
	return false;
}
