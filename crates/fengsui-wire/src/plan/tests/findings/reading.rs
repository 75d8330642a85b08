//! Files that cannot be read as a pack.

use super::{Case, File, Folder, Made, Swap};

pub(super) const CASES: &[Case] = &[
    Case {
        code: "FP001",
        what: "lists in lists",
        edits: &[Swap("zone: Asia/Shanghai", "zone: [[[[[[[[[[[[[[[[[Asia/Shanghai]]]]]]]]]]]]]]]]]")],
    },
    Case {
        code: "FP001",
        what: "a heading of 201 characters",
        edits: &[Made("en: Town plan", || format!("en: {}", "x".repeat(201)))],
    },
    Case {
        code: "FP001",
        what: "a file of 256 KiB and more",
        edits: &[Made("plan: town", || format!("# {}\nplan: town", "x".repeat(256 * 1024)))],
    },
    Case {
        code: "FP001",
        what: "a condition of more than 1,000 bytes",
        edits: &[Made("when: facts.spread == \"strong\"", || {
            format!("when: facts.spread == \"strong\"{}", " || facts.press".repeat(70))
        })],
    },
    Case {
        code: "FP001",
        what: "more options than can be tried",
        edits: &[Made("defaults:\n", || {
            let said = |what: &str, at: usize| format!("{{ zh: {what}{at}, en: {what} {at} }}");
            let option = |at| {
                format!("      o{at}: {{ answer: {}, change: {{ zone: Asia/Tokyo }} }}\n", said("answer", at))
            };
            let options: String = (0..700).map(option).collect();
            let (question, answer) = (said("question", 0), said("answer", 0));
            format!(
                "defaults:\n  - id: many\n    clauses: [town/1]\n    question: {question}\n    answer: {answer}\n    options:\n{options}"
            )
        })],
    },
    Case { code: "FP002", what: "another encoding", edits: &[File("more.yaml", b"evidence: \xb9\xe3\n")] },
    Case {
        code: "FP003",
        what: "a quote left open",
        edits: &[Swap("document: \"Town 7 (2020)\"", "document: \"Town 7 (2020)")],
    },
    Case { code: "FP003", what: "a tab for spaces", edits: &[Swap("  office:\n", "\toffice:\n")] },
    Case {
        code: "FP004",
        what: "an anchor",
        edits: &[Swap("zone: Asia/Shanghai", "zone: &here Asia/Shanghai")],
    },
    Case { code: "FP004", what: "a tag", edits: &[Swap("zone: Asia/Shanghai", "zone: !!str Asia/Shanghai")] },
    Case {
        code: "FP005",
        what: "a key twice",
        edits: &[Swap("    within: 30 min\n", "    within: 30 min\n    within: 1 h\n")],
    },
    Case {
        code: "FP005",
        what: "a section in two files",
        edits: &[File("more.yaml", b"zone: Asia/Shanghai\n")],
    },
    Case {
        code: "FP006",
        what: "a key misspelt",
        edits: &[Swap("    within: 30 min\n", "    whithin: 30 min\n")],
    },
    Case {
        code: "FP006",
        what: "a text with a comma and no quotes",
        edits: &[Swap(
            "title: { zh: 口头报告, en: Oral report }",
            "title: { zh: 口头报告, en: Oral report, by phone or in person }",
        )],
    },
    Case { code: "FP006", what: "a section misspelt", edits: &[Swap("filing: { by", "fileing: { by")] },
    Case {
        code: "FP007",
        what: "a clock without a clause",
        edits: &[Swap(
            "    clause: town/2\n    when: incident.level == \"IV\"\n",
            "    when: incident.level == \"IV\"\n",
        )],
    },
    Case { code: "FP007", what: "no time zone", edits: &[Swap("zone: Asia/Shanghai\n", "")] },
    Case {
        code: "FP008",
        what: "a text where a list belongs",
        edits: &[Swap("    escalate:\n      - { at: 50%, to: office }\n", "    escalate: office\n")],
    },
    Case {
        code: "FP008",
        what: "nothing where a name belongs",
        edits: &[Swap("draft: { by: unit,", "draft: { by: ,")],
    },
    Case {
        code: "FP009",
        what: "a span in other words",
        edits: &[Swap("within: 30 min", "within: 30 minutes")],
    },
    Case {
        code: "FP009",
        what: "a word there is not",
        edits: &[Swap("met_by: report\n", "met_by: reporting\n")],
    },
    Case {
        code: "FP009",
        what: "a heading that is shown as another",
        edits: &[Swap("en: Town plan", "en: \"Town \\u202enalp\"")],
    },
    Case {
        code: "FP009",
        what: "no such time zone",
        edits: &[Swap("zone: Asia/Shanghai", "zone: Asia/Shanghi")],
    },
    Case {
        code: "FP009",
        what: "a day written otherwise",
        edits: &[Swap("from: 2020-01-01", "from: 2020-1-1")],
    },
    Case {
        code: "FP009",
        what: "the last day before the first",
        edits: &[Swap("until: 2039-12-31", "until: 2019-12-31")],
    },
    Case {
        code: "FP010",
        what: "an empty text",
        edits: &[Swap("document: \"Town 7 (2020)\"", "document: \"\"")],
    },
    Case { code: "FP010", what: "nobody named", edits: &[Swap("confirmed_by: office", "confirmed_by: []")] },
    Case {
        code: "FP011",
        what: "no English",
        edits: &[Swap("title: { zh: 口头报告, en: Oral report }", "title: { zh: 口头报告 }")],
    },
    Case {
        code: "FP011",
        what: "no Chinese",
        edits: &[Swap("title: { zh: 口头报告, en: Oral report }", "title: { en: Oral report }")],
    },
    Case {
        code: "FP012",
        what: "the same in both languages",
        edits: &[Swap(
            "title: { zh: 口头报告, en: Oral report }",
            "title: { zh: Oral report, en: Oral report }",
        )],
    },
    Case {
        code: "FP013",
        what: "a capital letter in a name",
        edits: &[Swap("        over: {", "        Over: {")],
    },
    Case {
        code: "FP014",
        what: "two clocks of one id",
        edits: &[Swap("  - id: filed\n", "  - id: reviewed\n")],
    },
    Case {
        code: "FP014",
        what: "a body twice",
        edits: &[Swap("by: [office, unit],", "by: [office, office],")],
    },
    Case { code: "FP015", what: "the folder has another name", edits: &[Folder("village")] },
    Case { code: "FP016", what: "a file named .yml", edits: &[File("notes.yml", b"evidence: []\n")] },
];
