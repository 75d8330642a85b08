//! Stages of reports, deadlines that awareness cuts off, and marks of what was not verified.

use super::{Case, Swap};

/// One more clock before that of the request: all but id, condition, body and limit is given.
macro_rules! stage {
    ($id:literal, $when:literal, $of:literal, $($more:literal),*) => {
        concat!(
            "  - id: ", $id, "\n",
            "    title: { zh: 续报, en: Follow-up }\n",
            "    clause: town/2\n",
            "    when: ", $when, "\n",
            "    duty: { of: ", $of, ", to: headquarters, form: written }\n",
            $("    ", $more, "\n",)*
        )
    };
}

/// Adds clocks.
macro_rules! with {
    ($($stage:expr),*) => {
        &[Swap("  - id: request\n", concat!($($stage,)* "  - id: request\n"))]
    };
}

pub(super) const CASES: &[Case] = &[
    Case {
        code: "FP009",
        what: "a stage after a clock that is not there",
        edits: with![stage!(
            "follow-up",
            "incident.level == \"IV\"",
            "unit",
            "starts: report_made",
            "after: oral-reprot",
            "within: 2 h",
            "met_by: report"
        )],
    },
    Case {
        code: "FP041",
        what: "a stage that does not say after what",
        edits: with![stage!(
            "follow-up",
            "incident.level == \"IV\"",
            "unit",
            "starts: report_made",
            "within: 2 h",
            "met_by: report"
        )],
    },
    Case {
        code: "FP041",
        what: "a stage after what is no report",
        edits: &[Swap(
            "  - id: help-acknowledged\n",
            concat!(
                stage!(
                    "follow-up",
                    "incident.level == \"III\"",
                    "unit",
                    "starts: report_made",
                    "after: [oral-report-larger, request]",
                    "within: 2 h",
                    "met_by: report"
                ),
                "  - id: help-acknowledged\n"
            ),
        )],
    },
    Case {
        code: "FP041",
        what: "an act that comes after a report without beginning with it",
        edits: &[Swap(
            "    starts: level_confirmed\n    within: 2 h\n",
            "    starts: level_confirmed\n    after: oral-report\n    within: 2 h\n",
        )],
    },
    Case {
        code: "FP041",
        what: "awareness cuts off what counts from awareness",
        edits: &[Swap("    within: 30 min\n", "    within: 30 min\n    no_later_than: 24 h\n")],
    },
    Case {
        code: "FP041",
        what: "awareness cuts off what is due at once",
        edits: with![stage!(
            "first-word",
            "incident.level == \"III\"",
            "unit",
            "starts: level_judged",
            "within: at once",
            "tolerance: 5 min",
            "no_later_than: 24 h",
            "met_by: report"
        )],
    },
    Case {
        code: "FP041",
        what: "awareness cuts off all of the limit",
        edits: with![stage!(
            "first-word",
            "incident.level == \"III\"",
            "unit",
            "starts: level_judged",
            "within: 24 h",
            "no_later_than: 4 h",
            "met_by: report"
        )],
    },
    Case {
        code: "FP081",
        what: "a stage owed by a body that knows of no report before it",
        edits: with![stage!(
            "follow-up",
            "incident.level == \"IV\"",
            "police",
            "starts: report_made",
            "after: oral-report",
            "within: 2 h",
            "met_by: report"
        )],
    },
    Case {
        code: "FP082",
        what: "a further report by a body that makes no first one",
        edits: with![stage!(
            "follow-up",
            "incident.level == \"IV\"",
            "police",
            "starts: body_became_aware",
            "after: oral-report",
            "within: 2 h",
            "met_by: report"
        )],
    },
    Case {
        code: "FP110",
        what: "a stage after the stage below it, and that after the first",
        edits: with![
            stage!(
                "follow-up",
                "incident.level == \"IV\"",
                "unit",
                "starts: report_made",
                "after: final-report",
                "within: 2 h",
                "met_by: report"
            ),
            stage!(
                "final-report",
                "incident.level == \"IV\"",
                "unit",
                "starts: report_made",
                "after: [oral-report, follow-up]",
                "within: 20 d",
                "met_by: report"
            )
        ],
    },
    Case {
        code: "FP110",
        what: "a stage after itself",
        edits: with![stage!(
            "follow-up",
            "incident.level == \"IV\"",
            "unit",
            "starts: report_made",
            "after: [oral-report, follow-up]",
            "within: 2 h",
            "met_by: report"
        )],
    },
    Case {
        code: "FP110",
        what: "a stage after one that is listed below",
        edits: &[Swap(
            "  - id: oral-report\n",
            concat!(
                stage!(
                    "follow-up",
                    "incident.level == \"IV\"",
                    "unit",
                    "starts: report_made",
                    "after: oral-report",
                    "within: 2 h",
                    "met_by: report"
                ),
                "  - id: oral-report\n"
            ),
        )],
    },
    Case {
        code: "FP111",
        what: "a stage at another level than the one before it",
        edits: with![stage!(
            "follow-up",
            "incident.level == \"III\"",
            "unit",
            "starts: report_made",
            "after: oral-report",
            "within: 2 h",
            "met_by: report"
        )],
    },
    Case {
        code: "FP025",
        what: "a mark on a clause that is not there",
        edits: &[Swap(
            "levels:\n",
            "unverified:\n  - clauses: [town/1, town/22]\n    open: { zh: 凭摘要, en: From a summary }\nlevels:\n",
        )],
    },
    Case {
        code: "FP054",
        what: "a mark on a clause of another document that nothing cites",
        edits: &[Swap(
            "levels:\n",
            "unverified:\n  - clauses: [town/1, county/7]\n    open: { zh: 凭摘要, en: From a summary }\nlevels:\n",
        )],
    },
    Case {
        code: "FP054",
        what: "a mark on a clause that no rule carries",
        edits: &[
            Swap("  town/2: {", "  town/3: { zh: 第三条, en: Article 3 }\n  town/2: {"),
            Swap(
                "levels:\n",
                "unverified:\n  - clauses: [town/1, town/3]\n    open: { zh: 凭摘要, en: From a summary }\nlevels:\n",
            ),
        ],
    },
];
