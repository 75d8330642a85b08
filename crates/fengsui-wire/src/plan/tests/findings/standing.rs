//! Standing duties, and how the pack runs beside another.

use super::Case;
use super::Edit::Swap;

pub(super) const CASES: &[Case] = &[
    Case {
        code: "FP070",
        what: "a standing duty that is owed at no time",
        edits: &[Swap("    by: [office]\n    every: year\n", "    by: [office]\n")],
    },
    Case {
        code: "FP071",
        what: "a standing duty of which nothing is recorded",
        edits: &[Swap(
            "    every: year\n    proof:\n      report: { zh: 报告, en: Report }\n",
            "    every: year\n",
        )],
    },
    Case {
        code: "FP072",
        what: "a standing duty that waits for a plan above where there is none",
        edits: &[Swap(
            "    by: [office]\n    every: year\n",
            "    by: [office]\n    on_parent: { within: 90 d }\n",
        )],
    },
    Case {
        code: "FP073",
        what: "a plan above that is not at hand",
        edits: &[Swap("    relation: overlap\n", "    relation: parent\n")],
    },
    Case {
        code: "FP020",
        what: "a body called the same as one elsewhere that is none of the plan",
        edits: &[Swap("    bodies: { office: county-office }\n", "    bodies: { ofice: county-office }\n")],
    },
    Case {
        code: "FP022",
        what: "a fact called the same as one elsewhere that is none of the plan",
        edits: &[Swap("    facts: { machines: machines }\n", "    facts: { machine: machines }\n")],
    },
];
