//! Options of defaults: what may be chosen, and what it changes.

use super::Case;
use super::Edit::{File, Swap};

pub(super) const CASES: &[Case] = &[
    Case {
        code: "FP100",
        what: "a choice for a default that is not there",
        edits: &[File("chosen.yaml", b"chosen:\n  oral-report-remidner: sooner\n")],
    },
    Case {
        code: "FP100",
        what: "a chosen option that is not there",
        edits: &[File("chosen.yaml", b"chosen:\n  oral-report-reminder: later\n")],
    },
    Case {
        code: "FP101",
        what: "an option that changes what the pack is",
        edits: &[Swap("        change:\n", "        change:\n          plan: village\n")],
    },
    Case {
        code: "FP101",
        what: "an option that takes away a rule that is not there",
        edits: &[Swap(
            "          clocks:\n            oral-report:\n",
            "          clocks:\n            oral: ~\n            oral-report:\n",
        )],
    },
    Case {
        code: "FP101",
        what: "an option that changes a rule that is not there",
        edits: &[Swap(
            "          clocks:\n            oral-report:\n",
            "          clocks:\n            oral-raport: { within: 1 h }\n            oral-report:\n",
        )],
    },
    Case {
        code: "FP101",
        what: "an option that takes away a section which every plan has",
        edits: &[Swap("        change:\n", "        change:\n          levels: ~\n")],
    },
    Case {
        code: "FP102",
        what: "an option that changes nothing",
        edits: &[Swap("at: 25%, to: office", "at: 50%, to: office")],
    },
    Case {
        code: "FP009",
        what: "an option with a value that is not understood",
        edits: &[Swap("at: 25%, to: office", "at: soon, to: office")],
    },
];
