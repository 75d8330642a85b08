//! Domain values as pages show them: instants in the plan's zone, clauses with links, clocks as rows.

use fengsui_domain::clock::Clock;
use fengsui_domain::event::Event;
use fengsui_domain::level::IncidentLevel;
use fengsui_domain::plan::{self, Clause, Fact, FactId, Plan, Relation, RoleId};
use fengsui_service::ingest::Title;
use jiff::Timestamp;
use jiff::tz::TimeZone;

use crate::app::App;
use crate::console::lang::Lang;
use crate::console::view::parts::{
    Choice, ClauseRef, ClockRow, Countdown, FactField, FactKind, IncidentRef, LevelMark, Moment, Proof,
};
use crate::console::view::words::{ClockState, IndicatorKind, Level, ReportForm};

/// The zone in which a plan's times are shown and typed.
pub(crate) fn zone(plan: &Plan) -> TimeZone {
    TimeZone::get(&plan.zone).unwrap_or(TimeZone::UTC)
}

/// A zone's short name at an instant: `UTC+8`, `UTC+5:30`.
pub(crate) fn zone_name(zone: &TimeZone, at: Timestamp) -> String {
    let minutes = zone.to_offset(at).seconds() / 60;
    let sign = if minutes < 0 { '-' } else { '+' };
    let (hours, rest) = (minutes.abs() / 60, minutes.abs() % 60);
    if rest == 0 { format!("UTC{sign}{hours}") } else { format!("UTC{sign}{hours}:{rest:02}") }
}

/// An instant, written out.
pub(crate) fn moment(at: Timestamp, zone: &TimeZone, now: Timestamp, lang: Lang) -> Moment {
    let zoned = at.to_zoned(zone.clone());
    Moment {
        iso: zoned.strftime("%Y-%m-%dT%H:%M:%S%:z").to_string(),
        local: zoned.strftime("%Y-%m-%d %H:%M:%S").to_string(),
        zone: zone_name(zone, at),
        relative: relative(at, now, lang),
    }
}

/// An instant as a `datetime-local` field holds it.
pub(crate) fn typed(at: Timestamp, zone: &TimeZone) -> String {
    at.to_zoned(zone.clone()).strftime("%Y-%m-%dT%H:%M:%S").to_string()
}

/// How long ago, or until.
fn relative(at: Timestamp, now: Timestamp, lang: Lang) -> String {
    let seconds = at.duration_since(now).as_secs();
    let span = usize::try_from(seconds.unsigned_abs()).unwrap_or(usize::MAX);
    let past = seconds <= 0;
    let text = match (span, past) {
        (0..60, true) => lang.t_n("ago-seconds", span),
        (0..60, false) => lang.t_n("in-seconds", span),
        (60..3_600, true) => lang.t_n("ago-minutes", span / 60),
        (60..3_600, false) => lang.t_n("in-minutes", span / 60),
        (3_600..86_400, true) => lang.t_n("ago-hours", span / 3_600),
        (3_600..86_400, false) => lang.t_n("in-hours", span / 3_600),
        (_, true) => lang.t_n("ago-days", span / 86_400),
        (_, false) => lang.t_n("in-days", span / 86_400),
    };
    text.into_owned()
}

/// A text of a plan in the reader's language.
pub(crate) fn text(text: &plan::Text, lang: Lang) -> String {
    text.get(plan_lang(lang)).to_owned()
}

/// The language as plans name it.
pub(crate) fn plan_lang(lang: Lang) -> plan::Lang {
    match lang {
        Lang::ZhCn => plan::Lang::Zh,
        Lang::En => plan::Lang::En,
    }
}

/// A body's name; its id if the plan does not know it.
pub(crate) fn role(plan: &Plan, id: &RoleId, lang: Lang) -> String {
    plan.roles.get(id).map_or_else(|| id.as_str().to_owned(), |role| text(&role.title, lang))
}

/// Bodies' names, joined.
pub(crate) fn roles<'r>(plan: &Plan, ids: impl IntoIterator<Item = &'r RoleId>, lang: Lang) -> String {
    ids.into_iter().map(|id| role(plan, id, lang)).collect::<Vec<_>>().join(&lang.t("list-comma"))
}

/// A body's name in whichever plan at hand knows it: one id is one body under every plan.
pub(crate) fn body(app: &App, id: &RoleId, lang: Lang) -> String {
    let known = app.service.plans().list().find_map(|pack| pack.plan.roles.get(id));
    known.map_or_else(|| id.as_str().to_owned(), |role| text(&role.title, lang))
}

/// Names of bodies of any plan, joined.
pub(crate) fn bodies<'r>(app: &App, ids: impl IntoIterator<Item = &'r RoleId>, lang: Lang) -> String {
    ids.into_iter().map(|id| body(app, id, lang)).collect::<Vec<_>>().join(&lang.t("list-comma"))
}

/// The bodies of every plan at hand to choose from: those of the node's own plan first, others with the
/// plan that names them.
pub(crate) fn body_choices(app: &App, own: &Plan, lang: Lang) -> Vec<Choice> {
    let mut choices = role_choices(own, own.roles.keys(), lang);
    for pack in app.service.plans().list().filter(|pack| pack.plan.id != own.id) {
        let plan = &pack.plan;
        let more = plan.roles.keys().filter(|id| !own.roles.contains_key(*id));
        for choice in role_choices(plan, more, lang) {
            if choices.iter().all(|known| known.value != choice.value) {
                let text = lang.t_ab("body-of-plan", &choice.text, &self::text(&plan.title, lang));
                choices.push(Choice { text: text.into_owned(), ..choice });
            }
        }
    }
    choices
}

/// Bodies to choose from.
pub(crate) fn role_choices<'r>(
    plan: &Plan,
    ids: impl IntoIterator<Item = &'r RoleId>,
    lang: Lang,
) -> Vec<Choice> {
    let choice = |id: &RoleId| Choice {
        value: id.as_str().to_owned(),
        text: role(plan, id, lang),
        hint: String::new(),
    };
    ids.into_iter().map(choice).collect()
}

/// A clause, with its place on the plan's page.
pub(crate) fn clause(clause: &Clause, plan: &Plan) -> ClauseRef {
    let own = clause.document() == plan.id.as_str();
    let joined = plan.joined.iter().any(|joined| joined.id.as_str() == clause.document());
    let href = if joined {
        format!("/plans/{}#clause-{}", clause.document(), clause.number())
    } else {
        format!("/plans/{}#{}", plan.id, clause_anchor(clause, plan))
    };
    let short = if own { clause.number().to_owned() } else { clause.as_str().to_owned() };
    let unverified = plan.unverified_of(clause).next().is_some();
    ClauseRef { id: clause.as_str().to_owned(), short, href, unverified }
}

/// A plan that may run beside another one; what either says of the other comes as a hint.
pub(crate) fn plan_beside(plan: &Plan, lead: &Plan, lang: Lang) -> Choice {
    let named = plan.beside.get(&lead.id).or_else(|| lead.beside.get(&plan.id));
    let hint = named.map(|beside| {
        let key = match beside.relation {
            Relation::Overlap => "beside-overlap",
            Relation::Parent if plan.beside.contains_key(&lead.id) => "beside-child",
            Relation::Parent => "beside-parent",
        };
        format!("{} · § {}", lang.t(key), beside.clause)
    });
    Choice { value: plan.id.to_string(), text: text(&plan.title, lang), hint: hint.unwrap_or_default() }
}

/// Where a clause stands on the plan's page.
pub(crate) fn clause_anchor(clause: &Clause, plan: &Plan) -> String {
    let own = clause.document() == plan.id.as_str();
    let name = if own { clause.number().to_owned() } else { clause.as_str().replace('/', ".") };
    format!("clause-{name}")
}

/// The level as pages name it.
pub(crate) fn level(level: IncidentLevel) -> Level {
    match level {
        IncidentLevel::I => Level::I,
        IncidentLevel::II => Level::II,
        IncidentLevel::III => Level::III,
        IncidentLevel::IV => Level::IV,
    }
}

/// A level with its badge.
pub(crate) fn level_mark(of: IncidentLevel, confirmed: bool) -> LevelMark {
    LevelMark { level: level(of), confirmed }
}

/// An incident, named and linked. The level is provisional until a person has confirmed it.
pub(crate) fn incident_ref(number: &str, title: &str, mark: Option<LevelMark>) -> IncidentRef {
    IncidentRef {
        number: number.to_owned(),
        title: title.to_owned(),
        href: format!("/incidents/{number}"),
        level: mark,
    }
}

/// An incident as it stands, named and linked.
pub(crate) fn incident(of: &fengsui_domain::incident::Incident) -> IncidentRef {
    incident_ref(&of.number, &of.title, Some(level_mark(of.level(), of.level_is_confirmed())))
}

/// What an event is called: as it was written, or in the reader's language if monitoring named it.
pub(crate) fn event_title(event: &Event, lang: Lang) -> String {
    let written = &event.intake.title;
    let named = event.sightings.as_ref().map(|seen| Title::of(&seen.rule, &seen.key, &event.intake.asset));
    match named.filter(|title| title.stored() == *written) {
        Some(title) if lang == Lang::ZhCn => title.zh,
        Some(title) => title.en,
        None => written.clone(),
    }
}

/// The page with the proof of an entry.
pub(crate) fn proof(index: u64) -> Proof {
    Proof { index, href: format!("/ledger/entries/{index}") }
}

/// How an open clock stands: half of its span gone is "soon"; "at once" is overdue from the start.
pub(crate) fn clock_state(clock: &Clock, now: Timestamp) -> ClockState {
    if clock.lapsed_at.is_some() {
        return ClockState::Lapsed;
    }
    if clock.due_at <= now {
        return ClockState::Overdue;
    }
    let span = clock.due_at.duration_since(clock.started_at);
    let left = clock.due_at.duration_since(now);
    if left <= span / 2 { ClockState::DueSoon } else { ClockState::Running }
}

/// The time left on a clock.
pub(crate) fn countdown(clock: &Clock, zone: &TimeZone, now: Timestamp, lang: Lang) -> Countdown {
    Countdown {
        due: moment(clock.due_at, zone, now, lang),
        state: clock_state(clock, now),
        left: left(clock.due_at, now, lang),
    }
}

/// The span between two instants without sign: `00:28:13`, beyond a day `2 d 03:10:00`.
pub(crate) fn left(due: Timestamp, now: Timestamp, lang: Lang) -> String {
    let span = due.duration_since(now).as_secs().unsigned_abs();
    let clock = format!("{:02}:{:02}:{:02}", span / 3_600 % 24, span / 60 % 60, span % 60);
    match span / 86_400 {
        0 => clock,
        days => format!("{days} {} {clock}", lang.t("unit-day")),
    }
}

/// The form of a report.
pub(crate) fn form(form: plan::Form) -> ReportForm {
    match form {
        plan::Form::Oral => ReportForm::Oral,
        plan::Form::Written => ReportForm::Written,
    }
}

/// A duty as a row.
pub(crate) fn clock_row(
    clock: &Clock,
    incident: IncidentRef,
    plan: &Plan,
    now: Timestamp,
    lang: Lang,
) -> ClockRow {
    let zone = zone(plan);
    let rule = plan.clock(&clock.rule);
    ClockRow {
        id: format!("clock-{}", clock.id),
        href: match &clock.step {
            Some(about) => {
                format!("/incidents/{}/playbooks#step-{}-{}", incident.number, about.run, about.step)
            }
            None => format!("/incidents/{}/clocks#clock-{}", incident.number, clock.id),
        },
        rule: rule.map_or_else(|| clock.rule.as_str().to_owned(), |rule| text(&rule.title, lang)),
        rule_href: format!("/plans/{}#rule-{}", plan.id, clock.rule),
        clause: self::clause(&clock.clause, plan),
        obliged: role(plan, &clock.of, lang),
        addressee: roles(plan, &clock.to, lang),
        form: clock.form.map(form),
        incident,
        countdown: countdown(clock, &zone, now, lang),
        caution: holidays_unknown(&clock.holidays_unknown, lang),
        next: next_notice(clock, plan, &zone, now, lang),
    }
}

/// Who is told next, and when; empty when everybody was.
fn next_notice(clock: &Clock, plan: &Plan, zone: &TimeZone, now: Timestamp, lang: Lang) -> String {
    let Some(notice) = clock.notices.iter().find(|notice| notice.told_at.is_none()) else {
        return String::new();
    };
    let at = notice.at.to_zoned(zone.clone());
    let today = at.date() == now.to_zoned(zone.clone()).date();
    let when = at.strftime(if today { "%H:%M" } else { "%m-%d %H:%M" }).to_string();
    format!("{when} → {}", role(plan, &notice.to, lang))
}

/// A question of the plan as a form field.
fn fact_field(plan: &Plan, (id, fact): (&FactId, &Fact), lang: Lang) -> FactField {
    let kind = match &fact.kind {
        plan::FactKind::Bool => FactKind::YesNo,
        plan::FactKind::Count => FactKind::Count,
        plan::FactKind::OneOf(choices) => FactKind::OneOf(
            choices
                .iter()
                .map(|choice| Choice {
                    value: choice.id.clone(),
                    text: text(&choice.title, lang),
                    hint: String::new(),
                })
                .collect(),
        ),
    };
    FactField {
        id: id.as_str().to_owned(),
        title: text(&fact.title, lang),
        hint: text(&fact.hint, lang),
        kind,
        judged_by: role(plan, &fact.judged_by, lang),
        clause: clause(&fact.clause, plan),
        needs_reason: fact.needs_reason,
    }
}

/// All questions of a plan, in its order.
pub(crate) fn fact_fields(plan: &Plan, lang: Lang) -> Vec<FactField> {
    plan.questions().into_iter().map(|question| fact_field(plan, question, lang)).collect()
}

/// The classes of a plan's taxonomy, each with the wider one before it, and with the other plan that
/// governs it, if one does.
pub(crate) fn category_choices(plan: &Plan, lang: Lang) -> Vec<Choice> {
    plan.classes()
        .into_iter()
        .map(|(id, category)| {
            let own = text(&category.title, lang);
            let wider = category.parent.as_ref().and_then(|parent| plan.categories.get(parent));
            let shown =
                wider.map_or_else(|| own.clone(), |wider| format!("{} / {own}", text(&wider.title, lang)));
            let shown = match plan.routed(id) {
                Some(routed) => lang.t_ab("category-routed", &shown, &text(&routed.to, lang)).into_owned(),
                None => shown,
            };
            Choice { value: id.as_str().to_owned(), text: shown, hint: text(&category.describes, lang) }
        })
        .collect()
}

/// A span as plans write it: days, hours or minutes.
pub(crate) fn span(span: jiff::SignedDuration, lang: Lang) -> String {
    let minutes = usize::try_from(span.as_mins()).unwrap_or_default();
    let text = match minutes {
        _ if minutes % 1_440 == 0 => lang.t_n("span-days", minutes / 1_440),
        _ if minutes % 60 == 0 => lang.t_n("span-hours", minutes / 60),
        _ => lang.t_n("span-minutes", minutes),
    };
    text.into_owned()
}

/// How long a duty may take.
pub(crate) fn within(rule: &plan::ClockRule, lang: Lang) -> String {
    moved(limit(rule.within, lang), rule, lang)
}

/// A limit in words.
pub(crate) fn limit(within: plan::Within, lang: Lang) -> String {
    let text = match within {
        plan::Within::Span(of) => lang.t_s("within-span", &span(of, lang)),
        plan::Within::AtOnce { tolerance } => lang.t_s("within-at-once", &span(tolerance, lang)),
        plan::Within::Calendar(of) => lang.t_s("within-span", &calendar(of, lang)),
    };
    text.into_owned()
}

/// A limit in words, with what else bounds it: a latest time after awareness, and what becomes of a due time on a
/// day off.
pub(crate) fn moved(within: String, rule: &plan::ClockRule, lang: Lang) -> String {
    let latest = rule.no_later_than.map(|of| lang.t_s("within-no-later", &span(of, lang)).into_owned());
    let moves = rule.day_off.map(|time| lang.t_s("within-day-off", &hour(time)).into_owned());
    let parts: Vec<String> = [Some(within), latest, moves].into_iter().flatten().collect();
    parts.join(&lang.t("list-comma"))
}

/// Months or days of a calendar, with the time of the last day where it is not the usual one.
pub(crate) fn calendar(span: plan::CalendarSpan, lang: Lang) -> String {
    let count = usize::from(span.count);
    let words = match span.unit {
        plan::CalendarUnit::Month => lang.t_n("span-months", count),
        plan::CalendarUnit::Day => lang.t_n("span-calendar-days", count),
        plan::CalendarUnit::WorkingDay => lang.t_n("span-working-days", count),
    };
    match span.due {
        plan::DueTime::At(time) => lang.t_ab("span-by-time", &words, &hour(time)).into_owned(),
        plan::DueTime::EndOfDay if span.unit == plan::CalendarUnit::Month => {
            lang.t_s("span-by-end-of-day", &words).into_owned()
        }
        plan::DueTime::AsStarted | plan::DueTime::EndOfDay => words.into_owned(),
    }
}

/// What of a clause was not checked against the official text; empty if all of it was.
pub(crate) fn unverified(plan: &Plan, clause: &plan::Clause, lang: Lang) -> String {
    plan.unverified_of(clause).map(|each| text(&each.open, lang)).collect::<Vec<_>>().join(" ")
}

fn hour(time: jiff::civil::Time) -> String {
    time.strftime("%H:%M").to_string()
}

/// Years whose days off are not known, as a caution beside a due time; empty if there are none.
pub(crate) fn holidays_unknown(years: &[i16], lang: Lang) -> String {
    if years.is_empty() {
        return String::new();
    }
    let years: Vec<String> = years.iter().map(ToString::to_string).collect();
    lang.t_s("holidays-unknown", &years.join(&lang.t("list-comma"))).into_owned()
}

/// The fact that starts a clock.
pub(crate) fn starts(start: plan::ClockStart, lang: Lang) -> String {
    match start {
        plan::ClockStart::BodyBecameAware => lang.t("starts-aware"),
        plan::ClockStart::Occurred => lang.t("starts-occurred"),
        plan::ClockStart::PlaybookBegun => lang.t("starts-begun"),
        plan::ClockStart::LevelConfirmed => lang.t("starts-level"),
        plan::ClockStart::ResponseEnded => lang.t("starts-ended"),
        plan::ClockStart::OrderGiven => lang.t("starts-order"),
        plan::ClockStart::PlaybookStarted => lang.t("starts-playbook"),
        plan::ClockStart::StepReady => lang.t("starts-step"),
        plan::ClockStart::LevelJudged => lang.t("starts-judged"),
        plan::ClockStart::ResponseStarted => lang.t("starts-response"),
        plan::ClockStart::ReviewCompleted => lang.t("starts-reviewed"),
        plan::ClockStart::ReportMade => lang.t("starts-reported"),
    }
    .into_owned()
}

/// The fact that meets a clock.
pub(crate) fn met_by(meets: plan::ClockMeets, lang: Lang) -> String {
    match meets {
        plan::ClockMeets::Report => lang.t("meets-report"),
        plan::ClockMeets::ImmediateAction => lang.t("meets-action"),
        plan::ClockMeets::ResponseRequested => lang.t("meets-request"),
        plan::ClockMeets::Review => lang.t("meets-review"),
        plan::ClockMeets::Filing => lang.t("meets-filing"),
        plan::ClockMeets::OrderAcknowledged => lang.t("meets-acknowledgement"),
        plan::ClockMeets::OrderAnswered => lang.t("meets-answer"),
        plan::ClockMeets::StepDone => lang.t("meets-step"),
        plan::ClockMeets::ResponseStarted => lang.t("meets-response"),
    }
    .into_owned()
}

/// What kind of value an indicator is, told from its normalised form; `None` for a key of a rule of
/// attention.
pub(crate) fn indicator_kind(value: &str) -> Option<IndicatorKind> {
    let is_hex = |text: &str| text.bytes().all(|byte| byte.is_ascii_hexdigit());
    let address = value.split('/').next().unwrap_or_default();
    if address.parse::<std::net::IpAddr>().is_ok() {
        Some(IndicatorKind::Ip)
    } else if value.parse::<std::net::SocketAddr>().is_ok() {
        Some(IndicatorKind::IpPort)
    } else if matches!(value.len(), 32 | 40 | 64 | 128) && is_hex(value) {
        Some(IndicatorKind::Hash)
    } else if value.contains('/') {
        Some(IndicatorKind::Url)
    } else if value.contains('.') && !value.contains(char::is_whitespace) {
        Some(IndicatorKind::Domain)
    } else {
        None
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn instants_stand_in_the_zone_of_the_plan() {
        let at: Timestamp = "2026-11-22T22:05:09Z".parse().unwrap();
        let shanghai = TimeZone::get("Asia/Shanghai").unwrap();
        let shown = moment(at, &shanghai, at, Lang::En);
        assert_eq!((shown.local.as_str(), shown.zone.as_str()), ("2026-11-23 06:05:09", "UTC+8"));
        assert_eq!(shown.iso, "2026-11-23T06:05:09+08:00");
        let kolkata = TimeZone::get("Asia/Kolkata").unwrap();
        assert_eq!(zone_name(&kolkata, at), "UTC+5:30");
    }

    #[test]
    fn kinds_of_values_are_told_apart() {
        use IndicatorKind::{Domain, Hash, Ip, IpPort, Url};
        for (value, kind) in [
            ("218.92.0.31", Some(Ip)),
            ("2001:db8::/32", Some(Ip)),
            ("218.92.0.31:4444", Some(IpPort)),
            ("evil.example", Some(Domain)),
            ("evil.example/drop.php", Some(Url)),
            ("d41d8cd98f00b204e9800998ecf8427e", Some(Hash)),
            ("failed sign-ins", None),
        ] {
            assert_eq!(indicator_kind(value), kind, "{value}");
        }
    }

    #[test]
    fn spans_are_read_at_a_glance() {
        let now: Timestamp = "2026-11-22T00:00:00Z".parse().unwrap();
        for (seconds, expected) in
            [(0, "00:00:00"), (1_693, "00:28:13"), (-61, "00:01:01"), (184_200, "2 d 03:10:00")]
        {
            let due = Timestamp::from_second(now.as_second() + seconds).unwrap();
            assert_eq!(left(due, now, Lang::En), expected, "{seconds} s");
        }
        for (seconds, expected) in
            [(-180, "3 minutes ago"), (-60, "1 minute ago"), (7_200, "in 2 hours"), (-1, "1 second ago")]
        {
            let at = Timestamp::from_second(now.as_second() + seconds).unwrap();
            assert_eq!(relative(at, now, Lang::En), expected, "{seconds} s");
        }
    }
}
