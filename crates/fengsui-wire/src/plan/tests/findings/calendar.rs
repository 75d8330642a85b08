//! Days off: packs whose rules need more of them than the pack knows.

use super::{Case, On, Swap};

pub(super) const CASES: &[Case] = &[
    Case {
        code: "FP095",
        what: "a deadline moves over days off that nobody lists",
        edits: &[Swap("    within: 30 min\n", "    within: 30 min\n    day_off_moves_to: \"12:00\"\n")],
    },
    Case {
        code: "FP095",
        what: "2025 is left out",
        edits: &[
            Swap("    within: 30 min\n", "    within: 5 working days\n    by_time: \"17:00\"\n"),
            Swap(
                "zone: Asia/Shanghai\n",
                concat!(
                    "zone: Asia/Shanghai\nholidays:\n",
                    "  2024: { source: { zh: 通知, en: Notice }, off: [2024-05-01 to 2024-05-03], worked: [2024-05-11] }\n",
                    "  2026: { source: { zh: 通知, en: Notice }, off: [2026-05-01] }\n",
                ),
            ),
        ],
    },
    Case {
        code: "FP096",
        what: "the next year begins in two months and is not known",
        edits: &[
            Swap("    within: 30 min\n", "    within: 5 working days\n"),
            Swap(
                "zone: Asia/Shanghai\n",
                concat!(
                    "zone: Asia/Shanghai\nholidays:\n",
                    "  2026: { source: { zh: 通知, en: Notice }, off: [2026-05-01] }\n",
                ),
            ),
            On("2026-11-01"),
        ],
    },
    Case {
        code: "FP041",
        what: "a time of day beside hours",
        edits: &[Swap("    within: 30 min\n", "    within: 30 min\n    by_time: \"17:00\"\n")],
    },
    Case {
        code: "FP041",
        what: "at once waits for no working day",
        edits: &[Swap(
            "    within: 30 min\n",
            "    within: at once\n    tolerance: 5 min\n    day_off_moves_to: \"12:00\"\n",
        )],
    },
    Case {
        code: "FP009",
        what: "a day of another year",
        edits: &[Swap(
            "zone: Asia/Shanghai\n",
            "zone: Asia/Shanghai\nholidays: { 2026: { source: { zh: 通知, en: Notice }, off: [2025-05-01] } }\n",
        )],
    },
    Case {
        code: "FP009",
        what: "a Friday that is worked anyway",
        edits: &[Swap(
            "zone: Asia/Shanghai\n",
            "zone: Asia/Shanghai\nholidays: { 2026: { source: { zh: 通知, en: Notice }, off: [], worked: [2026-05-08] } }\n",
        )],
    },
    Case {
        code: "FP013",
        what: "a year that is none",
        edits: &[Swap(
            "zone: Asia/Shanghai\n",
            "zone: Asia/Shanghai\nholidays: { next: { source: { zh: 通知, en: Notice }, off: [] } }\n",
        )],
    },
    Case {
        code: "FP001",
        what: "a quarter of the year off",
        edits: &[Swap(
            "zone: Asia/Shanghai\n",
            "zone: Asia/Shanghai\nholidays: { 2026: { source: { zh: 通知, en: Notice }, off: [2026-01-01 to 2026-04-30] } }\n",
        )],
    },
];
