//! Conditions that never hold, and clocks that nothing starts or meets, that conflict or come too soon.

use super::{Case, Swap};

pub(super) const CASES: &[Case] = &[
    Case {
        code: "FP080",
        what: "a clock at two levels at once",
        edits: &[Swap(
            "when: incident.level == \"IV\"\n",
            "when: incident.level == \"IV\" && incident.level == \"III\"\n",
        )],
    },
    Case {
        code: "FP080",
        what: "a review at no level",
        edits: &[Swap(
            "    when: true\n    duty: { of: office }\n    starts: response_ended",
            "    when: incident.level == \"IV\" && incident.level == \"III\"\n    duty: { of: office }\n    starts: response_ended",
        )],
    },
    Case {
        code: "FP080",
        what: "an order for more and fewer",
        edits: &[Swap(
            "    when: incident.level == \"III\"\n    from: office",
            "    when: facts.machines > 5 && facts.machines < 5\n    from: office",
        )],
    },
    Case {
        code: "FP080",
        what: "a playbook for two responses at once",
        edits: &[Swap(
            "    categories: [virus]\n",
            "    categories: [virus]\n    when: response.level == \"III\" && response.level == \"IV\"\n",
        )],
    },
    Case {
        code: "FP080",
        what: "a publication that is switched off",
        edits: &[Swap("    when: facts.press\n", "    when: false\n")],
    },
    Case {
        code: "FP081",
        what: "an answer owed by whom the order never reaches",
        edits: &[Swap("duty: { order: help }", "duty: { order: help, of: unit }")],
    },
    Case {
        code: "FP081",
        what: "a playbook of another plan's category",
        edits: &[Swap(
            "    parent: attack\n",
            "    parent: attack\n    routed_to: { zh: 市预案, en: the city plan, clause: town/1 }\n",
        )],
    },
    Case {
        code: "FP082",
        what: "a request to somebody who decides nothing",
        edits: &[Swap(
            "    duty: { of: unit, to: office }\n    starts: level_confirmed",
            "    duty: { of: unit, to: police }\n    starts: level_confirmed",
        )],
    },
    Case {
        code: "FP082",
        what: "no immediate action in the plan",
        edits: &[
            Swap("    met_by: immediate_action\n    action: isolate\n", "    met_by: immediate_action\n"),
            Swap("immediate_actions:\n  isolate: { zh: 隔离, en: Isolate, clause: town/1 }\n", ""),
        ],
    },
    Case {
        code: "FP082",
        what: "no filing in the plan",
        edits: &[Swap("filing: { by: unit, to: office, clause: town/1 }\n", "")],
    },
    Case {
        code: "FP082",
        what: "a review while the response runs",
        edits: &[Swap(
            "    starts: response_ended\n    within: 20 d\n",
            "    starts: response_started\n    within: 20 d\n",
        )],
    },
    Case {
        code: "FP083",
        what: "a filing by somebody else",
        edits: &[Swap(
            "filing: { by: unit, to: office, clause: town/1 }",
            "filing: { by: office, to: office, clause: town/1 }",
        )],
    },
    Case {
        code: "FP083",
        what: "a review by somebody who never leads",
        edits: &[Swap(
            "    duty: { of: office }\n    starts: response_ended",
            "    duty: { of: police }\n    starts: response_ended",
        )],
    },
    Case {
        code: "FP083",
        what: "a start by somebody without a right",
        edits: &[Swap(
            "    duty: { of: office }\n    starts: level_confirmed",
            "    duty: { of: police }\n    starts: level_confirmed",
        )],
    },
    Case {
        code: "FP083",
        what: "a step by somebody else",
        edits: &[Swap(
            "duty: { step: cleaning/disconnect }",
            "duty: { step: cleaning/disconnect, of: police }",
        )],
    },
    Case {
        code: "FP084",
        what: "a limit behind a shorter one",
        edits: &[Swap(
            "    when: incident.level == \"III\"\n    duty: { of: unit, to: office, form: oral }",
            "    when: true\n    duty: { of: unit, to: office, form: oral }",
        )],
    },
    Case {
        code: "FP085",
        what: "two limits in one case",
        edits: &[Swap(
            "    when: incident.level == \"III\"\n    duty: { of: unit, to: office, form: oral }",
            "    when: facts.press\n    duty: { of: unit, to: office, form: oral }",
        )],
    },
    Case {
        code: "FP086",
        what: "filed before it is reviewed",
        edits: &[Swap("    within: 30 d\n    met_by: filing", "    within: 10 d\n    met_by: filing")],
    },
    Case {
        code: "FP086",
        what: "started before it is asked for",
        edits: &[Swap(
            "    within: 2 h\n    met_by: response_started",
            "    within: 30 min\n    met_by: response_started",
        )],
    },
    Case {
        code: "FP086",
        what: "answered before it is acknowledged",
        edits: &[Swap(
            "    within: 4 h\n    met_by: order_answered",
            "    within: 10 min\n    met_by: order_answered",
        )],
    },
    Case {
        code: "FP086",
        what: "the last step before the first",
        edits: &[Swap("    within: 2 d\n    met_by: step_done", "    within: 30 min\n    met_by: step_done")],
    },
    Case {
        code: "FP086",
        what: "two steps that take longer together",
        edits: &[Swap(
            "    duty: { of: unit }\n    starts: body_became_aware\n    within: 1 h\n    met_by: immediate_action\n    action: isolate",
            "    duty: { step: cleaning/stop-guard }\n    starts: step_ready\n    within: 2 d\n    met_by: step_done",
        )],
    },
    Case {
        code: "FP087",
        what: "a lead above all others",
        edits: &[
            Swap("  leads:\n", "  leads:\n    - { when: true, by: unit, clause: town/1 }\n"),
            Swap(
                "    duty: { of: office }\n    starts: response_ended",
                "    duty: { of: unit }\n    starts: response_ended",
            ),
        ],
    },
    Case {
        code: "FP088",
        what: "two texts for the public",
        edits: &[Swap("    when: \"!facts.press\"\n", "    when: true\n")],
    },
];
