//! What the national plan leaves open: our default and each option, run by the engine.

use fengsui_domain::incident::{Command, Step};
use fengsui_domain::level::IncidentLevel::{self, I, II, III, IV};
use fengsui_domain::plan::Lang;
use fengsui_wire::plan::show;
use jiff::civil::date;

use super::{
    NATIONAL, answer, code, ended, extend, graded, of, opened, owed, proposed, responding, second, taken,
    tick, version,
};
use crate::desk::{approve, holds, propose, start};
use crate::duties::Shelf;

const EO: &str = "national-emergency-office";
const REGION: &str = "region-or-department";
/// Answers that leave every rule of 1.4 untouched.
const NOTHING: [(&str, &str); 9] = [
    ("important_system", "no"),
    ("service_loss", "none"),
    ("data_damage", "none"),
    ("recovery_cost", "small"),
    ("information_class", "none"),
    ("sensitive_consequence", "none"),
    ("information_event", "none"),
    ("threat", "none"),
    ("effect", "none"),
];

fn with(answers: &[(&'static str, &'static str)]) -> Vec<(&'static str, &'static str)> {
    NOTHING.iter().chain(answers).copied().collect()
}

#[test]
pub(crate) fn n_2_1_c_level_one_forms_the_headquarters() {
    let desk = responding(NATIONAL, "", I, &[EO], EO);
    assert!(desk.incident.has_headquarters(), "whoever starts level I forms it");
    let mut desk = graded(NATIONAL, "", I);
    assert_eq!(owed(&desk, "start-level-one"), [format!("{EO} ->  by 30")]);
    for other in ["cyberspace-office", REGION] {
        assert_eq!(desk.refused(&of(other), approve(start(I))), "not_entitled", "{other}");
    }
}

#[test]
pub(crate) fn n_2_1_c_a_headquarters_when_necessary() {
    let mut desk = responding(NATIONAL, "level-one-headquarters=when-necessary", I, &[EO], EO);
    assert!(!desk.incident.has_headquarters());
    desk.does(&of(EO), Command::DecideHeadquarters { form: true, grounds: "four provinces".to_owned() });
    assert!(desk.incident.has_headquarters());
}

#[test]
pub(crate) fn n_4_2_1_a_the_central_office_starts() {
    let choice = "level-one-headquarters=central-office-starts";
    let mut desk = graded(NATIONAL, choice, I);
    assert_eq!(owed(&desk, "start-level-one"), ["cyberspace-office ->  by 30"]);
    desk.does(&of(EO), propose(start(I)));
    assert_eq!(desk.refused(&second(EO), approve(start(I))), "not_entitled");
    desk.does(&of("cyberspace-office"), approve(start(I)));
    assert!(desk.incident.has_headquarters());
}

#[test]
pub(crate) fn n_1_4_1_2_the_degree_of_threat_is_judged() {
    for (threat, level) in [("especially-serious", I), ("serious", II), ("fairly-serious", III)] {
        let facts =
            with(&[("information_class", "key-data"), ("information_event", "stolen"), ("threat", threat)]);
        assert_eq!(proposed(NATIONAL, "", &facts), (Some(level), true), "{threat}");
        let mut desk = opened(NATIONAL, "", level, &facts);
        desk.does(&of(REGION), Command::Verify { basis: "seen".to_owned() });
        let silent = Command::Grade { level, reason: String::new() };
        assert_eq!(desk.refused(&of(REGION), silent), "reason_required", "grounds are kept");
    }
}

#[test]
pub(crate) fn n_1_4_1_2_key_data_of_important_systems() {
    let choice = "degree-of-threat=key-data-of-important-systems";
    let stolen = [("information_event", "stolen"), ("threat", "serious")];
    for (class, important, level) in [
        ("key-data", "no", None),
        ("key-data", "yes", Some(II)),
        ("state-secret", "no", Some(II)), // The rest stays as it was.
    ] {
        let mut facts = with(&stolen);
        facts.extend([("information_class", class), ("important_system", important)]);
        assert_eq!(proposed(NATIONAL, choice, &facts).0, level, "{class}, {important}");
    }
}

#[test]
pub(crate) fn n_annex1_3_leakage_and_destruction_count() {
    for event in ["leaked", "destroyed", "lost"] {
        let facts = with(&[
            ("information_class", "state-secret"),
            ("information_event", event),
            ("threat", "serious"),
        ]);
        assert_eq!(proposed(NATIONAL, "", &facts), (Some(II), true), "{event}");
    }
}

#[test]
pub(crate) fn n_annex1_3_only_what_is_listed() {
    let choice = "leakage-and-destruction=listed-only";
    let mut desk = opened(NATIONAL, choice, IV, &[]);
    for event in ["leaked", "destroyed"] {
        assert_eq!(desk.refused(&of(REGION), answer("information_event", event)), "unknown_value", "{event}");
    }
    desk.does(&of(REGION), answer("information_event", "stolen"));
    let by_effect =
        with(&[("information_class", "state-secret"), ("threat", "serious"), ("effect", "serious")]);
    assert_eq!(proposed(NATIONAL, choice, &by_effect), (Some(II), true), "graded by threat and effect");
}

const GENERAL_SYSTEM: [(&str, &str); 2] =
    [("service_loss", "interrupted"), ("recovery_cost", "fairly-large")];

#[test]
pub(crate) fn n_annex3_c_a_general_system_is_not_enough() {
    assert_eq!(proposed(NATIONAL, "", &with(&GENERAL_SYSTEM)), (Some(IV), true));
}

#[test]
pub(crate) fn n_annex3_c_a_general_system_counts_at_level_three() {
    let choice = "important-systems-only=general-systems-too";
    assert_eq!(proposed(NATIONAL, choice, &with(&GENERAL_SYSTEM)), (Some(III), true));
    let grave = with(&[("service_loss", "large-area"), ("recovery_cost", "enormous")]);
    assert_eq!(
        proposed(NATIONAL, choice, &grave).0,
        Some(III),
        "levels I and II still need an important one"
    );
}

const DAMAGED: [(&str, &str); 3] =
    [("important_system", "yes"), ("data_damage", "important-damaged"), ("recovery_cost", "huge")];

#[test]
pub(crate) fn n_annex3_a_two_marks_on_data() {
    assert_eq!(proposed(NATIONAL, "", &with(&DAMAGED)).0, Some(III), "important data alone: degree c");
    let small = with(&[("important_system", "yes"), ("data_damage", "important-affected")]);
    assert_eq!(proposed(NATIONAL, "", &small).0, Some(IV), "degree d can always be borne");
    let hint = &version(NATIONAL, "").facts[&super::fact("service_loss")].hint;
    assert!(hint.zh.contains("4小时") && !hint.zh.contains("2小时"), "as the question is asked: {hint:?}");
}

#[test]
pub(crate) fn n_annex3_a_one_mark_on_data() {
    assert_eq!(proposed(NATIONAL, "loss-degrees=one-data-mark", &with(&DAMAGED)).0, Some(II));
}

#[test]
pub(crate) fn n_annex3_a_long_from_two_hours() {
    let plan = version(NATIONAL, "loss-degrees=long-from-two-hours");
    let hint = &plan.facts[&super::fact("service_loss")].hint;
    assert!(
        hint.zh.contains("2小时") && !hint.zh.contains("4小时") && hint.en.contains("2 hours"),
        "as the question is asked: {hint:?}"
    );
}

#[test]
pub(crate) fn n_4_1_a_promptly_is_half_an_hour_to_both() {
    let both = ["unit -> provincial-cyberspace by 30", "unit -> superior-authority by 30"];
    assert_eq!(owed(&opened(NATIONAL, "", IV, &[]), "unit-report"), both);
}

#[test]
pub(crate) fn n_4_1_a_promptly_is_two_hours() {
    let both = ["unit -> provincial-cyberspace by 120", "unit -> superior-authority by 120"];
    assert_eq!(owed(&opened(NATIONAL, "prompt-report=two-hours", IV, &[]), "unit-report"), both);
}

#[test]
pub(crate) fn n_4_1_a_to_the_superior_alone() {
    let desk = opened(NATIONAL, "prompt-report=superior-only", IV, &[]);
    assert_eq!(owed(&desk, "unit-report"), ["unit -> superior-authority by 30"]);
}

#[test]
pub(crate) fn n_4_2_2_level_two_is_decided_not_owed() {
    let mut desk = graded(NATIONAL, "", II);
    assert!(desk.incident.phase.response().is_none(), "it does not start by itself");
    assert_eq!(owed(&desk, "start-level-two"), [""; 0]);
    assert_eq!(desk.refused(&of(EO), propose(start(II))), "not_entitled");
    taken(&mut desk, &start(II), &[REGION], REGION);
}

#[test]
pub(crate) fn n_4_2_2_level_two_must_start() {
    let mut desk = graded(NATIONAL, "level-two-optional=must-start", II);
    assert_eq!(owed(&desk, "start-level-two"), [format!("{REGION} ->  by 30")]);
    taken(&mut desk, &start(II), &[REGION], REGION);
    assert_eq!(owed(&desk, "start-level-two"), [""; 0], "met by the start");
}

#[test]
pub(crate) fn n_4_2_2_the_office_may_decide_too() {
    for body in [EO, REGION] {
        let mut desk = graded(NATIONAL, "level-two-optional=office-may-decide", II);
        taken(&mut desk, &start(II), &[body], body);
        assert_eq!(desk.incident.phase.name(), "responding", "{body}");
    }
}

#[test]
pub(crate) fn n_4_3_1_a_all_three_conditions() {
    for (level, first, last) in [(I, EO, "national-headquarters"), (II, REGION, REGION)] {
        let mut desk = responding(NATIONAL, "", level, &[first], first);
        desk.does(&of(REGION), holds("back-to-normal", true));
        assert_eq!(desk.refused(&of(first), propose(Step::End)), "conditions_open", "{level}");
        tick(&mut desk, REGION);
        taken(&mut desk, &Step::End, &[first], last);
    }
    for level in [III, IV] {
        let mut desk = responding(NATIONAL, "", level, &[], REGION);
        tick(&mut desk, REGION);
        assert_eq!(desk.refused(&of("provincial-cyberspace"), approve(Step::End)), "not_entitled");
        desk.does(&of(REGION), approve(Step::End));
    }
}

#[test]
pub(crate) fn n_4_3_1_a_any_condition() {
    let choice = "end-of-response=any-condition";
    for (level, first, last) in [(I, EO, "national-headquarters"), (II, REGION, REGION)] {
        let mut desk = responding(NATIONAL, choice, level, &[first], first);
        desk.does(&of(REGION), holds("back-to-normal", true));
        taken(&mut desk, &Step::End, &[first], last);
    }
    let mut desk = responding(NATIONAL, choice, III, &[], REGION);
    desk.does(&of(REGION), holds("back-to-normal", true));
    assert_eq!(desk.refused(&of(REGION), approve(Step::End)), "conditions_open", "III and IV as before");
}

#[test]
pub(crate) fn n_4_3_1_a_the_province_ends_three_and_four() {
    let (choice, office) = ("end-of-response=provincial-office-ends", "provincial-cyberspace");
    for level in [III, IV] {
        let mut desk = graded(NATIONAL, choice, level);
        assert_eq!(desk.refused(&of(REGION), approve(start(level))), "not_entitled");
        desk.does(&of(office), approve(start(level)));
        tick(&mut desk, REGION);
        assert_eq!(desk.refused(&of(REGION), approve(Step::End)), "not_entitled");
        desk.does(&of(office), approve(Step::End));
    }
}

/// 30 days of 24 hours, in minutes.
const THIRTY_DAYS: i64 = 30 * 24 * 60;

#[test]
pub(crate) fn n_5_e_calendar_days() {
    for (level, rule, leads) in
        [(I, "investigation-level-one", EO), (II, "investigation", REGION), (IV, "investigation", REGION)]
    {
        let mut desk = ended(NATIONAL, "", level);
        assert_eq!(owed(&desk, rule), [format!("{leads} ->  by {THIRTY_DAYS}")], "days off count too");
        let longer = extend(&desk, rule, THIRTY_DAYS + 600);
        assert_eq!(desk.refused(&of("cyberspace-office"), longer.clone()), "not_entitled");
        desk.does(&of(leads), longer);
        assert_eq!(owed(&desk, rule), [format!("{leads} ->  by {}", THIRTY_DAYS + 600)]);
    }
}

#[test]
pub(crate) fn n_5_e_the_body_above_extends() {
    for (level, rule, leads, above) in
        [(I, "investigation-level-one", EO, "cyberspace-office"), (II, "investigation", REGION, EO)]
    {
        let mut desk = ended(NATIONAL, "review-days=body-above-extends", level);
        let longer = extend(&desk, rule, THIRTY_DAYS + 600);
        assert_eq!(desk.refused(&of(leads), longer.clone()), "not_entitled", "{level}");
        desk.does(&of(above), longer);
    }
}

#[test]
pub(crate) fn n_5_e_never_extended() {
    for (level, rule) in [(I, "investigation-level-one"), (II, "investigation")] {
        let mut desk = ended(NATIONAL, "review-days=never-extended", level);
        let longer = extend(&desk, rule, THIRTY_DAYS + 600);
        for body in [EO, REGION, "cyberspace-office"] {
            let refused = code(desk.tries(&of(body), longer.clone()));
            assert_ne!(refused, "", "{body} at level {level}");
        }
    }
}

/// When the investigation falls due after a response of this level that ended on Monday 2026-09-21 at 16:00.
fn due_over_the_holidays(choice: &str, level: IncidentLevel) -> String {
    let (rule, first, last) = match level {
        I => ("investigation-level-one", EO, "national-headquarters"),
        II | III | IV => ("investigation", REGION, REGION),
    };
    let mut desk = responding(NATIONAL, choice, level, &[first], first);
    tick(&mut desk, REGION);
    desk.now = "2026-09-21T08:00:00Z".parse().unwrap();
    taken(&mut desk, &Step::End, &[first], last);
    let running = desk.incident.running().find(|clock| clock.rule.as_str() == rule).unwrap();
    running.due_at.to_string()
}

/// Mid-autumn takes 1 day, the national holidays 5, and Saturday 10 October is worked: the thirtieth working day
/// is 9 November, to its end in China.
#[test]
pub(crate) fn n_5_e_working_days() {
    for level in [I, II] {
        assert_eq!(due_over_the_holidays("", level), "2026-10-21T08:00:00Z", "{level}: days off count");
        let due = due_over_the_holidays("review-days=working-days", level);
        assert_eq!(due, "2026-11-09T16:00:00Z", "{level}: days off do not count");
    }
}

#[test]
pub(crate) fn n_6_2_b_an_exercise_of_the_plan() {
    let mut shelf = Shelf::under(version(NATIONAL, ""), date(2026, 11, 23));
    assert_eq!(shelf.stands("plan-exercise").duty.title.zh, "预案演练");
    assert_eq!(super::asked(&shelf, "plan-exercise"), ["scenario", "participants", "findings"]);
    shelf.meets("plan-exercise");
}

#[test]
pub(crate) fn n_6_2_b_the_plan_itself() {
    let mut shelf = Shelf::under(version(NATIONAL, "exercise-word=plan-itself"), date(2026, 11, 23));
    assert_eq!(shelf.stands("plan-exercise").duty.title.zh, "组织修订预案");
    assert_eq!(super::asked(&shelf, "plan-exercise"), ["findings", "result"]);
    shelf.meets("plan-exercise");
}

#[test]
pub(crate) fn n_translation_the_chinese_text_alone() {
    let plan = version(NATIONAL, "");
    assert!(show(&plan, Lang::Zh).contains("较大"));
    assert_eq!(plan.levels[&III].title.en, "Larger", "our own word, not the machine's");
}

#[test]
pub(crate) fn n_translation_the_names_in_circulation() {
    let plan = version(NATIONAL, "english-terms=circulated-names");
    let names: Vec<&str> = plan.levels.values().map(|level| level.title.en.as_str()).collect();
    assert_eq!(names, ["Particularly serious", "Major", "Serious", "General"]);
    for level in [I, II, III, IV] {
        assert_eq!(plan.levels[&level].title.zh, version(NATIONAL, "").levels[&level].title.zh, "{level}");
    }
    assert!(show(&plan, Lang::En).contains("Particularly serious"));
}
