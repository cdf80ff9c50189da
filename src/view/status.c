/* How a daemon is doing, and the directory it follows, in JSON. */
#include <stdio.h>
#include <string.h>

#include "view/members.h"
#include "view/shown.h"
#include "view/value.h"

void sf_json_status_members(struct sf_json_writer *writer, const struct sf_reply_status *status)
{
	sf_json_text(writer, "program", status->program);
	sf_json_text(writer, "software", status->software);
	sf_json_party(writer, "party", status->party, status->name);
	sf_json_word(writer, "role", sf_role_text(status->role));
	sf_json_bool(writer, "connected", status->connected);
	sf_json_text(writer, "link", status->link);
	sf_json_time(writer, "link_since", status->link_since_ms);
	sf_json_id(writer, "peer", status->peer);
	sf_json_int(writer, "peer_count", (int64_t)status->peer_count);
	sf_json_text(writer, "origin", status->origin);
	sf_json_int(writer, "epoch", (int64_t)status->epoch);
	sf_json_int(writer, "log_size", (int64_t)status->log_size);
	sf_json_int(writer, "directory_version", (int64_t)status->directory_version);
	sf_json_digest(writer, "directory_head", &status->directory_head);
	sf_json_time(writer, "now", status->now_ms);
	sf_json_time(writer, "started", status->started_ms);
	sf_json_object(writer, "counters");
	for (size_t i = 0; i < status->counter_count; i++) {
		/* "queue-late" of the daemon is queue_late here: names of members have no dash. */
		char name[64];
		snprintf(name, sizeof(name), "%s", status->counters[i].name);
		for (char *dash = name; (dash = strchr(dash, '-'));)
			*dash = '_';
		sf_json_int(writer, name, (int64_t)status->counters[i].value);
	}
	sf_json_close(writer);
}

static void write_desk(struct sf_json_writer *writer, const struct sf_desk_row *row)
{
	sf_json_object(writer, NULL);
	sf_json_text(writer, "telephone", row->telephone);
	sf_json_text(writer, "what", row->what);
	sf_json_text(writer, "days", sf_contact_days_text(row->days));
	sf_json_text(writer, "from", sf_show_minute_of_day(row->from_minute).text);
	sf_json_text(writer, "until", sf_show_minute_of_day(row->until_minute).text);
	sf_json_bool(writer, "now", row->now);
	sf_json_close(writer);
}

void sf_json_directory_members(
	struct sf_json_writer *writer, const struct sf_reply_directory *directory)
{
	sf_json_int(writer, "version", (int64_t)directory->version);
	sf_json_digest(writer, "head", &directory->head);
	sf_json_time(writer, "as_of", directory->as_of_ms);
	sf_json_array(writer, "parties");
	for (size_t i = 0; i < directory->row_count; i++) {
		const struct sf_directory_row *row = &directory->rows[i];
		sf_json_object(writer, NULL);
		sf_json_party(writer, "party", row->party, row->name);
		sf_json_word(writer, "role", sf_role_text(row->role));
		sf_json_word(writer, "sor", row->sor);
		sf_json_word(writer, "gln", row->gln);
		sf_json_id(writer, "represented_by", row->represented_by);
		sf_json_text(writer, "support", row->support);
		sf_json_int(writer, "version", (int64_t)row->version);
		sf_json_int(writer, "key_count", (int64_t)row->key_count);
		sf_json_id(writer, "identity_key", row->identity_key);
		sf_json_bool(writer, "has_node", row->has_node);
		sf_json_bool(writer, "connected", row->connected);
		sf_json_time(writer, "heard", row->heard_ms);
		sf_json_array(writer, "contacts");
		for (size_t k = 0; k < row->desk_count; k++)
			write_desk(writer, &row->desks[k]);
		sf_json_close(writer);
		sf_json_time(writer, "contacts_until", row->desks_until_ms);
		sf_json_time(writer, "seen", row->seen_ms);
		sf_json_word(writer, "software", row->software);
		sf_json_int(writer, "waiting", (int64_t)row->waiting_count);
		sf_json_time(writer, "waiting_since", row->waiting_since_ms);
		sf_json_array(writer, "keys");
		for (size_t k = 0; k < row->key_row_count; k++) {
			sf_json_object(writer, NULL);
			sf_json_text(writer, "use", sf_key_use_text(row->keys[k].use));
			sf_json_time(writer, "since", row->keys[k].since_ms);
			sf_json_time(writer, "until", row->keys[k].until_ms);
			sf_json_close(writer);
		}
		sf_json_close(writer);
		sf_json_close(writer);
	}
	sf_json_close(writer);
}
