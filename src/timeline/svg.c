#include "timeline/svg.h"

#include <stdarg.h>
#include <stdio.h>
#include <string.h>

#include "base/time.h"
#include "timeline/scale.h"

/* Units are points of a page that is 1,400 wide. */
#define PAGE_WIDTH 1400
#define MARGIN 20
#define LABEL_WIDTH 190
#define AXIS_TOP 74
#define LANE_TOP 100
#define BAND_HEIGHT 11
#define MARK_HEIGHT 26
#define FLAG_HEIGHT 24
#define LANE_PADDING 8
#define ROW_HEIGHT 16
#define PLOT_WIDTH (PAGE_WIDTH - 2 * MARGIN - LABEL_WIDTH)
#define TICK_DISTANCE 74.0

struct drawing {
	const struct sf_timeline *timeline;
	const struct sf_timeline_svg_options *options;
	struct sf_timeline_scale scale;
	sf_domain_set domains; /* that have a band: only these have a row */
	int domain_count;
	int lane_height;
	struct sf_buf *buf;
	enum sf_err err;
};

/* Apart in brightness too, and each band says its name. */
static const char *colour_of(enum sf_domain domain)
{
	switch (domain) {
	case SF_DOMAIN_MEDICAL:
		return "#1f4e79";
	case SF_DOMAIN_CARE:
		return "#2e8b57";
	case SF_DOMAIN_MEDICATION:
		return "#c77d0a";
	case SF_DOMAIN_REHABILITATION:
		return "#8e5ea2";
	case SF_DOMAIN_SOCIAL:
		return "#5c6b73";
	case SF_DOMAIN_COUNT:
		break;
	}
	return "#000000";
}

static void put(struct drawing *drawing, const char *format, ...) SF_PRINTF(2, 3);
static void put(struct drawing *drawing, const char *format, ...)
{
	if (drawing->err)
		return;
	va_list arguments;
	va_start(arguments, format);
	drawing->err = sf_buf_vprintf(drawing->buf, format, arguments);
	va_end(arguments);
}

/* XML 1.0 section 2.4; control characters of names are left out. */
static void put_text(struct drawing *drawing, const char *text)
{
	for (const char *at = text; *at && !drawing->err; at++) {
		unsigned char byte = (unsigned char)*at;
		if (byte == '&')
			put(drawing, "&amp;");
		else if (byte == '<')
			put(drawing, "&lt;");
		else if (byte == '>')
			put(drawing, "&gt;");
		else if (byte >= ' ' && byte != 0x7f)
			drawing->err = sf_buf_append(drawing->buf, sf_view_of(at, 1));
	}
}

/* At most count characters, then an ellipsis. */
static void put_cut(struct drawing *drawing, const char *text, size_t count)
{
	char cut[256];
	size_t used = 0, characters = 0;
	const char *at = text;
	while (*at && characters < count && used + 8 < sizeof(cut)) {
		do
			cut[used++] = *at++;
		while (((unsigned char)*at & 0xc0) == 0x80 && used + 8 < sizeof(cut));
		characters++;
	}
	cut[used] = '\0';
	put_text(drawing, cut);
	if (*at)
		put(drawing, "…");
}

static double place(const struct drawing *drawing, int64_t time_ms)
{
	return MARGIN + LABEL_WIDTH + sf_timeline_place(&drawing->scale, time_ms);
}

struct shown_time {
	char text[48];
};

static struct shown_time show_local(const struct drawing *drawing, int64_t time_ms, bool year)
{
	struct sf_civil civil = drawing->options->local(time_ms);
	struct shown_time shown;
	if (year)
		(void)snprintf(shown.text, sizeof(shown.text), "%04d-%02d-%02d %02d:%02d",
			civil.year, civil.month, civil.day, civil.hour, civil.minute);
	else
		(void)snprintf(shown.text, sizeof(shown.text), "%02d-%02d %02d:%02d", civil.month,
			civil.day, civil.hour, civil.minute);
	return shown;
}

static int lane_y(const struct drawing *drawing, size_t lane)
{
	return LANE_TOP + (int)lane * drawing->lane_height;
}

static int domain_row(const struct drawing *drawing, enum sf_domain domain)
{
	int row = 0;
	for (int i = 0; i < (int)domain; i++)
		row += (drawing->domains & SF_DOMAIN_BIT(i)) != 0;
	return row;
}

static int band_y(const struct drawing *drawing, size_t lane, enum sf_domain domain)
{
	return lane_y(drawing, lane) + LANE_PADDING + domain_row(drawing, domain) * BAND_HEIGHT;
}

static int mark_y(const struct drawing *drawing, size_t lane)
{
	return lane_y(drawing, lane) + LANE_PADDING + drawing->domain_count * BAND_HEIGHT +
	       MARK_HEIGHT / 2;
}

static int flag_y(const struct drawing *drawing, size_t lane)
{
	return mark_y(drawing, lane) + MARK_HEIGHT / 2;
}

static int bottom_of_lanes(const struct drawing *drawing)
{
	return lane_y(drawing, drawing->timeline->lane_count);
}

/* --- The page -------------------------------------------------------------------------------- */

static int page_height(const struct drawing *drawing)
{
	size_t rows = drawing->timeline->mark_count + drawing->timeline->flag_count;
	return bottom_of_lanes(drawing) + 80 + (int)(rows + 2) * ROW_HEIGHT + MARGIN;
}

static void draw_head(struct drawing *drawing)
{
	const struct sf_reply_transition *show = drawing->timeline->show;
	char id[SF_ID_TEXT_SIZE];
	sf_id_format(show->row.transition, id);
	put(drawing,
		"<svg xmlns=\"http://www.w3.org/2000/svg\" viewBox=\"0 0 %d %d\" width=\"%d\" "
		"height=\"%d\" role=\"img\" aria-labelledby=\"t d\" font-family=\"Helvetica, "
		"Arial, sans-serif\" font-size=\"11\">\n",
		PAGE_WIDTH, page_height(drawing), PAGE_WIDTH, page_height(drawing));
	put(drawing, "<title id=\"t\">Transition %s</title>\n", id);
	put(drawing, "<desc id=\"d\">Who was responsible for what, from %s",
		show_local(drawing, drawing->timeline->from_ms, true).text);
	put(drawing, " to %s: %zu events, %zu deadlines, %zu gaps.</desc>\n",
		show_local(drawing, drawing->timeline->until_ms, true).text,
		drawing->timeline->mark_count, drawing->timeline->flag_count,
		drawing->timeline->gap_count);
	put(drawing, "<defs><pattern id=\"gap\" width=\"6\" height=\"6\" "
		     "patternUnits=\"userSpaceOnUse\" patternTransform=\"rotate(45)\"><rect "
		     "width=\"6\" height=\"6\" fill=\"#fdecea\"/><path d=\"M0 0V6\" "
		     "stroke=\"#b00020\" stroke-width=\"1.4\"/></pattern></defs>\n");
	put(drawing, "<rect width=\"100%%\" height=\"100%%\" fill=\"#ffffff\"/>\n");
	put(drawing, "<text x=\"%d\" y=\"34\" font-size=\"18\" font-weight=\"bold\">", MARGIN);
	put_cut(drawing, show->row.hospital_name ? show->row.hospital_name : "", 60);
	if (show->row.municipality_name && show->row.municipality_name[0]) {
		put(drawing, " → ");
		put_cut(drawing, show->row.municipality_name, 60);
	}
	put(drawing,
		"</text>\n<text x=\"%d\" y=\"52\" fill=\"#444444\">transition %s · %s · as of %s",
		MARGIN, id, sf_transition_state_text(show->row.state),
		show_local(drawing, show->as_of_ms, true).text);
	if (show->agreement_name && show->agreement_name[0]) {
		put(drawing, " · agreement ");
		put_cut(drawing, show->agreement_name, 50);
		put(drawing, " %u", (unsigned)show->agreement_version);
	}
	put(drawing, "</text>\n");
}

static void draw_tick(struct drawing *drawing, double x, int64_t time_ms)
{
	put(drawing,
		"<path d=\"M%.1f %dV%d\" stroke=\"#dddddd\"/><text x=\"%.1f\" y=\"%d\" "
		"text-anchor=\"%s\" font-size=\"10\" fill=\"#444444\">%s</text>\n",
		x, AXIS_TOP + 4, bottom_of_lanes(drawing), x, AXIS_TOP,
		x > PAGE_WIDTH - MARGIN - TICK_DISTANCE / 2 ? "end" : "middle",
		show_local(drawing, time_ms, false).text);
}

/* Ticks stand where something happens, as close as they can be read. */
static void draw_axis(struct drawing *drawing)
{
	double last = -TICK_DISTANCE;
	struct shown_time shown = {{0}};
	for (size_t i = 0; i < drawing->scale.count; i++) {
		double x = place(drawing, drawing->scale.times_ms[i]);
		struct shown_time time = show_local(drawing, drawing->scale.times_ms[i], false);
		if ((x - last < TICK_DISTANCE && i > 0) || strcmp(time.text, shown.text) == 0)
			continue;
		draw_tick(drawing, x, drawing->scale.times_ms[i]);
		last = x;
		shown = time;
	}
	int64_t now_ms = drawing->timeline->show->as_of_ms;
	if (now_ms <= drawing->timeline->from_ms || now_ms >= drawing->timeline->until_ms)
		return;
	double x = place(drawing, now_ms);
	put(drawing,
		"<path d=\"M%.1f %dV%d\" stroke=\"#000000\" stroke-dasharray=\"5 3\"/><text "
		"x=\"%.1f\" y=\"%d\" font-size=\"10\" font-weight=\"bold\">now</text>\n",
		x, AXIS_TOP + 4, bottom_of_lanes(drawing), x + 3, LANE_TOP - 4);
}

static void draw_lane(struct drawing *drawing, size_t index)
{
	const struct sf_timeline_lane *lane = &drawing->timeline->lanes[index];
	int y = lane_y(drawing, index);
	put(drawing,
		"<rect x=\"%d\" y=\"%d\" width=\"%d\" height=\"%d\" fill=\"%s\" "
		"fill-opacity=\"0.5\"/>\n",
		MARGIN, y, PAGE_WIDTH - 2 * MARGIN, drawing->lane_height - 2,
		index % 2 ? "#ffffff" : "#f3f5f7");
	put(drawing, "<text x=\"%d\" y=\"%d\" font-weight=\"bold\" font-size=\"12\">", MARGIN + 6,
		y + 20);
	put_cut(drawing, lane->name, 26);
	put(drawing, "</text><text x=\"%d\" y=\"%d\" fill=\"#444444\">%s</text>\n", MARGIN + 6,
		y + 35,
		sf_id_is_none(lane->party)   ? "what time gives"
		: lane->role == SF_ROLE_NONE ? "takes part"
					     : sf_role_text(lane->role));
}

/* --- What is in the lanes -------------------------------------------------------------------- */

/* What lies ahead is pale: it is what will be if nobody says anything. */
static void draw_ahead(struct drawing *drawing, const struct sf_timeline_band *band, double from)
{
	put(drawing,
		"<rect x=\"%.1f\" y=\"%d\" width=\"%.1f\" height=\"%d\" fill=\"%s\" "
		"fill-opacity=\"0.25\"/>\n",
		from, band_y(drawing, band->lane, band->domain),
		place(drawing, band->until_ms) - from, BAND_HEIGHT - 2, colour_of(band->domain));
}

static void draw_band(struct drawing *drawing, const struct sf_timeline_band *band)
{
	int64_t now_ms = drawing->timeline->show->as_of_ms;
	bool ahead = band->stands && now_ms >= band->from_ms && now_ms < band->until_ms;
	double from = place(drawing, band->from_ms);
	double until = place(drawing, ahead ? now_ms : band->until_ms);
	int y = band_y(drawing, band->lane, band->domain);
	if (ahead)
		draw_ahead(drawing, band, until);
	put(drawing,
		"<rect x=\"%.1f\" y=\"%d\" width=\"%.1f\" height=\"%d\" fill=\"%s\"><title>%s held "
		"from %s",
		from, y, until - from > 1.0 ? until - from : 1.0, BAND_HEIGHT - 2,
		colour_of(band->domain), sf_domain_text(band->domain),
		show_local(drawing, band->from_ms, true).text);
	if (band->stands)
		put(drawing, " on");
	else
		put(drawing, " to %s", show_local(drawing, band->until_ms, true).text);
	put(drawing, ", by %s</title></rect>\n", sf_basis_text(band->basis));
	const char *name = sf_domain_text(band->domain);
	if (until - from > 6.0 * (double)strlen(name))
		put(drawing,
			"<text x=\"%.1f\" y=\"%d\" font-size=\"8.5\" fill=\"#ffffff\">%s</text>\n",
			from + 3, y + BAND_HEIGHT - 4, name);
}

static void draw_window(struct drawing *drawing, const struct sf_timeline_window *window)
{
	double from = place(drawing, window->from_ms), until = place(drawing, window->until_ms);
	int y = band_y(drawing, window->lane, window->domain) - 2;
	put(drawing,
		"<rect x=\"%.1f\" y=\"%d\" width=\"%.1f\" height=\"%d\" fill=\"none\" "
		"stroke=\"#000000\" stroke-width=\"1.2\" stroke-dasharray=\"%s\"><title>window ",
		from, y, until - from, BAND_HEIGHT + 2,
		window->state == SF_WINDOW_OPEN ? "none" : "4 2");
	put_text(drawing, window->name ? window->name : "");
	put(drawing, " until %s, %s</title></rect>\n",
		show_local(drawing, window->until_ms, true).text,
		sf_window_state_text(window->state));
}

static void draw_gap(struct drawing *drawing, const struct sf_timeline_gap *gap)
{
	double from = place(drawing, gap->from_ms), until = place(drawing, gap->until_ms);
	bool whole = gap->lane == SF_TIMELINE_NO_LANE;
	int y = whole ? LANE_TOP : flag_y(drawing, gap->lane);
	int height = whole ? bottom_of_lanes(drawing) - LANE_TOP - 2 : FLAG_HEIGHT - 6;
	put(drawing,
		"<rect x=\"%.1f\" y=\"%d\" width=\"%.1f\" height=\"%d\" fill=\"url(#gap)\" "
		"fill-opacity=\"%s\" stroke=\"#b00020\" stroke-width=\"0.6\"><title>%s ",
		from, y, until - from > 2.0 ? until - from : 2.0, height, whole ? "0.35" : "1",
		sf_timeline_gap_text(gap->kind));
	put_text(drawing, gap->name ? gap->name : "");
	put(drawing, " from %s", show_local(drawing, gap->from_ms, true).text);
	put(drawing, " to %s</title></rect>\n", show_local(drawing, gap->until_ms, true).text);
}

static const char *words_of(const struct drawing *drawing, const struct sf_event_row *event)
{
	return drawing->options->words(drawing->options->words_context, event);
}

static void draw_mark(struct drawing *drawing, const struct sf_timeline_mark *mark, double x)
{
	if (mark->lane == SF_TIMELINE_NO_LANE)
		return;
	int y = mark_y(drawing, mark->lane);
	const char *edge = mark->refused || mark->late ? "#b00020" : "#222222";
	put(drawing,
		"<circle cx=\"%.1f\" cy=\"%d\" r=\"8\" fill=\"%s\" stroke=\"%s\" "
		"stroke-width=\"%s\"%s><title>",
		x, y, mark->deviates ? "#ffe9a8" : "#ffffff", edge, mark->late ? "2.4" : "1.2",
		mark->refused ? " stroke-dasharray=\"2 2\"" : "");
	put_text(drawing, words_of(drawing, mark->event));
	put(drawing, ", recorded %s</title></circle>",
		show_local(drawing, mark->event->recorded_ms, true).text);
	put(drawing,
		"<text x=\"%.1f\" y=\"%d\" text-anchor=\"middle\" font-size=\"8\">%llu</text>\n", x,
		y + 3, (unsigned long long)mark->event->sequence);
}

/* Events of one moment in one lane stand beside each other. */
static void draw_marks(struct drawing *drawing)
{
	const struct sf_timeline *timeline = drawing->timeline;
	for (size_t lane = 0; lane < timeline->lane_count; lane++) {
		double free_from = 0.0;
		for (size_t i = 0; i < timeline->mark_count; i++) {
			const struct sf_timeline_mark *mark = &timeline->marks[i];
			if (mark->lane != lane)
				continue;
			double x = place(drawing, mark->event->recorded_ms);
			x = x < free_from ? free_from : x;
			draw_mark(drawing, mark, x);
			free_from = x + 17.0;
		}
	}
}

struct letter {
	char text[4];
};

/* a to z, then aa, ab ... */
static struct letter letter_of(size_t number)
{
	struct letter letter = {{0}};
	size_t at = 0;
	if (number >= 26)
		letter.text[at++] = (char)('a' + (int)((number / 26 - 1) % 26));
	letter.text[at] = (char)('a' + (int)(number % 26));
	return letter;
}

static void draw_flag(struct drawing *drawing, const struct sf_timeline_flag *flag, size_t number)
{
	if (flag->lane == SF_TIMELINE_NO_LANE)
		return;
	double x = place(drawing, flag->duty->due_ms);
	int y = flag_y(drawing, flag->lane);
	put(drawing,
		"<path d=\"M%.1f %dv%dM%.1f %dl13 4.5l-13 4.5z\" fill=\"%s\" stroke=\"%s\"><title>",
		x, y, FLAG_HEIGHT - 6, x, y,
		flag->missed ? "#b00020"
		: flag->open ? "#ffffff"
			     : "#2e8b57",
		flag->missed ? "#b00020" : "#222222");
	put_text(drawing, flag->duty->name && flag->duty->name[0] ? flag->duty->name
								  : sf_duty_text(flag->duty->duty));
	put(drawing, " due %s, %s</title></path>",
		show_local(drawing, flag->duty->due_ms, true).text,
		sf_task_state_text(flag->duty->state));
	put(drawing, "<text x=\"%.1f\" y=\"%d\" font-size=\"8\">%s</text>\n", x + 3,
		y + FLAG_HEIGHT - 6, letter_of(number).text);
}

/* --- Below the lanes ------------------------------------------------------------------------- */

static void draw_key(struct drawing *drawing)
{
	int y = bottom_of_lanes(drawing) + 22;
	int x = MARGIN;
	for (int i = 0; i < SF_DOMAIN_COUNT; i++) {
		if (!(drawing->domains & SF_DOMAIN_BIT(i)))
			continue;
		put(drawing,
			"<rect x=\"%d\" y=\"%d\" width=\"22\" height=\"9\" fill=\"%s\"/><text "
			"x=\"%d\" "
			"y=\"%d\">%s</text>\n",
			x, y - 9, colour_of((enum sf_domain)i), x + 27, y,
			sf_domain_text((enum sf_domain)i));
		x += 120;
	}
	put(drawing,
		"<text x=\"%d\" y=\"%d\" fill=\"#444444\">number: event · red ring: late · yellow: "
		"not as "
		"agreed · dashed ring: refused · letter: deadline (green met, red missed, white "
		"open) · "
		"hatched: gap · outline: window · time is drawn shorter where nothing "
		"happens</text>\n",
		MARGIN, y + 20);
}

static void draw_event_row(struct drawing *drawing, const struct sf_timeline_mark *mark, int y)
{
	const struct sf_event_row *event = mark->event;
	put(drawing, "<text x=\"%d\" y=\"%d\" text-anchor=\"end\">%llu</text>", MARGIN + 22, y,
		(unsigned long long)event->sequence);
	put(drawing, "<text x=\"%d\" y=\"%d\">%s</text><text x=\"%d\" y=\"%d\">", MARGIN + 34, y,
		show_local(drawing, event->recorded_ms, true).text, MARGIN + 150, y);
	if (mark->lane != SF_TIMELINE_NO_LANE)
		put_cut(drawing, drawing->timeline->lanes[mark->lane].name, 40);
	put(drawing, "</text><text x=\"%d\" y=\"%d\">", MARGIN + 420, y);
	put_cut(drawing, words_of(drawing, event), 70);
	put(drawing, "</text>");
	if (mark->late || mark->deviates || mark->refused) {
		put(drawing, "<text x=\"%d\" y=\"%d\" fill=\"#b00020\">", MARGIN + 860, y);
		put_cut(drawing, mark->code ? sf_refusal_text((uint16_t)mark->code) : "told late",
			70);
		put(drawing, "</text>");
	}
	put(drawing, "\n");
}

static void draw_duty_row(
	struct drawing *drawing, const struct sf_timeline_flag *flag, size_t number, int y)
{
	const struct sf_obligation_row *duty = flag->duty;
	put(drawing, "<text x=\"%d\" y=\"%d\" text-anchor=\"end\">%s</text>", MARGIN + 22, y,
		letter_of(number).text);
	put(drawing, "<text x=\"%d\" y=\"%d\">%s</text><text x=\"%d\" y=\"%d\">", MARGIN + 34, y,
		show_local(drawing, duty->due_ms, true).text, MARGIN + 150, y);
	put_cut(drawing,
		duty->owner_name && duty->owner_name[0] ? duty->owner_name
							: sf_role_text(duty->owner_role),
		40);
	put(drawing, "</text><text x=\"%d\" y=\"%d\">", MARGIN + 420, y);
	put_cut(drawing, duty->name && duty->name[0] ? duty->name : sf_duty_text(duty->duty), 40);
	put(drawing, ": %s", sf_task_state_text(duty->state));
	if (duty->citation && duty->citation[0]) {
		put(drawing, " (clause ");
		put_cut(drawing, duty->citation, 40);
		put(drawing, ")");
	}
	put(drawing, "</text>");
	if (flag->missed)
		put(drawing, "<text x=\"%d\" y=\"%d\" fill=\"#b00020\">missed</text>", MARGIN + 860,
			y);
	put(drawing, "\n");
}

static void draw_lists(struct drawing *drawing)
{
	const struct sf_timeline *timeline = drawing->timeline;
	int y = bottom_of_lanes(drawing) + 66;
	put(drawing, "<text x=\"%d\" y=\"%d\" font-weight=\"bold\">Events</text>\n", MARGIN, y);
	for (size_t i = 0; i < timeline->mark_count; i++)
		draw_event_row(drawing, &timeline->marks[i], y += ROW_HEIGHT);
	if (timeline->flag_count == 0)
		return;
	y += ROW_HEIGHT + 6;
	put(drawing, "<text x=\"%d\" y=\"%d\" font-weight=\"bold\">Deadlines</text>\n", MARGIN, y);
	for (size_t i = 0; i < timeline->flag_count; i++)
		draw_duty_row(drawing, &timeline->flags[i], i, y += ROW_HEIGHT);
}

enum sf_err sf_timeline_svg(const struct sf_timeline *timeline,
	const struct sf_timeline_svg_options *options, struct sf_arena *arena, struct sf_buf *buf)
{
	struct drawing drawing = {.timeline = timeline, .options = options, .buf = buf};
	for (size_t i = 0; i < timeline->band_count; i++)
		drawing.domains |= SF_DOMAIN_BIT(timeline->bands[i].domain);
	for (int i = 0; i < SF_DOMAIN_COUNT; i++)
		drawing.domain_count += (drawing.domains & SF_DOMAIN_BIT(i)) != 0;
	drawing.lane_height =
		2 * LANE_PADDING + drawing.domain_count * BAND_HEIGHT + MARK_HEIGHT + FLAG_HEIGHT;
	enum sf_err err = sf_timeline_scale_make(timeline, PLOT_WIDTH, arena, &drawing.scale);
	if (err)
		return err;
	draw_head(&drawing);
	for (size_t i = 0; i < timeline->lane_count; i++)
		draw_lane(&drawing, i);
	draw_axis(&drawing);
	for (size_t i = 0; i < timeline->gap_count; i++)
		draw_gap(&drawing, &timeline->gaps[i]);
	for (size_t i = 0; i < timeline->band_count; i++)
		draw_band(&drawing, &timeline->bands[i]);
	for (size_t i = 0; i < timeline->window_count; i++)
		draw_window(&drawing, &timeline->windows[i]);
	for (size_t i = 0; i < timeline->flag_count; i++)
		draw_flag(&drawing, &timeline->flags[i], i);
	draw_marks(&drawing);
	draw_key(&drawing);
	draw_lists(&drawing);
	put(&drawing, "</svg>\n");
	return drawing.err;
}
