/*
 * A care system's receiver in its simplest form: takes every waiting message, keeps the letter as a
 * file, and only then acknowledges it, so that a crash in between loses nothing.
 *
 *   cc receive.c $(pkg-config --cflags --libs stafet) -o receive
 *   ./receive /run/stafet/node.socket letters/
 */
#include <stafet/client.h>

#include <stdio.h>

#define TIMEOUT_MS 5000
#define WAIT_MS 1000
#define PATH_SIZE 4096

static int keep(const char *folder, const struct stafet_message *message)
{
	char id[STAFET_ID_TEXT_SIZE];
	char path[PATH_SIZE];
	stafet_id_format(&message->message, id);
	int size = snprintf(path, sizeof(path), "%s/%s", folder, id);
	if (size < 0 || (size_t)size >= sizeof(path))
		return STAFET_ERR_LIMIT;
	FILE *file = fopen(path, "wb");
	if (!file)
		return STAFET_ERR_IO;
	size_t written = fwrite(message->content, 1, message->content_size, file);
	if (fclose(file) != 0 || written != message->content_size)
		return STAFET_ERR_IO;
	/* The id and the kind may be printed; the letter, the name and the number may not. */
	printf("%s %s %s\n", id, message->kind, message->activity);
	return STAFET_OK;
}

static int receive_all(struct stafet_client *client, const char *folder)
{
	struct stafet_message message;
	uint64_t cursor = 0;
	int error = stafet_receive(client, cursor, WAIT_MS, &message);
	while (error == STAFET_OK) {
		struct stafet_id id = message.message;
		cursor = message.cursor;
		error = keep(folder, &message);
		if (error == STAFET_OK)
			error = stafet_acknowledge(client, &id);
		if (error == STAFET_OK)
			error = stafet_receive(client, cursor, WAIT_MS, &message);
	}
	return error == STAFET_ERR_NOT_FOUND ? STAFET_OK : error;
}

int main(int count, char **arguments)
{
	if (count != 3) {
		fprintf(stderr, "usage: %s SOCKET FOLDER\n", arguments[0]);
		return 2;
	}
	struct stafet_client *client = NULL;
	int error = stafet_client_open(arguments[1], TIMEOUT_MS, &client);
	if (error == STAFET_OK)
		error = receive_all(client, arguments[2]);
	if (error != STAFET_OK)
		fprintf(stderr, "%s %s\n", stafet_error_text(error),
			client ? stafet_client_text(client) : "");
	stafet_client_close(&client);
	return error == STAFET_OK ? 0 : 1;
}
