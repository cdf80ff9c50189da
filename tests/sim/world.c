#include "sim/world.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "audit/registry.h"
#include "base/time.h"
#include "coordinator/tables.h"
#include "core/identifier.h"
#include "crypto/record.h"
#include "format/format.h"
#include "node/tables.h"
#include "os/zones.h"
#include "sim/signatures.h"
#include "wire/record.h"

/* Invented organisations of tests/samples/templates/README.md: hospitals, municipalities, GPs. */
static const char *const codes[][2] = {
	{"990011000016008", "5790999000017"},
	{"990021000016004", "5790999000024"},
	{"990031000016002", "5790999000031"},
	{"990041000016009", "5790999000048"},
	{"990051000016007", "5790999000055"},
	{"990061000016005", "5790999000062"},
	{"990071000016000", "5790999000079"},
	{"990081000016003", "5790999000086"},
	{"990091000016001", "5790999000093"},
};

/* The number with the check digit that makes it valid. */
static void complete_code(char *code, bool (*is_valid)(struct sf_view text))
{
	size_t size = strlen(code);
	for (char digit = '0'; digit <= '9'; digit++) {
		code[size - 1] = digit;
		if (is_valid(sf_view_of(code, size)))
			return;
	}
	SF_ASSERT(false);
}

/* Codes of the index-th organisation that nobody has named. */
static void invent_codes(struct sf_sim_machine *machine, size_t index)
{
	if (index < SF_COUNT(codes)) {
		snprintf(machine->sor, sizeof(machine->sor), "%s", codes[index][0]);
		snprintf(machine->gln, sizeof(machine->gln), "%s", codes[index][1]);
		return;
	}
	snprintf(machine->sor, sizeof(machine->sor), "99%03u1000016000", (unsigned)(index + 1));
	snprintf(machine->gln, sizeof(machine->gln), "579099900%03u0", (unsigned)(index + 1));
	complete_code(machine->sor, sf_sor_is_valid);
	complete_code(machine->gln, sf_gln_is_valid);
}

static int64_t wall_ms(void *self)
{
	const struct sf_sim_machine *machine = self;
	return machine->world->now_ms + machine->skew_ms;
}

static int64_t monotonic_ms(void *self)
{
	const struct sf_sim_machine *machine = self;
	return machine->world->now_ms;
}

static void random_bytes(void *self, void *place, size_t size)
{
	struct sf_sim_machine *machine = self;
	uint8_t *bytes = place;
	for (size_t i = 0; i < size; i++)
		bytes[i] = (uint8_t)sf_sim_next(&machine->world->chance);
}

static const struct sf_zone *find_zone(void *self, const char *name)
{
	const struct sf_sim_machine *machine = self;
	const struct sf_zone *zone = NULL;
	return sf_zones_find(machine->world->zones, name, &zone, NULL) ? NULL : zone;
}

const struct sf_zone *sf_sim_zone(struct sf_sim_world *world)
{
	const struct sf_zone *zone = NULL;
	SF_ASSERT(!sf_zones_find(world->zones, "Europe/Copenhagen", &zone, NULL));
	return zone;
}

static struct sf_env machine_env(struct sf_sim_machine *machine)
{
	return (struct sf_env){machine, wall_ms, monotonic_ms, random_bytes, find_zone};
}

static void run_inline(void *self, const struct sf_job *jobs, size_t count)
{
	(void)self;
	for (size_t i = 0; i < count; i++)
		jobs[i].run(jobs[i].context);
}

static void add_key(struct sf_sim_machine *machine, enum sf_key_kind kind, uint8_t ret_public[32],
	struct sf_id *ret_id)
{
	struct sf_env env = machine_env(machine);
	struct sf_key key;
	SF_ASSERT(!sf_key_make(kind, &env, &key));
	SF_ASSERT(!sf_keyring_add(machine->keyring, &key));
	if (ret_public)
		memcpy(ret_public, key.public_key, 32);
	if (ret_id)
		*ret_id = key.id;
	sf_key_fini(&key);
}

void sf_sim_lose_key(struct sf_sim_machine *machine, bool lost)
{
	if (lost)
		SF_ASSERT(!sf_keyring_remove(machine->keyring, machine->sealing.id));
	else if (!sf_keyring_has(machine->keyring, machine->sealing.id))
		SF_ASSERT(!sf_keyring_add(machine->keyring, &machine->sealing));
}

static void make_keys(struct sf_sim_machine *machine)
{
	bool is_node = machine->kind == SF_SIM_NODE;
	SF_ASSERT(!sf_keyring_open(&machine->keyring));
	add_key(machine, is_node ? SF_KEY_IDENTITY : SF_KEY_COORDINATOR, machine->identity_key,
		&machine->identity_key_id);
	add_key(machine, SF_KEY_TRANSPORT, machine->transport_key, NULL);
	if (is_node) {
		struct sf_env env = machine_env(machine);
		SF_ASSERT(!sf_key_make(SF_KEY_SEALING, &env, &machine->sealing));
		memcpy(machine->sealing_key, machine->sealing.public_key, 32);
		sf_sim_lose_key(machine, false);
		add_key(machine, SF_KEY_MESSAGE_ID, NULL, NULL);
		add_key(machine, SF_KEY_WITNESS, machine->witness_key, &machine->witness_key_id);
	}
	if (!is_node)
		add_key(machine, SF_KEY_LOG, machine->log_key, &machine->log_key_id);
	if (machine->role == SF_ROLE_HOSPITAL || machine->role == SF_ROLE_PSYCHIATRY) {
		struct sf_key key;
		SF_ASSERT(!sf_key_from_secret(
			SF_KEY_PSEUDONYM, machine->world->pseudonym_secret, &key));
		SF_ASSERT(!sf_keyring_add(machine->keyring, &key));
		sf_key_fini(&key);
	}
}

static void add_directory_key(
	struct sf_directory_entry *entry, enum sf_key_use use, const uint8_t key[32])
{
	struct sf_directory_key *place = &entry->keys[entry->key_count++];
	place->use = use;
	memcpy(place->public_key, key, 32);
	place->not_before_ms = SF_SIM_START_MS - 30 * SF_DAY_MS; /* for clocks that go back */
	place->not_after_ms = SF_SIM_START_MS + 3650 * SF_DAY_MS;
}

/* The registrar signs the machine's entry; the coordinator records it. */
static void enrol(struct sf_sim_world *world, struct sf_sim_machine *machine)
{
	struct sf_directory_entry *entry = calloc(1, sizeof(*entry));
	SF_ASSERT(entry);
	entry->party = machine->party;
	entry->role = machine->role;
	entry->version = 1;
	snprintf(entry->name, sizeof(entry->name), "%s", machine->name);
	snprintf(entry->sor, sizeof(entry->sor), "%s", machine->sor);
	snprintf(entry->gln, sizeof(entry->gln), "%s", machine->gln);
	if (!machine->has_node)
		entry->represented_by = world->representative;
	if (machine->has_node) {
		add_directory_key(entry, SF_KEY_USE_IDENTITY, machine->identity_key);
		add_directory_key(entry, SF_KEY_USE_TRANSPORT, machine->transport_key);
	}
	if (machine->has_node && machine->kind == SF_SIM_NODE)
		add_directory_key(entry, SF_KEY_USE_SEALING, machine->sealing_key);
	if (machine->has_node && machine->kind == SF_SIM_NODE)
		add_directory_key(entry, SF_KEY_USE_WITNESS, machine->witness_key);
	if (machine->kind == SF_SIM_COORDINATOR)
		add_directory_key(entry, SF_KEY_USE_LOG, machine->log_key);
	struct sf_buf bytes, record;
	sf_buf_init(&bytes, SF_DIRECTORY_ENTRY_SIZE_MAX);
	sf_buf_init(&record, SF_DIRECTORY_ENTRY_SIZE_MAX);
	SF_ASSERT(!sf_entry_encode(entry, &bytes));
	struct sf_signed_record signed_record = {
		.record = sf_buf_view(&bytes), .signature_count = 1};
	signed_record.signatures[0].key_id = world->registrar_key_id;
	SF_ASSERT(!sf_record_sign(world->registrar, world->registrar_key_id, "entry",
		sf_buf_view(&bytes), signed_record.signatures[0].signature));
	SF_ASSERT(!sf_signed_record_encode(&signed_record, &record));
	struct sf_request request = {
		.kind = SF_REQUEST_APPROVE, .approve = {.record = sf_buf_view(&record)}};
	struct sf_arena arena;
	sf_arena_init(&arena, 1 << 20);
	struct sf_reply reply;
	SF_ASSERT(!sf_sim_call(sf_sim_coordinator(world), &request, &arena, &reply));
	if (reply.err)
		fprintf(stderr, "approve: %s\n", reply.text);
	SF_ASSERT(!reply.err);
	sf_arena_fini(&arena);
	sf_buf_fini(&record);
	sf_buf_fini(&bytes);
	free(entry);
}

static const struct sf_store *store_of(const struct sf_sim_machine *machine)
{
	return machine->disk ? machine->disk : sf_memory_port(machine->memory);
}

static void start_coordinator(struct sf_sim_machine *machine, struct sf_diag *diag)
{
	struct sf_sim_world *world = machine->world;
	struct sf_coordinator_options options = sf_coordinator_options_default();
	options.party = machine->party;
	options.identity_key_id = machine->identity_key_id;
	options.origin = "coordinator.example/log/sim/1";
	options.log_key_id = machine->log_key_id;
	options.registrars = world->registrars;
	options.agreement_count = 1;
	options.agreements[0] = sf_buf_view(&world->agreement);
	const struct sf_sim_limits *limits = &world->limits;
	/* Small, so that replay from the store is exercised. */
	options.transitions_cached = limits->transitions_cached ? limits->transitions_cached : 8;
	if (limits->credit_max)
		options.credit_max = limits->credit_max;
	if (limits->checkpoint_ms)
		options.checkpoint_ms = limits->checkpoint_ms;
	options.quorum_hospitals = limits->quorum_hospitals;
	options.quorum_municipalities = limits->quorum_municipalities;
	struct sf_coordinator_ports ports = {.env = machine_env(machine),
		.store = *store_of(machine),
		.workers = {NULL, run_inline}};
	sf_crypto_port(machine->keyring, &ports.crypto);
	enum sf_err err = sf_coordinator_open(&options, &ports, &machine->coordinator, diag);
	if (err)
		fprintf(stderr, "coordinator: %s: %s\n", sf_err_code(err), diag->text);
	SF_ASSERT(!err);
	sf_coordinator_engine(machine->coordinator, &machine->turn.engine);
}

/* A program too old for the letters it gets. */
static enum sf_err read_nothing(void *self, const char *content_type, struct sf_view content,
	struct sf_arena *arena, struct sf_document *ret_document, struct sf_issues *ret_issues,
	struct sf_diag *diag)
{
	(void)self, (void)content_type, (void)content, (void)arena;
	(void)ret_document, (void)ret_issues, (void)diag;
	return SF_ERR_UNSUPPORTED;
}

static void start_node(struct sf_sim_machine *machine, struct sf_diag *diag)
{
	struct sf_sim_world *world = machine->world;
	struct sf_node_options options = sf_node_options_default();
	options.party = machine->party;
	options.identity_key_id = machine->identity_key_id;
	options.witness_key_id = machine->witness_key_id;
	options.coordinator = sf_sim_coordinator(world)->party;
	options.registrars = world->registrars;
	const struct sf_sim_limits *limits = &world->limits;
	options.transitions_cached = limits->transitions_cached ? limits->transitions_cached : 8;
	if (limits->window_max)
		options.window_max = limits->window_max;
	/* Of a log that signs seldom nothing can be said sooner. */
	options.tail_patience_ms += 2 * limits->checkpoint_ms;
	struct sf_node_ports ports = {.env = machine_env(machine),
		.store = *store_of(machine),
		.workers = {NULL, run_inline},
		.format = world->format};
	if (machine->cannot_read)
		ports.format.read = read_nothing;
	sf_crypto_port(machine->keyring, &ports.crypto);
	enum sf_err err = sf_node_open(&options, &ports, &machine->node, diag);
	if (err)
		fprintf(stderr, "%s: %s: %s\n", machine->name, sf_err_code(err), diag->text);
	SF_ASSERT(!err);
	sf_node_engine(machine->node, &machine->turn.engine);
}

void sf_sim_power_on(struct sf_sim_machine *machine)
{
	if (machine->on || !machine->has_node || machine->hostile)
		return;
	struct sf_diag diag = {{0}};
	sf_memory_reopen(machine->memory);
	machine->turn = (struct sf_turn){.store = *store_of(machine),
		.link = sf_sim_link(machine),
		.env = machine_env(machine)};
	machine->on = true;
	if (machine->kind == SF_SIM_NODE)
		start_node(machine, &diag);
	else
		start_coordinator(machine, &diag);
	machine->reconnect_ms = machine->world->now_ms + 200;
	sf_sim_note_wait(machine);
}

void sf_sim_power_off(struct sf_sim_machine *machine)
{
	struct sf_sim_world *world = machine->world;
	if (!machine->on)
		return;
	machine->on = false;
	sf_memory_cut(machine->memory);
	sf_node_close(&machine->node);
	sf_coordinator_close(&machine->coordinator);
	sf_sim_mail_fini(machine);
	machine->connected = false;
	for (size_t i = 1; i < world->machine_count && machine->kind == SF_SIM_COORDINATOR; i++)
		sf_sim_disconnect(&world->machines[i], true);
	world->power_cuts++;
}

struct sf_sim_machine *sf_sim_add(struct sf_sim_world *world, enum sf_role role, const char *name,
	const char *sor, const char *gln, bool has_node)
{
	SF_ASSERT(world->machine_count < SF_SIM_MACHINES_MAX);
	struct sf_sim_machine *machine = &world->machines[world->machine_count];
	*machine = (struct sf_sim_machine){.world = world,
		.index = world->machine_count,
		.kind = role == SF_ROLE_COORDINATOR ? SF_SIM_COORDINATOR : SF_SIM_NODE,
		.role = role,
		.has_node = has_node};
	random_bytes(machine, machine->party.bytes, SF_ID_SIZE);
	snprintf(machine->name, sizeof(machine->name), "%s", name);
	if (machine->kind == SF_SIM_NODE) {
		invent_codes(machine, world->machine_count - 1);
		if (sor)
			snprintf(machine->sor, sizeof(machine->sor), "%s", sor);
		if (sor)
			snprintf(machine->gln, sizeof(machine->gln), "%s", gln);
	}
	make_keys(machine);
	struct sf_diag diag;
	bool node = machine->kind == SF_SIM_NODE;
	SF_ASSERT(!sf_memory_open(node ? sf_node_tables : sf_coordinator_tables,
		node ? sf_node_table_count : sf_coordinator_table_count, &machine->memory, &diag));
	world->machine_count++;
	sf_sim_power_on(machine);
	enrol(world, machine);
	return machine;
}

/* The fixture agreement: going home offers care and medication to the municipality. */
static void make_agreement(struct sf_sim_world *world)
{
	struct sf_agreement *fixture = calloc(1, sizeof(*fixture));
	SF_ASSERT(fixture);
	*fixture = (struct sf_agreement){.name = "fixture",
		.version = 1,
		.time_zone = "Europe/Copenhagen",
		.cut_off_minute = -1,
		.pathway_count = 1};
	fixture->pathways[0] = (struct sf_pathway_terms){.pathway = SF_PATHWAY_SOMATIC,
		.handover_count = 1,
		.handovers = {{.on = {SF_KIND_STAY, SF_ACTIVITY_DISCHARGE_HOME, 0},
			.offers =
				SF_DOMAIN_BIT(SF_DOMAIN_CARE) | SF_DOMAIN_BIT(SF_DOMAIN_MEDICATION),
			.to = SF_ROLE_MUNICIPALITY,
			.silence = SF_SILENCE_STAYS}}};
	sf_buf_init(&world->agreement, 65536);
	SF_ASSERT(!sf_agreement_encode(fixture, &world->agreement));
	free(fixture);
}

static void add_some(struct sf_sim_world *world, enum sf_role role, size_t count)
{
	for (size_t i = 0; i < count; i++) {
		char name[32];
		snprintf(name, sizeof(name), "%s %zu", sf_role_text(role), i);
		sf_sim_add(world, role, name, NULL, NULL, true);
	}
}

void sf_sim_open(struct sf_sim_world *world, uint64_t seed, const struct sf_sim_plan *plan)
{
	*world = (struct sf_sim_world){.seed = seed, .chance = {seed}, .now_ms = SF_SIM_START_MS};
	sf_sim_signatures_forget();
	world->machines = calloc(SF_SIM_MACHINES_MAX, sizeof(*world->machines));
	SF_ASSERT(world->machines);
	SF_ASSERT(!sf_zones_open(SF_ZONE_FOLDER, &world->zones, NULL));
	struct sf_sim_machine chance = {.world = world};
	random_bytes(&chance, world->pseudonym_secret, sizeof(world->pseudonym_secret));
	sf_format_port(&world->format);
	make_agreement(world);
	struct sf_sim_machine registrar = {.world = world};
	SF_ASSERT(!sf_keyring_open(&registrar.keyring));
	add_key(&registrar, SF_KEY_REGISTRAR, world->registrar_key, &world->registrar_key_id);
	world->registrar = registrar.keyring;
	world->registrars = (struct sf_registrars){.count = 1, .threshold = 1};
	memcpy(world->registrars.keys[0], world->registrar_key, 32);
	world->limits = plan->limits;
	sf_sim_add(world, SF_ROLE_COORDINATOR, "coordinator", "", "", true);
	add_some(world, SF_ROLE_HOSPITAL, plan->hospitals);
	add_some(world, SF_ROLE_MUNICIPALITY, plan->municipalities);
	add_some(world, SF_ROLE_GP, plan->practices);
}

void sf_sim_close(struct sf_sim_world *world)
{
	for (size_t i = 0; i < world->machine_count; i++) {
		struct sf_sim_machine *machine = &world->machines[i];
		sf_node_close(&machine->node);
		sf_coordinator_close(&machine->coordinator);
		sf_memory_close(&machine->memory);
		sf_keyring_close(&machine->keyring);
		sf_key_fini(&machine->sealing);
		sf_sim_mail_fini(machine);
		free(machine->mail);
	}
	for (size_t i = 0; i < world->tap_count; i++)
		sf_buf_fini(&world->tap[i]);
	sf_keyring_close(&world->registrar);
	sf_buf_fini(&world->agreement);
	sf_zones_close(&world->zones);
	free(world->machines);
	free(world->waits);
}

struct sf_sim_machine *sf_sim_coordinator(struct sf_sim_world *world)
{
	return &world->machines[0];
}

struct sf_sim_machine *sf_sim_machine(struct sf_sim_world *world, enum sf_role role, size_t index)
{
	for (size_t i = 0; i < world->machine_count; i++)
		if (world->machines[i].role == role && index-- == 0)
			return &world->machines[i];
	return NULL;
}

/* A turn that could not be: the machine goes on after a full disk, and starts anew after worse. */
static enum sf_err run_turn(struct sf_sim_machine *machine, struct sf_call *calls, size_t count)
{
	struct sf_diag diag = {{0}};
	bool busy;
	enum sf_err err = sf_turn_run(&machine->turn, calls, count, &busy, &diag);
	sf_sim_note_wait(machine);
	if (!err)
		return SF_OK;
	machine->world->lost_turns++;
	if (err != SF_ERR_DISK_FULL && err != SF_ERR_AGAIN) {
		sf_sim_power_off(machine);
		if (!machine->disk)
			sf_sim_power_on(machine);
	}
	return err;
}

enum sf_err sf_sim_call(struct sf_sim_machine *machine, const struct sf_request *request,
	struct sf_arena *arena, struct sf_reply *ret_reply)
{
	if (!machine->on)
		return SF_ERR_UNREACHABLE;
	struct sf_call call = {.request = request, .arena = arena, .reply = ret_reply};
	enum sf_err err = run_turn(machine, &call, 1);
	return err ? err : call.answered ? SF_OK : SF_ERR_AGAIN;
}

static int64_t machine_due_ms(const struct sf_sim_machine *machine)
{
	if (!machine->on)
		return INT64_MAX;
	int64_t due_ms = sf_sim_mail_due_ms(machine);
	int64_t engine_ms = machine->turn.engine.next_due_ms(machine->turn.engine.self);
	if (engine_ms == INT64_MAX)
		return due_ms;
	/* The engine counts by its own clock, which may be wrong. */
	int64_t world_ms = machine->world->now_ms;
	struct sf_clock clock = machine->turn.clock;
	engine_ms += world_ms - sf_clock_read(&clock, world_ms + machine->skew_ms, world_ms);
	return engine_ms < due_ms ? engine_ms : due_ms;
}

/* The earliest moment at which anything happens. */
static int64_t next_ms(const struct sf_sim_world *world)
{
	int64_t due_ms = INT64_MAX;
	for (size_t i = 0; i < world->machine_count; i++) {
		const struct sf_sim_machine *machine = &world->machines[i];
		int64_t at_ms = machine_due_ms(machine);
		if (sf_sim_may_connect(machine) && machine->reconnect_ms < at_ms)
			at_ms = machine->reconnect_ms;
		due_ms = at_ms < due_ms ? at_ms : due_ms;
	}
	return due_ms;
}

int64_t sf_sim_jump(struct sf_sim_world *world)
{
	int64_t reach_ms = sf_sim_below(&world->chance, 2) ? SF_HOUR_MS : 2 * SF_DAY_MS;
	return (int64_t)sf_sim_below(&world->chance, (uint64_t)(2 * reach_ms)) - reach_ms;
}

void sf_sim_run_until(struct sf_sim_world *world, int64_t until_ms)
{
	for (;;) {
		int64_t at_ms = next_ms(world);
		if (at_ms > until_ms)
			break;
		if (at_ms > world->now_ms)
			world->now_ms = at_ms;
		sf_sim_connect_due(world);
		for (size_t i = 0; i < world->machine_count; i++) {
			struct sf_sim_machine *machine = &world->machines[i];
			if (!machine->on || machine_due_ms(machine) > world->now_ms)
				continue;
			sf_ignore(run_turn(machine, NULL, 0));
			if (sf_sim_happens(world, world->faults.clock))
				machine->skew_ms = sf_sim_jump(world);
			if (sf_sim_happens(world, world->faults.power)) {
				sf_sim_power_off(machine);
				sf_sim_power_on(machine);
			}
		}
		/* Turns take time: an engine that always has work must not stop the clock. */
		world->now_ms++;
	}
	if (world->now_ms < until_ms)
		world->now_ms = until_ms;
}

void sf_sim_part(struct sf_sim_machine *machine, bool parted)
{
	machine->world->parted[machine->index] = parted;
	if (parted)
		sf_sim_disconnect(machine, false);
}

void sf_sim_heal(struct sf_sim_world *world)
{
	world->faults = (struct sf_sim_faults){0};
	world->healed = true;
	for (size_t i = 0; i < world->machine_count; i++) {
		struct sf_sim_machine *machine = &world->machines[i];
		world->parted[i] = false;
		/* The turn's clock goes on as it began: a person reads the alarm and restarts it.
		 */
		if (world->signs && machine->skew_ms != 0)
			sf_sim_power_off(machine);
		machine->skew_ms = 0;
		sf_memory_plan(machine->memory, NULL);
		sf_sim_power_on(machine);
	}
}
