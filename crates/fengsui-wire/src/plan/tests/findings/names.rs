//! Names that nothing declares, and conditions that cannot be read.

use super::{Case, Swap};

pub(super) const CASES: &[Case] = &[
    Case {
        code: "FP020",
        what: "an addressee misspelt",
        edits: &[Swap(
            "duty: { of: unit, to: office, form: oral }",
            "duty: { of: unit, to: offce, form: oral }",
        )],
    },
    Case {
        code: "FP020",
        what: "nobody of that name leads",
        edits: &[Swap("by: [office, unit],", "by: [office, mayor],")],
    },
    Case {
        code: "FP021",
        what: "a parent misspelt",
        edits: &[Swap("    parent: attack\n", "    parent: atack\n")],
    },
    Case {
        code: "FP021",
        what: "a playbook for no category there is",
        edits: &[Swap("categories: [virus]", "categories: [worm]")],
    },
    Case {
        code: "FP022",
        what: "a fact misspelt",
        edits: &[Swap("when: facts.spread == \"strong\"", "when: facts.spred == \"strong\"")],
    },
    Case {
        code: "FP023",
        what: "a choice misspelt",
        edits: &[Swap("when: facts.spread == \"strong\"", "when: facts.spread == \"stong\"")],
    },
    Case {
        code: "FP024",
        what: "a level the plan does not have",
        edits: &[Swap("when: incident.level == \"IV\"\n", "when: incident.level == \"II\"\n")],
    },
    Case {
        code: "FP024",
        what: "a rule for no level",
        edits: &[Swap("      level: IV\n", "      level: IIV\n")],
    },
    Case {
        code: "FP025",
        what: "a clause not in the table",
        edits: &[Swap(
            "filing: { by: unit, to: office, clause: town/1 }",
            "filing: { by: unit, to: office, clause: town/3 }",
        )],
    },
    Case {
        code: "FP026",
        what: "a clause of another document",
        edits: &[Swap(
            "filing: { by: unit, to: office, clause: town/1 }",
            "filing: { by: unit, to: office, clause: city/1 }",
        )],
    },
    Case {
        code: "FP027",
        what: "a clock about no order there is",
        edits: &[Swap("duty: { order: help }", "duty: { order: halp }")],
    },
    Case {
        code: "FP027",
        what: "a chain that gives no order there is",
        edits: &[Swap(
            "  execute: { by: unit, clause: town/1 }\n",
            "  execute: { by: unit, clause: town/1 }\n  order: carry-out\n",
        )],
    },
    Case {
        code: "FP028",
        what: "a clock about no step there is",
        edits: &[Swap("duty: { step: cleaning/disconnect }", "duty: { step: cleaning/disconect }")],
    },
    Case {
        code: "FP028",
        what: "an answer that leads nowhere",
        edits: &[Swap("steps: [reinstall]", "steps: [reinstall, rebuild]")],
    },
    Case {
        code: "FP028",
        what: "a state there is not",
        edits: &[Swap("opens: unprotected", "opens: unguarded"), Swap("        closes: unprotected\n", "")],
    },
    Case {
        code: "FP030",
        what: "a condition that breaks off",
        edits: &[Swap(
            "when: facts.spread == \"strong\" || facts.machines >= 10",
            "when: facts.spread == \"strong\" || facts.machines >=",
        )],
    },
    Case {
        code: "FP031",
        what: "arithmetic in a condition",
        edits: &[Swap(
            "when: facts.spread == \"strong\" || facts.machines >= 10",
            "when: facts.spread == \"strong\" || facts.machines + 1 >= 10",
        )],
    },
    Case {
        code: "FP031",
        what: "a function in a condition",
        edits: &[Swap("when: facts.press\n", "when: size(facts.press)\n")],
    },
    Case {
        code: "FP032",
        what: "a count compared with a word",
        edits: &[Swap(
            "when: facts.spread == \"strong\" || facts.machines >= 10",
            "when: facts.spread == \"strong\" || facts.machines == \"many\"",
        )],
    },
    Case {
        code: "FP032",
        what: "a count in place of yes or no",
        edits: &[Swap(
            "when: facts.spread == \"strong\" || facts.machines >= 10",
            "when: facts.spread == \"strong\" || facts.machines",
        )],
    },
    Case {
        code: "FP032",
        what: "levels by size",
        edits: &[Swap("when: incident.level == \"IV\"\n", "when: incident.level >= \"IV\"\n")],
    },
    Case {
        code: "FP033",
        what: "grading by the level",
        edits: &[Swap(
            "when: facts.spread == \"strong\" || facts.machines >= 10",
            "when: facts.spread == \"strong\" || incident.level == \"III\"",
        )],
    },
];
