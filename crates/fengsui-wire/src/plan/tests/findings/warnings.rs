//! Warnings: names, shapes, colours nobody issues or nothing proposes, limits that wait for later ones.

use super::{Case, Swap};

pub(super) const CASES: &[Case] = &[
    Case {
        code: "FP029",
        what: "a rule for a colour that the plan does not use",
        edits: &[Swap(
            "        colour: red\n        when: facts.schools_hit >= 3\n",
            "        colour: orange\n        when: facts.schools_hit >= 3\n",
        )],
    },
    Case {
        code: "FP029",
        what: "a colour that is none",
        edits: &[Swap(
            "    blue: { title",
            "    violet: { title: { zh: 紫色, en: Violet }, level: IV, clause: town/1 }\n    blue: { title",
        )],
    },
    Case {
        code: "FP029",
        what: "a right by a decision that nobody takes",
        edits: &[Swap("      named_by: calm\n", "      named_by: clam\n")],
    },
    Case {
        code: "FP029",
        what: "a receipt for an edition that there is not",
        edits: &[Swap("      edition: schools\n", "      edition: school\n")],
    },
    Case {
        code: "FP029",
        what: "a measure in a period that there is not",
        edits: &[Swap("      periods: [fair]\n", "      periods: [market]\n")],
    },
    Case {
        code: "FP029",
        what: "a measure after something that is not owed",
        edits: &[Swap("      after: [heard]\n", "      after: [herd]\n")],
    },
    Case {
        code: "FP014",
        what: "a question about a threat with the name of one about an incident",
        edits: &[Swap("    rumours:\n", "    press:\n"), Swap("marks: [rumours]", "marks: [press]")],
    },
    Case {
        code: "FP022",
        what: "an approval for a mark that there is not",
        edits: &[Swap("marks: [rumours]", "marks: [rumors]")],
    },
    Case {
        code: "FP022",
        what: "a rule on colours that reads a question about incidents",
        edits: &[Swap("when: facts.schools_hit >= 3", "when: facts.machines >= 3")],
    },
    Case {
        code: "FP032",
        what: "an approval for a question that is no mark",
        edits: &[Swap("marks: [rumours]", "marks: [schools_hit]")],
    },
    Case {
        code: "FP049",
        what: "a rule on colours behind one that takes everything",
        edits: &[Swap(
            "      - id: some-schools\n",
            "      - id: five-schools\n        colour: red\n        when: facts.schools_hit >= 5\n        clause: town/1\n        says: { zh: 五所以上学校, en: Five schools and more }\n      - id: some-schools\n",
        )],
    },
    Case {
        code: "FP050",
        what: "a milder colour above a worse one",
        edits: &[
            Swap("        colour: red\n        when", "        colour: blue\n        when"),
            Swap(
                "        colour: blue\n        when: facts.schools_hit >= 1",
                "        colour: red\n        when: facts.schools_hit >= 1",
            ),
        ],
    },
    Case {
        code: "FP053",
        what: "two persons by a rule of ours that nothing explains",
        edits: &[Swap(
            "two_person: { colours: [red], clause: town/1 }",
            "two_person: { colours: [red], clause: town/1, is_default: true }",
        )],
    },
    Case {
        code: "FP086",
        what: "done before it was confirmed",
        edits: &[Swap("within: { red: 30 min, blue: 2 h }", "within: { red: 3 h, blue: 2 h }")],
    },
    Case {
        code: "FP090",
        what: "a right that goes from mild to grave",
        edits: &[Swap("      highest: red\n", "      highest: blue\n      lowest: red\n")],
    },
    Case {
        code: "FP090",
        what: "an approval that nothing asks for",
        edits: &[Swap("      marks: [rumours]\n", "")],
    },
    Case {
        code: "FP090",
        what: "colours by the level and by rules at once",
        edits: &[Swap(
            "    confirmed_by: office\n    clause: town/1\n    rules:",
            "    confirmed_by: office\n    clause: town/1\n    by_level: true\n    rules:",
        )],
    },
    Case {
        code: "FP090",
        what: "a worse colour for a milder level",
        edits: &[
            Swap("en: Red }, level: III", "en: Red }, level: IV"),
            Swap("en: Blue }, level: IV", "en: Blue }, level: III"),
        ],
    },
    Case {
        code: "FP090",
        what: "a warning that nobody lifts",
        edits: &[Swap("lift: { by_issuer: true, within", "lift: { by_issuer: false, within")],
    },
    Case {
        code: "FP090",
        what: "a receipt without a limit for one colour",
        edits: &[Swap("within: { red: 30 min, blue: 2 h }", "within: { red: 30 min }")],
    },
    Case {
        code: "FP090",
        what: "a measure under no colour and in no period",
        edits: &[Swap("      periods: [fair]\n", "")],
    },
    Case {
        code: "FP090",
        what: "a measure in two ways",
        edits: &[Swap("      within: 1 h\n      after", "      within: 1 h\n      every: 2 h\n      after")],
    },
    Case {
        code: "FP090",
        what: "a watch that is over at some time",
        edits: &[Swap(
            "      stage: always\n      of: unit\n      standing: true",
            "      stage: always\n      of: unit\n      within: 1 h",
        )],
    },
    Case {
        code: "FP091",
        what: "a colour that nobody may issue",
        edits: &[
            Swap(
                "      by: office\n      highest: red\n",
                "      by: office\n      highest: red\n      lowest: red\n",
            ),
            Swap(
                "      by: [office, police]\n      highest: red\n",
                "      by: [office, police]\n      highest: red\n      lowest: red\n",
            ),
        ],
    },
    Case {
        code: "FP092",
        what: "a colour that no rule proposes",
        edits: &[Swap(
            "      - id: some-schools\n        colour: blue\n        when: facts.schools_hit >= 1\n        clause: town/1\n        says: { zh: 一所以上学校, en: One school and more }\n",
            "",
        )],
    },
    Case {
        code: "FP093",
        what: "a colour that obliges to nothing",
        edits: &[Swap("      colours: [red, blue]\n", "      colours: [red]\n")],
    },
];
