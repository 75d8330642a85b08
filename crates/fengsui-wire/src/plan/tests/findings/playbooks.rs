//! Playbooks that stall, or whose steps nobody comes to.

use super::{Case, Swap};

pub(super) const CASES: &[Case] = &[
    Case {
        code: "FP060",
        what: "a step that nobody does",
        edits: &[Swap(
            "        title: { zh: 断网, en: Disconnect }\n        clause: town/1\n        by: unit\n",
            "        title: { zh: 断网, en: Disconnect }\n        clause: town/1\n",
        )],
    },
    Case {
        code: "FP061",
        what: "a step that waits for a later one",
        edits: &[Swap(
            "        title: { zh: 断网, en: Disconnect }\n",
            "        title: { zh: 断网, en: Disconnect }\n        after: [reconnect]\n",
        )],
    },
    Case {
        code: "FP061",
        what: "an answer that leads back",
        edits: &[Swap("steps: [reinstall]", "steps: [disconnect, reinstall]")],
    },
    Case {
        code: "FP062",
        what: "a step whose condition never holds",
        edits: &[Swap(
            "        title: { zh: 重装, en: Reinstall }\n",
            "        title: { zh: 重装, en: Reinstall }\n        when: facts.press && !facts.press\n",
        )],
    },
    Case {
        code: "FP063",
        what: "a gate that nobody may waive",
        edits: &[Swap(
            "        gate: { title: { zh: 网监取证完毕, en: The police have their evidence }, clause: town/1, by: police, waive: office }\n",
            "        gate: { title: { zh: 网监取证完毕, en: The police have their evidence }, clause: town/1, by: police }\n",
        )],
    },
    Case {
        code: "FP064",
        what: "a state that stays open",
        edits: &[Swap(
            "        title: { zh: 启用防护, en: Start the guard }\n        clause: town/1\n        by: unit\n        closes: unprotected\n",
            "        title: { zh: 启用防护, en: Start the guard }\n        clause: town/1\n        by: unit\n",
        )],
    },
    Case {
        code: "FP064",
        what: "a state whose end may be left out",
        edits: &[Swap(
            "        closes: unprotected\n",
            "        closes: unprotected\n        optional: unit\n",
        )],
    },
    Case {
        code: "FP065",
        what: "a condition that may wait for an answer",
        edits: &[Swap(
            "        title: { zh: 重装, en: Reinstall }\n",
            "        title: { zh: 重装, en: Reinstall }\n        when: facts.machines >= 2\n",
        )],
    },
    Case {
        code: "FP065",
        what: "urgent before what it does not follow",
        edits: &[Swap(
            "        opens: unprotected\n",
            "        opens: unprotected\n        urgent_before: [disconnect]\n",
        )],
    },
    Case {
        code: "FP065",
        what: "a question with one answer",
        edits: &[Swap("            clean: { zh: 能, en: It can }\n", "")],
    },
    Case {
        code: "FP065",
        what: "a permission nobody gives",
        edits: &[
            Swap("grants: { by: office, clause: town/1 }\n", ""),
            Swap(
                "        opens: unprotected\n",
                "        opens: unprotected\n        needs: { zh: 停用防护, en: stop the guard }\n",
            ),
        ],
    },
];
