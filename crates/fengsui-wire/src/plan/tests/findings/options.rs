//! Options of defaults: what may be chosen, and what it changes.

use super::Case;
use super::Edit::{File, Swap};

const CHANGE: &str = "          clocks:\n            oral-report: { within: 15 min }\n";

pub(super) const CASES: &[Case] = &[
    Case {
        code: "FP100",
        what: "a choice for a default that is not there",
        edits: &[File("chosen.yaml", b"chosen:\n  oral-report-tmie: sooner\n")],
    },
    Case {
        code: "FP100",
        what: "a chosen option that is not there",
        edits: &[File("chosen.yaml", b"chosen:\n  oral-report-time: later\n")],
    },
    Case {
        code: "FP101",
        what: "an option that changes what the pack is",
        edits: &[Swap(
            CHANGE,
            "          plan: village\n          clocks:\n            oral-report: { within: 15 min }\n",
        )],
    },
    Case {
        code: "FP101",
        what: "an option that takes away a rule that is not there",
        edits: &[Swap(
            CHANGE,
            "          clocks:\n            oral-report: { within: 15 min }\n            oral: ~\n",
        )],
    },
    Case {
        code: "FP101",
        what: "an option that takes away a section which every plan has",
        edits: &[Swap(CHANGE, "          levels: ~\n")],
    },
    Case {
        code: "FP102",
        what: "an option that changes nothing",
        edits: &[Swap(CHANGE, "          clocks:\n            oral-report: { within: 30 min }\n")],
    },
    Case {
        code: "FP009",
        what: "an option with a value that is not understood",
        edits: &[Swap(CHANGE, "          clocks:\n            oral-report: { within: soon }\n")],
    },
];
