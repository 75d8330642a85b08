//! What holds for every view: nothing typed is lost, nothing typed becomes markup, every word has a look.

use super::form::{FieldProblem, Form, Forms};
use super::parts::{Gate, Moment};
use super::problem::ProblemKind;
use super::shell::{Counts, Flash, Shell, Theme};
use super::words::{self, Notice, Section, Tone};
use super::{account, render};
use crate::console::assets::ICONS;
use crate::console::lang::Lang;

fn shell(lang: Lang) -> Shell {
    Shell {
        lang,
        theme: Theme::Auto,
        title: "t".to_owned(),
        user: None,
        nav: Vec::new(),
        here: None,
        counts: Counts::default(),
        csrf: "token".to_owned(),
        flash: None,
        drill: false,
        demo: false,
        node_name: "node".to_owned(),
        request_id: "id".to_owned(),
        path: "/".to_owned(),
        made_at: Moment::default(),
        live: false,
        shortcuts: false,
    }
}

fn sign_in(form: Form) -> String {
    let page = account::SignIn { shell: shell(Lang::En), form, next: "/".to_owned() };
    render(&page).expect("a string does not fail")
}

#[test]
fn what_was_typed_comes_back_as_text() {
    let hostile = "\"><script>alert(1)</script>";
    let html =
        sign_in(Form::from_pairs("sign-in", [("name".to_owned(), hostile.to_owned())]).fail_all(hostile));
    assert!(!html.contains("<script>"), "markup came through");
    assert!(html.contains("&#34;&#62;&#60;script&#62;alert(1)"), "the value was lost");
}

#[test]
fn passwords_never_come_back() {
    let html = sign_in(Form::new("sign-in").with("password", "correct horse").fail_all("wrong"));
    assert!(!html.contains("correct horse"));
}

#[test]
fn an_error_is_tied_to_its_field() {
    let html =
        sign_in(Form::new("sign-in").fail("name", "Sign-in name", FieldProblem::Required.text(Lang::En)));
    for part in [
        "href=\"#sign-in-name\">Sign-in name: Enter something here.",
        "id=\"sign-in-name-error\"",
        "aria-describedby=\"sign-in-name-error\" aria-invalid=\"true\"",
    ] {
        assert!(html.contains(part), "`{part}` is missing");
    }
}

#[test]
fn each_form_has_its_own_idempotency_key() {
    let html = sign_in(Form::new("sign-in"));
    assert!(html.contains("name=\"request_id\" value=\"id.sign-in\""));
    assert!(html.contains("name=\"request_id\" value=\"id.preferences\""));
    assert_eq!(html.matches("<form").count(), html.matches("name=\"csrf\"").count());
}

#[test]
fn a_form_keeps_every_value() {
    let form = Form::from_pairs(
        "f",
        [("to", "a"), ("to", "b"), ("x", "")].map(|(n, v)| (n.to_owned(), v.to_owned())),
    );
    for (name, value, expected) in [
        ("to", "a", true),
        ("to", "b", true),
        ("to", "c", false),
        ("x", "", true),
        ("none", "", true),
        ("to", "", false),
    ] {
        assert_eq!(form.has(name, value), expected, "{name}={value}");
    }
    assert_eq!(form.value("to"), "a");
    assert_eq!(Forms::default().with(form.clone()).of("f"), form);
    assert_eq!(Forms::default().of_item("extend", "7").id, "extend-7");
}

#[test]
fn gates_say_why() {
    for (gate, open, why) in [
        (Gate::Open, true, None),
        (Gate::Hidden, false, None),
        (Gate::Closed("you wrote it".to_owned()), false, Some("you wrote it")),
    ] {
        assert_eq!((gate.is_open(), gate.why()), (open, why));
    }
}

#[test]
fn problems_are_worded_in_both_languages() {
    for lang in Lang::ALL {
        for kind in ProblemKind::ALL {
            let page = kind.page(shell(lang), "/");
            let html = render(&page).expect("a string does not fail");
            assert!(html.contains(kind.code()) && !html.contains('⟦'), "{lang:?} {kind:?}");
        }
    }
}

#[test]
fn the_beacon_is_lit_while_something_is_overdue() {
    let page = |overdue| {
        let mut shell = shell(Lang::En);
        shell.counts.overdue = overdue;
        let page = account::SignIn { shell, form: Form::new("sign-in"), next: "/".to_owned() };
        render(&page).expect("a string does not fail")
    };
    assert!(page(1).contains("class=\"brand lit\"") && page(1).contains("<title>(1) "));
    assert!(!page(0).contains("brand lit") && page(0).contains("<title>t "));
}

/// Checks that codes are read back and words exist, and that each state has a shape of its own.
macro_rules! check_words {
    ($($name:ident),+) => { $(
        for value in words::$name::ALL {
            assert_eq!(words::$name::parse(value.code()), Some(*value));
            for lang in Lang::ALL {
                assert!(!lang.t(value.key()).contains('⟦'), "`{}` has no word", value.key());
            }
            let icon = words::look(value.code()).icon;
            assert!(ICONS.contains(&format!("id=\"i-{icon}\"")), "no icon `{icon}`");
        }
    )+ };
}

#[test]
fn every_word_is_known_and_has_a_look() {
    check_words!(
        Level,
        Phase,
        Step,
        ClockState,
        ClockEnd,
        ReportForm,
        ReportKind,
        Means,
        DutyMark,
        EventState,
        TriageOutcome,
        Truth,
        ResponseState,
        ResponseStep,
        DisposalStage,
        DisposalState,
        PublicationState,
        ApprovalKind,
        AccountRole,
        AccessState,
        FindingWeight,
        Health,
        IndicatorKind,
        ResourceKind,
        Expertise,
        Standing,
        DutyStands,
        DutyOutcome,
        DutyCycle,
        Section,
        IncidentTab,
        Tone,
        Notice
    );
}

#[test]
fn abnormal_states_are_told_apart_without_colour() {
    let shapes = ["overdue", "lapsed", "soon", "running", "met"].map(|code| words::look(code).icon);
    for (at, shape) in shapes.iter().enumerate() {
        assert!(!shapes[..at].contains(shape), "`{shape}` stands for two states");
    }
}

#[test]
fn every_section_and_theme_has_an_icon() {
    let codes =
        Section::ALL.iter().filter(|section| **section != Section::Account).map(|section| section.code());
    for code in codes.chain(Theme::ALL.map(Theme::code)) {
        assert!(ICONS.contains(&format!("id=\"i-{code}\"")), "no icon `{code}`");
    }
}

#[test]
fn a_notice_is_said_in_the_readers_language() {
    let flash = Flash::done(Lang::En, Notice::Filed);
    assert_eq!((flash.tone, flash.text.as_str()), (Tone::Good, "The closing package is filed."));
}
