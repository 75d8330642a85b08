//! Every row of what the three documents leave open, with its default, its options and the test of each; and
//! the page made of it.
//!
//! A test of an option shows that the engine does otherwise than by default, not only that a text is another one;
//! three are about texts and nothing else, since the row is: the hint of what counts as long (`loss-degrees`), the
//! name of the exercise (`exercise-word`, with what a record of it must hold) and the English terms. Who lifts a
//! warning (`lifting-warnings`) has no other reading that does not contradict 3.5 for some issuer, so its option is
//! about the time; the other half of that row is `ordered-red-response`.
//!
//! After a change, `FENGSUI_WRITE=1 cargo nextest run -p fengsui-wire ambiguities::rows` writes the page; read
//! what changed in it.

use std::collections::{BTreeMap, BTreeSet};
use std::fmt::Write as _;
use std::path::Path;

use fengsui_domain::plan::{Default as Settlement, Plan, RuleId, Text};

use super::{EGOV, INTERNET, NATIONAL, version};

/// The name of a test of this folder; it does not compile without one.
macro_rules! test {
    ($module:ident::$name:ident) => {{
        const _: fn() = super::$module::$name;
        concat!(stringify!($module), "::", stringify!($name))
    }};
}

/// The settlements of one row: `plan/default: tests of our answer; option: test, …`.
macro_rules! rows {
    ($(
        [$($clause:literal)+]
        $($plan:ident/$default:literal: $($module:ident::$name:ident)+;
            $($option:literal: $of:ident::$test:ident),+);+
    )+) => {
        &[$(Row {
            clauses: &[$($clause),+],
            settled: &[$(Settled {
                plan: $plan,
                default: $default,
                ours: &[$(test!($module::$name)),+],
                options: &[$(($option, test!($of::$test))),+],
            }),+],
        }),+]
    };
}

/// One thing the documents leave open.
struct Row {
    /// Where, the first clause first.
    clauses: &'static [&'static str],
    settled: &'static [Settled],
}

/// How a pack settles it.
struct Settled {
    plan: &'static str,
    default: &'static str,
    /// Tests of our answer.
    ours: &'static [&'static str],
    /// Each option with its test.
    options: &'static [(&'static str, &'static str)],
}

impl Settled {
    /// The settlement as the pack has it.
    fn of<'p>(&self, plans: &'p BTreeMap<&'static str, Plan>) -> &'p Settlement {
        let found = plans[self.plan].default(&RuleId::new(self.default));
        found.unwrap_or_else(|| panic!("{}: {} is not there", self.plan, self.default))
    }
}

const ROWS: &[Row] = rows! {
    ["national-2017/2.1.c" "national-2017/4.2.1.a"]
    NATIONAL/"level-one-headquarters": national::n_2_1_c_level_one_forms_the_headquarters;
        "when-necessary": national::n_2_1_c_a_headquarters_when_necessary,
        "central-office-starts": national::n_4_2_1_a_the_central_office_starts
    ["national-2017/1.4.1.2" "national-2017/1.4.2.2" "national-2017/1.4.3.2"]
    NATIONAL/"degree-of-threat": national::n_1_4_1_2_the_degree_of_threat_is_judged;
        "key-data-of-important-systems": national::n_1_4_1_2_key_data_of_important_systems
    ["national-2017/1.4.1.2" "national-2017/annex1.3" "national-2017/annex2.2"]
    NATIONAL/"leakage-and-destruction": national::n_annex1_3_leakage_and_destruction_count;
        "listed-only": national::n_annex1_3_only_what_is_listed
    ["national-2017/annex3.c" "national-2017/1.4.3.1"]
    NATIONAL/"important-systems-only": national::n_annex3_c_a_general_system_is_not_enough;
        "general-systems-too": national::n_annex3_c_a_general_system_counts_at_level_three
    ["national-2017/annex3.a" "national-2017/annex3.c" "national-2017/annex3.d"]
    NATIONAL/"loss-degrees": national::n_annex3_a_two_marks_on_data;
        "one-data-mark": national::n_annex3_a_one_mark_on_data,
        "long-from-two-hours": national::n_annex3_a_long_from_two_hours
    ["national-2017/3.3.c" "national-2017/3.3.d"]
    NATIONAL/"several-industries": warnings::n_3_3_c_the_province_issues_for_its_region;
        "office-issues": warnings::n_3_3_c_the_office_issues_for_several_industries
    ["national-2017/3.5" "national-2017/6.5.b"]
    NATIONAL/"lifting-warnings": warnings::n_3_5_the_issuer_lifts_within_half_an_hour;
        "two-hours": warnings::n_3_5_within_two_hours;
    NATIONAL/"ordered-red-response": warnings::n_6_5_b_the_orderer_lifts;
        "whole-period": warnings::n_6_5_b_for_the_whole_period
    ["national-2017/3.3.b" "national-2017/3.2.d" "national-2017/4.1.a"]
    NATIONAL/"prompt-report": national::n_4_1_a_promptly_is_half_an_hour_to_both;
        "two-hours": national::n_4_1_a_promptly_is_two_hours,
        "superior-only": national::n_4_1_a_to_the_superior_alone;
    NATIONAL/"prompt-notice-of-warnings": warnings::n_3_3_b_promptly_is_half_an_hour;
        "two-hours": warnings::n_3_3_b_promptly_is_two_hours,
        "information-within-two-hours": warnings::n_3_2_d_information_within_two_hours
    ["national-2017/4.2.2"]
    NATIONAL/"level-two-optional": national::n_4_2_2_level_two_is_decided_not_owed;
        "must-start": national::n_4_2_2_level_two_must_start,
        "office-may-decide": national::n_4_2_2_the_office_may_decide_too
    ["national-2017/4.3.1.a" "national-2017/4.3.2.a"]
    NATIONAL/"end-of-response": national::n_4_3_1_a_all_three_conditions;
        "any-condition": national::n_4_3_1_a_any_condition,
        "provincial-office-ends": national::n_4_3_1_a_the_province_ends_three_and_four
    ["national-2017/5.e"]
    NATIONAL/"review-days": national::n_5_e_calendar_days;
        "body-above-extends": national::n_5_e_the_body_above_extends,
        "never-extended": national::n_5_e_never_extended,
        "working-days": national::n_5_e_working_days
    ["national-2017/2.4" "jincheng-internet-2008/5.1.4.a"]
    INTERNET/"upward-path": both::n_2_4_each_tier_at_once;
        "government-passes-it-on": both::n_2_4_the_government_passes_it_on,
        "within-an-hour": both::n_2_4_within_an_hour
    ["national-2017/6.2.b"]
    NATIONAL/"exercise-word": national::n_6_2_b_an_exercise_of_the_plan;
        "plan-itself": national::n_6_2_b_the_plan_itself
    ["jincheng-internet-2008/2.2.3" "jincheng-internet-2008/2.2.4" "jincheng-egov-2008/2.2.3" "jincheng-egov-2008/2.2.4"]
    INTERNET/"three-or-four": internet::ji_2_2_3_level_three_if_unsure;
        "general-if-unsure": internet::ji_2_2_3_level_four_if_unsure;
    EGOV/"three-or-four": egov::je_2_2_3_level_three_if_unsure;
        "general-if-unsure": egov::je_2_2_3_level_four_if_unsure
    ["jincheng-internet-2008/2.2" "jincheng-internet-2008/2.2.1"]
    INTERNET/"grading-factors": internet::ji_2_2_four_factors_as_grounds;
        "factors-in-analysis": internet::ji_2_2_four_factors_in_the_analysis;
    INTERNET/"level-one-conditions": internet::ji_2_2_1_all_four_conditions;
        "spread-with-any": internet::ji_2_2_1_spread_with_any,
        "any-of-four": internet::ji_2_2_1_any_of_four
    ["jincheng-internet-2008/4.3.1.2" "jincheng-internet-2008/4.3.1.3"]
    INTERNET/"two-systems": warnings::ji_4_3_1_2_spread_decides;
        "orange-for-two": warnings::ji_4_3_1_2_two_systems_are_orange
    ["jincheng-internet-2008/4.3.1.1" "jincheng-internet-2008/4.3.1.2" "jincheng-internet-2008/4.3.1.3" "jincheng-internet-2008/4.3.1.4"]
    INTERNET/"gaps-between-colours": warnings::ji_4_3_1_1_the_higher_neighbour;
        "lower-neighbour": warnings::ji_4_3_1_1_the_lower_neighbour
    ["jincheng-internet-2008/4.3.2.b" "jincheng-internet-2008/4.3.3.b"]
    INTERNET/"authorised-department": warnings::ji_4_3_2_b_the_decision_names_the_department;
        "security-office": warnings::ji_4_3_2_b_the_security_office_is_the_department;
    INTERNET/"receipt-time": warnings::ji_4_3_3_b_half_an_hour_or_two;
        "shorter": warnings::ji_4_3_3_b_shorter
    ["jincheng-internet-2008/3.3.3.b"]
    INTERNET/"resources-subject": internet::ji_3_3_3_b_the_security_office_orders_resources;
        "linkage-centre": internet::ji_3_3_3_b_the_linkage_centre_orders_resources
    ["jincheng-internet-2008/3.3.4" "jincheng-internet-2008/5.4.2"]
    INTERNET/"on-site-post": internet::ji_3_3_4_one_office_opens_the_post;
        "separate-offices": internet::ji_3_3_4_two_offices
    ["jincheng-internet-2008/3.2.a" "jincheng-internet-2008/5.2.2.2" "jincheng-internet-2008/5.3.3"]
    INTERNET/"co-handling": internet::ji_3_2_a_the_security_office_owns;
        "linkage-centre-owns": internet::ji_3_2_a_the_linkage_centre_owns,
        "either": internet::ji_3_2_a_either
    ["jincheng-internet-2008/5.1.3.a" "jincheng-internet-2008/5.1.4.a"]
    INTERNET/"clock-start": internet::ji_5_1_3_a_from_awareness;
        "from-occurrence": internet::ji_5_1_3_a_from_occurrence
    ["jincheng-internet-2008/5.1.3.c" "jincheng-internet-2008/5.1.4.c"]
    INTERNET/"special-circumstances": internet::ji_5_1_3_c_at_once_and_in_writing;
        "oral-is-enough": internet::ji_5_1_3_c_oral_is_enough,
        "written-sooner": internet::ji_5_1_3_c_written_sooner
    ["jincheng-internet-2008/5.2.3.2.a" "jincheng-internet-2008/5.2.3.3" "jincheng-internet-2008/5.2.3.4" "jincheng-internet-2008/5.2.2.1.b" "jincheng-internet-2008/5.4.1"]
    INTERNET/"disposal-chain": internet::ji_5_2_3_2_a_the_office_approves_and_the_unit_acts;
        "coordination-group-approves": internet::ji_5_2_3_2_a_the_coordination_group_approves,
        "linked-units-act": internet::ji_5_2_3_2_a_linked_units_act;
    INTERNET/"disposal-limits": internet::ji_5_2_3_3_half_an_hour_and_four_hours;
        "shorter": internet::ji_5_2_3_3_shorter
    ["jincheng-internet-2008/5.3.1"]
    INTERNET/"immediate-measures": internet::ji_5_3_1_a_report_to_any_of_three;
        "each-of-three": internet::ji_5_3_1_a_report_to_each_of_three,
        "security-office-only": internet::ji_5_3_1_a_report_to_the_office_alone
    ["jincheng-internet-2008/6.2" "jincheng-internet-2008/6.2.2"]
    INTERNET/"review-and-filing-days": internet::ji_6_2_thirty_days;
        "sixty-days": internet::ji_6_2_sixty_days,
        "filing-after-review": internet::ji_6_2_2_filing_after_the_review
    ["jincheng-internet-2008/6.4.1.a" "jincheng-internet-2008/6.4.1.b"]
    INTERNET/"bulletin-audience": internet::ji_6_4_1_a_told_as_written;
        "everybody-at-every-level": internet::ji_6_4_1_a_everybody_at_every_level,
        "office-drafts": internet::ji_6_4_1_a_the_office_drafts
    ["jincheng-internet-2008/8.5.1.a" "jincheng-internet-2008/8.5.2"]
    INTERNET/"revision-cycle": internet::ji_8_5_1_a_yearly;
        "every-three-years": internet::ji_8_5_1_a_every_three_years,
        "after-events-only": internet::ji_8_5_1_a_after_events_only
    ["jincheng-internet-2008/1.3" "jincheng-egov-2008/1.4.b"]
    EGOV/"both-plans": both::ji_1_3_both_plans_attach;
        "separate-records": both::ji_1_3_separate_records
    ["jincheng-egov-2008/1.4.a" "jincheng-egov-2008/2.2"]
    EGOV/"major-event-scope": egov::je_1_4_a_playbooks_at_every_level;
        "playbooks-for-major-events": egov::je_1_4_a_playbooks_for_major_events
    ["jincheng-egov-2008/3.1"]
    EGOV/"leading-group": egov::je_3_1_the_leading_group_is_told;
        "decides-one-and-two": egov::je_3_1_the_leading_group_decides,
        "no-reports": egov::je_3_1_nothing_is_reported
    ["jincheng-egov-2008/5.1.4.2" "jincheng-egov-2008/5.1.4.3" "jincheng-egov-2008/5.3.4.a"]
    EGOV/"virus-limits": egov::je_5_1_4_from_the_discovery;
        "others-within-two-hours": egov::je_5_1_4_others_within_two_hours,
        "from-start-of-handling": egov::je_5_1_4_from_the_start_of_handling
    ["jincheng-egov-2008/5.1.6" "jincheng-egov-2008/5.1.8" "jincheng-egov-2008/5.2.4.a"]
    EGOV/"reconnect-before-hardening": egov::je_5_1_6_reconnected_before_hardening;
        "harden-first": egov::je_5_1_6_hardened_first
    ["jincheng-egov-2008/5.3.2" "jincheng-egov-2008/5.2.1.b"]
    EGOV/"urgent-first": egov::je_5_3_2_urgent_first_everywhere;
        "defacement-only": egov::je_5_3_2_urgent_first_for_defacement_only
    ["jincheng-egov-2008/5.2.4.a" "jincheng-egov-2008/5.3.4.b" "jincheng-egov-2008/5.4.4"]
    EGOV/"police": egov::je_5_2_4_a_the_security_lead_waives;
        "leader-waives": egov::je_5_2_4_a_the_leader_waives,
        "branch-apart": egov::je_5_4_4_the_branch_is_a_body_of_its_own
    ["jincheng-egov-2008/5.5.b" "jincheng-egov-2008/5.5.c"]
    EGOV/"machine-room": egov::je_5_5_b_a_day_without_protection egov::je_5_5_c_people_first;
        "within-four-hours": egov::je_5_5_b_four_hours_without_protection,
        "no-bypass": egov::je_5_5_b_never_without_protection,
        "fire-as-printed": egov::je_5_5_c_in_the_order_printed
    ["jincheng-egov-2008/5.7.b" "jincheng-egov-2008/6.c" "jincheng-egov-2008/5.1"]
    EGOV/"publication": egov::je_5_7_b_the_office_approves;
        "news-office-releases": egov::je_5_7_b_the_news_office_releases,
        "leader-approves": egov::je_5_7_b_the_leader_approves;
    EGOV/"liability": egov::je_6_c_facts_are_recorded;
        "left-to-supervision": egov::je_6_c_left_to_supervision;
    EGOV/"steps-without-actor": egov::je_5_1_the_technician_acts;
        "duty-officer-too": egov::je_5_1_the_duty_officer_too
    ["jincheng-egov-2008/4.5.8" "jincheng-egov-2008/4.4.e" "jincheng-egov-2008/4.1.a"]
    EGOV/"remote-distance": egov::je_4_5_8_from_the_main_site;
        "from-every-site": egov::je_4_5_8_from_every_site;
    EGOV/"exercise-rhythm": egov::je_4_4_e_a_yearly_exercise;
        "half-yearly": egov::je_4_4_e_an_exercise_each_half_year;
    EGOV/"refiling": egov::je_4_1_a_filed_within_thirty_days;
        "ten-days": egov::je_4_1_a_filed_within_ten_days
    ["jincheng-egov-2008/notice" "jincheng-egov-2008/7.a"]
    EGOV/"silent-header": egov::je_notice_from_the_date_of_issue;
        "thirty-days-after-issue": egov::je_notice_thirty_days_after_issue,
        "every-three-years": egov::je_notice_every_three_years
    ["national-2017/1.4.3" "national-2017/annex3.c" "national-2017/annex3.d"]
    NATIONAL/"english-terms": national::n_translation_the_chinese_text_alone;
        "circulated-names": national::n_translation_the_names_in_circulation
};

const HEAD: &str = "\
# What the documents leave open

A clause may be silent, have two readings, or be at odds with another one. Each such place is listed here with
the default of the shipped pack and with what an operator may choose instead. A default is ours and not the
document's. `fengsui plan defaults PLAN` prints the same for one plan, `--choose default=option` of `plan show`,
`plan obligations` and `plan diff` shows what a choice does; whoever may adopt plans chooses for the node, and
the choice makes a version of its own. Running incidents keep theirs.

This page is written from the packs by the test that also sees to it that every row has a default, every default
an option, and each of them a test that runs the engine.
";

/// Each plan's settlements by id.
fn plans() -> BTreeMap<&'static str, Plan> {
    [NATIONAL, INTERNET, EGOV].map(|plan| (plan, version(plan, ""))).into_iter().collect()
}

/// A row names settlements that are there, about its own clauses, each with exactly these options, and every
/// test once.
#[test]
fn every_row_has_default_option_and_test() {
    let plans = plans();
    let mut tests = BTreeSet::new();
    for row in ROWS {
        for settled in row.settled {
            let name = format!("{}: {}", settled.plan, settled.default);
            let known = settled.of(&plans);
            let about = known.clauses.iter().any(|clause| row.clauses.contains(&clause.as_str()));
            assert!(about, "{name} is about {:?}, the row about {:?}", known.clauses, row.clauses);
            let options: Vec<&str> = known.options.iter().map(|option| option.id.as_str()).collect();
            let listed: Vec<&str> = settled.options.iter().map(|(option, _)| *option).collect();
            assert_eq!(listed, options, "{name}");
            for test in settled.ours.iter().chain(settled.options.iter().map(|(_, test)| test)) {
                assert!(tests.insert(*test), "`{test}` stands twice");
            }
        }
    }
}

/// What may be chosen in a pack stands in a row, so that it has its test.
#[test]
fn every_option_stands_in_a_row() {
    let listed: BTreeSet<(&str, &str)> =
        ROWS.iter().flat_map(|row| row.settled).map(|settled| (settled.plan, settled.default)).collect();
    for (plan, pack) in plans() {
        for known in pack.defaults.iter().filter(|known| !known.options.is_empty()) {
            assert!(listed.contains(&(plan, known.id.as_str())), "{plan}: {}", known.id);
        }
    }
}

#[test]
fn the_page_says_what_may_be_chosen() {
    let (plans, mut page) = (plans(), HEAD.to_owned());
    for row in ROWS {
        write!(page, "\n## {}\n", row.clauses.join(", ")).unwrap();
        for settled in row.settled {
            let known = settled.of(&plans);
            write!(page, "\n`{}` in `{}`\n\n", settled.default, settled.plan).unwrap();
            page.push_str("| | 中文 | English |\n|---|---|---|\n");
            line(&mut page, "open", &known.question);
            line(&mut page, "default", &known.answer);
            for option in &known.options {
                line(&mut page, &format!("`{}`", option.id), &option.answer);
            }
        }
    }
    let path = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../docs/src/ambiguities.md");
    if std::env::var_os("FENGSUI_WRITE").is_some() {
        std::fs::write(&path, &page).unwrap();
    }
    let written = std::fs::read_to_string(&path).unwrap();
    assert!(written == page, "docs/src/ambiguities.md is old; `FENGSUI_WRITE=1` writes it anew");
}

fn line(page: &mut String, what: &str, text: &Text) {
    let cell = |words: &str| words.replace('|', "\\|").replace('\n', " ");
    writeln!(page, "| {what} | {} | {} |", cell(&text.zh), cell(&text.en)).unwrap();
}
