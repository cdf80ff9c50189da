#include "cmd/mllp_face.h"

#include "audit/outcome.h"
#include "cmd/tls_key.h"
#include "format/format.h"

#define REPLY_TIMEOUT_MS 30000 /* until a sender has taken an application acknowledgement */

static void tell(void *self, enum sf_mllp_trouble trouble)
{
	struct sf_mllp_program *program = self;
	const struct sf_env *env = &program->process->env;
	struct sf_log_line line;
	sf_log_begin(&line, &program->process->log, SF_LOG_WARNING, SF_LOG_FRAME_REFUSED,
		env->now_ms(env->self));
	sf_log_code(&line, "fault", sf_mllp_trouble_code(trouble));
	sf_log_end(&line);
}

/* What the engine could not answer: nothing was taken. */
static enum sf_err refuse(void *self, struct sf_view message, enum sf_err err, struct sf_buf *buf)
{
	struct sf_mllp_program *program = self;
	const struct sf_env *env = &program->process->env;
	const struct sf_reply reply = {.err = err};
	const struct sf_outcome_tongue *tongue = sf_outcome_tongue(sf_handin_outcome_of(&reply));
	const struct sf_issues issues = {.count = 1,
		.items = {{true, tongue->issue_code, "MSH",
			tongue->retry ? "nothing was taken; send the message again later"
				      : "nothing was taken; the message cannot be handled"}}};
	const struct sf_hl7_answer answer = {.message = message,
		.original = tongue->hl7_original,
		.enhanced = tongue->hl7_enhanced,
		.issues = &issues,
		.at_ms = env->now_ms(env->self)};
	return program->format.write_hl7_answer(program->format.self, &answer, buf, NULL);
}

static bool takes(void *self, struct sf_view message, struct sf_view answer)
{
	struct sf_mllp_program *program = self;
	return program->format.hl7_takes(program->format.self, message, answer);
}

static enum sf_err open_reply(
	const struct sf_config_mllp *config, struct sf_mllp_program *program, struct sf_diag *diag)
{
	if (config->reply_to[0] == '\0')
		return SF_OK;
	const struct sf_mllp_reply_options options = {.env = &program->process->env,
		.to = config->reply_to,
		.name = config->reply_name,
		.certificate = config->listener.certificate,
		.key = config->listener.key,
		.authority = config->listener.client_authority,
		.timeout_ms = REPLY_TIMEOUT_MS,
		.takes = takes,
		.self = program};
	enum sf_err err = sf_mllp_reply_open(&options, &program->reply, diag);
	if (err)
		return err;
	const struct sf_face face = sf_mllp_reply_face(program->reply);
	sf_process_face(program->process, &face);
	return SF_OK;
}

enum sf_err sf_mllp_program_open(const struct sf_config_mllp *config, struct sf_process *process,
	struct sf_mllp_program *ret_program, struct sf_diag *diag)
{
	*ret_program = (struct sf_mllp_program){.process = process};
	const struct sf_config_listener *listener = &config->listener;
	if (listener->address[0] == '\0')
		return SF_OK;
	sf_format_port(&ret_program->format);
	struct sf_mllp_options options = sf_mllp_options_default(listener->address);
	options.certificate = listener->certificate;
	options.key = listener->key;
	options.client_authority = listener->client_authority;
	options.municipality = config->municipality;
	options.terms.tell = tell;
	options.terms.self = ret_program;
	options.refusal = refuse;
	options.self = ret_program;
	enum sf_err err = sf_tls_key_check(listener->key, diag);
	if (!err)
		err = sf_mllp_server_open(&options, &ret_program->server, diag);
	if (!err)
		err = open_reply(config, ret_program, diag);
	if (err) {
		sf_diag_prefix(diag, "mllp");
		return err;
	}
	const struct sf_face face = sf_mllp_face(ret_program->server);
	sf_process_face(process, &face);
	return SF_OK;
}

void sf_mllp_program_close(struct sf_mllp_program *program)
{
	sf_mllp_reply_close(&program->reply);
	sf_mllp_server_close(&program->server);
}
