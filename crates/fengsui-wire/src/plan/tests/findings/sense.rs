//! Packs that are written correctly and cannot be carried out.

use super::{Case, Made, Role, Swap};

pub(super) const CASES: &[Case] = &[
    Case {
        code: "FP040",
        what: "a report to nobody",
        edits: &[Swap("duty: { of: unit, to: office, form: oral }", "duty: { of: unit, form: oral }")],
    },
    Case {
        code: "FP040",
        what: "an order to nobody",
        edits: &[Swap("    from: office\n    to: police\n", "    from: office\n")],
    },
    Case {
        code: "FP041",
        what: "a tolerance for a span",
        edits: &[Swap("    within: 30 min\n", "    within: 30 min\n    tolerance: 5 min\n")],
    },
    Case { code: "FP041", what: "at once without a tolerance", edits: &[Swap("    tolerance: 5 min\n", "")] },
    Case {
        code: "FP041",
        what: "a report to oneself",
        edits: &[Swap(
            "duty: { of: unit, to: office, form: oral }",
            "duty: { of: office, to: office, form: oral }",
        )],
    },
    Case {
        code: "FP041",
        what: "a review that repeats",
        edits: &[Swap("    met_by: review\n", "    met_by: review\n    repeats: true\n")],
    },
    Case {
        code: "FP041",
        what: "an order that a report meets",
        edits: &[Swap("    met_by: order_answered\n", "    met_by: review\n")],
    },
    Case {
        code: "FP041",
        what: "a review owed from the review on",
        edits: &[Swap(
            "    starts: response_ended\n    within: 20 d\n",
            "    starts: review_completed\n    within: 20 d\n",
        )],
    },
    Case {
        code: "FP042",
        what: "a reminder at 0%",
        edits: &[Swap("{ at: 50%, to: office }", "{ at: 0%, to: office }")],
    },
    Case {
        code: "FP043",
        what: "nobody decides on the start",
        edits: &[Swap("start: { decide: office, clause: town/1 }", "start: { clause: town/1 }")],
    },
    Case {
        code: "FP043",
        what: "a proposal that nobody may make",
        edits: &[Swap(
            "start: { decide: office, clause: town/1 }",
            "start: { decide: office, without_proposal: false, clause: town/1 }",
        )],
    },
    Case {
        code: "FP044",
        what: "nobody decides on the end",
        edits: &[Swap("end: { decide: unit, clause: town/1 }", "end: { clause: town/1 }")],
    },
    Case {
        code: "FP044",
        what: "no condition for the end",
        edits: &[Swap(
            "      any_of:\n        over: { zh: 处置结束, en: Handling is over, clause: town/1 }\n",
            "      any_of: {}\n",
        )],
    },
    Case {
        code: "FP045",
        what: "a level without a response",
        edits: &[Swap(
            "  III: { title",
            "  II: { title: { zh: 重大, en: Major }, clause: town/1 }\n  III: { title",
        )],
    },
    Case {
        code: "FP046",
        what: "two that stand in for each other",
        edits: &[
            Swap(
                "    duty: { zh: 处置, en: Handles }\n",
                "    duty: { zh: 处置, en: Handles }\n    fallback: police\n",
            ),
            Swap(
                "    duty: { zh: 取证, en: Secures evidence }\n",
                "    duty: { zh: 取证, en: Secures evidence }\n    fallback: unit\n",
            ),
        ],
    },
    Case {
        code: "FP047",
        what: "a headquarters without a fallback",
        edits: &[Swap("    temporary: true\n    fallback: office\n", "    temporary: true\n")],
    },
    Case {
        code: "FP048",
        what: "a category below itself",
        edits: &[Swap("en: Attacks of all kinds }\n", "en: Attacks of all kinds }\n    parent: virus\n")],
    },
    Case {
        code: "FP049",
        what: "a rule that never holds",
        edits: &[Swap(
            "when: facts.spread == \"strong\" || facts.machines >= 10",
            "when: facts.machines >= 10 && facts.machines < 10",
        )],
    },
    Case {
        code: "FP050",
        what: "the milder level first",
        edits: &[
            Swap("      level: III\n      when: facts.spread", "      level: IV\n      when: facts.spread"),
            Swap("      level: IV\n      when: true", "      level: III\n      when: true"),
        ],
    },
    Case {
        code: "FP051",
        what: "no rule for level III",
        edits: &[Swap(
            "      level: III\n      when: facts.spread",
            "      level: IV\n      when: facts.spread",
        )],
    },
    Case {
        code: "FP052",
        what: "sixteen pairs of questions of which one each holds",
        edits: &[
            Made("  press:\n", || (0..32).map(question).chain(["  press:\n".to_owned()]).collect()),
            // Never holds, and shows that only once every pair was answered.
            Made("facts.spread == \"strong\" || facts.machines >= 10", || {
                let one_each = |at: u32| {
                    let (one, other) = (2 * at, 2 * at + 1);
                    format!("(facts.q{one}&&!facts.q{other}||!facts.q{one}&&facts.q{other})&&")
                };
                (0..16).map(one_each).chain(["facts.machines>=10&&facts.machines<10".to_owned()]).collect()
            }),
        ],
    },
    Case {
        code: "FP053",
        what: "a figure of our own without a word",
        edits: &[Swap("    within: 30 min\n", "    within: 30 min\n    is_default: true\n")],
    },
    Case {
        code: "FP054",
        what: "a clause without a rule",
        edits: &[Swap("  town/2: {", "  town/3: { zh: 第三条, en: Article 3 }\n  town/2: {")],
    },
    Case {
        code: "FP055",
        what: "nobody leads at level IV",
        edits: &[Swap("    - { when: incident.level == \"IV\", by: [office, unit], clause: town/1 }\n", "")],
    },
    Case { code: "FP056", what: "no role is the unit where it happened", edits: &[Role("unit", "school")] },
];

fn question(at: usize) -> String {
    format!(
        "  q{at}:\n    title: {{ zh: 问题, en: q }}\n    hint: {{ zh: 提示, en: h }}\n    answer: yes-or-no\n    judged_by: office\n    clause: town/1\n"
    )
}
