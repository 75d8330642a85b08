//! Plans and the ledger.

use fengsui_server::console::view::form::Form;
use fengsui_server::console::view::ledger::{EntryProof, LedgerEntries, LedgerPage, LedgerRow};
use fengsui_server::console::view::parts::Pager;
use fengsui_server::console::view::plan::{
    Finding, PlanDefault, PlanList, PlanPage, PlanRow, PlanRule, PlanSection,
};
use fengsui_server::console::view::render;
use fengsui_server::console::view::words::{FindingWeight, Level, Section};

use super::Page;
use super::sample::{Look, clause, pager};

pub(crate) fn pages(look: Look) -> Vec<Page> {
    let list = |rows| PlanList { shell: look.shell("预案", "Plans", Section::Plans), rows };
    let entries = |rows: Vec<LedgerRow>, pager: Pager| LedgerEntries {
        shell: look.shell("账目", "Ledger entries", Section::Ledger),
        form: Form::new("filter"),
        kinds: look.choices(&[("clock", "时限", "Clock"), ("report", "报告", "Report")]),
        rows,
        pager,
    };
    vec![
        page("plans", &list(plan_rows(look))),
        page("plans-empty", &list(Vec::new())),
        page("plan", &plan(look)),
        page("ledger", &ledger(look)),
        page("ledger-entries", &entries(ledger_rows(look), pager(4))),
        page("ledger-entries-empty", &entries(Vec::new(), Pager::default())),
        page("ledger-proof", &proof(look, true)),
        page("ledger-proof-hidden", &proof(look, false)),
    ]
}

fn page(name: &'static str, view: &impl askama::Template) -> Page {
    (name, render(view).expect("templates only fail on a failing writer"))
}

fn plan_rows(look: Look) -> Vec<PlanRow> {
    let row = |id: &str, zh: &str, en: &str, active, errors, warnings, incidents| PlanRow {
        id: id.to_owned(),
        href: format!("/plans/{id}"),
        title: look.say(zh, en),
        issuer: look.say("晋城市人民政府办公厅", "General Office of the Jincheng City People's Government"),
        document: "晋市政办[2008]2号".to_owned(),
        in_force: "2008-01-04".to_owned(),
        active,
        in_force_now: true,
        errors,
        warnings,
        incidents,
    };
    vec![
        row(
            "jincheng-internet-2008",
            "晋城市互联网网络安全应急预案",
            "Jincheng Internet Network Security Contingency Plan",
            true,
            0,
            3,
            14,
        ),
        row(
            "jincheng-egov-2008",
            "晋城市电子政务网络安全应急预案",
            "Jincheng E-Government Network Security Contingency Plan",
            false,
            1,
            0,
            0,
        ),
        row("sample", "示例预案", "Sample plan", false, 0, 0, 0),
    ]
}

/// A text in Chinese and in English.
type Both<'a> = (&'a str, &'a str);

fn plan(look: Look) -> PlanPage {
    let rule = |anchor: &str,
                zh: &str,
                en: &str,
                says: (&str, &str),
                parts: &[(Both<'_>, Both<'_>)],
                when: &str,
                level,
                is_default| PlanRule {
        anchor: format!("rule-{anchor}"),
        title: look.say(zh, en),
        says: look.say(says.0, says.1),
        parts: parts
            .iter()
            .map(|(name, text)| (look.say(name.0, name.1), look.say(text.0, text.1)))
            .collect(),
        when: when.to_owned(),
        clause: clause(anchor),
        level,
        is_default,
    };
    let section = |id: &str, zh: &str, en: &str, rules| PlanSection {
        id: id.to_owned(),
        title: look.say(zh, en),
        rules,
    };
    let oral = [
        (("责任单位", "Owes it"), ("事发单位", "the affected unit")),
        (("接收单位", "To"), ("市网安办值班室", "security office duty room")),
        (("起算", "Starts"), ("单位知悉", "the unit became aware")),
        (("期限", "Within"), ("30 分钟", "30 minutes")),
        (("完成条件", "Met by"), ("一次口头报告", "an oral report")),
    ];
    PlanPage {
        shell: look.shell(
            "晋城市互联网网络安全应急预案",
            "Jincheng Internet Network Security Contingency Plan",
            Section::Plans,
        ),
        id: "jincheng-internet-2008".to_owned(),
        title: look
            .say("晋城市互联网网络安全应急预案", "Jincheng Internet Network Security Contingency Plan"),
        issuer: look.say("晋城市人民政府办公厅", "General Office of the Jincheng City People's Government"),
        document: "晋市政办[2008]2号".to_owned(),
        in_force: look.say("自 2008-01-04 起施行", "in force since 2008-01-04"),
        fingerprint: "sha256:9f86d081884c7d659a2feaa0c55ad015a3bf4f1b2b0b822cd15d6c15b0f00a08".to_owned(),
        zone: "Asia/Shanghai".to_owned(),
        findings: vec![
            Finding {
                weight: FindingWeight::Warning,
                place: "roles.headquarters".to_owned(),
                text: look.say("没有人担任“应急处置指挥部”。", "Nobody holds \"response headquarters\"."),
                advice: look.say(
                    "在“用户”中指定至少一人，或确认由市网安办代行。",
                    "Name at least one person under Users, or confirm that the security office acts instead.",
                ),
            },
            Finding {
                weight: FindingWeight::Note,
                place: "plan.yaml:212:7".to_owned(),
                text: look.say(
                    "III、IV 级条件相同的一半须由人判断。",
                    "The half that levels III and IV share needs a person's judgement.",
                ),
                advice: String::new(),
            },
        ],
        sections: vec![
            section(
                "levels",
                "级别",
                "Levels",
                vec![
                    rule(
                        "2.2.1",
                        "I 级条件",
                        "Level I",
                        (
                            "扩散性很强，重要信息系统大面积瘫痪，影响社会稳定，并衍生其他重大安全事件。",
                            "Spreads very strongly, paralyses important systems over a large area, affects social stability and gives rise to other major events.",
                        ),
                        &[],
                        "facts.spread == \"very-strong\" && facts.citywide_paralysis && facts.social_stability_affected",
                        Some(Level::I),
                        false,
                    ),
                    rule(
                        "2.2.2",
                        "II 级条件",
                        "Level II",
                        ("扩散性强，或涉及国计民生的重要信息系统。", "Spreads strongly, or a vital system."),
                        &[],
                        "facts.spread == \"strong\" || facts.livelihood_system",
                        Some(Level::II),
                        false,
                    ),
                    rule(
                        "2.2.3",
                        "III 级条件",
                        "Level III",
                        ("基本无扩散性，或个别单位。", "Practically no spread, or individual units."),
                        &[],
                        "facts.spread == \"practically-none\"",
                        Some(Level::III),
                        false,
                    ),
                    rule(
                        "2.2.4",
                        "IV 级条件",
                        "Level IV",
                        ("无扩散性，或个别单位。", "No spread, or individual units."),
                        &[],
                        "",
                        Some(Level::IV),
                        false,
                    ),
                ],
            ),
            section(
                "clocks",
                "时限",
                "Clocks",
                vec![
                    rule(
                        "5.1.3.a",
                        "口头首报",
                        "Oral first report",
                        (
                            "一般事件，事发单位须在半小时内向市网安办值班室口头报告。",
                            "For a general event the unit reports orally to the security office's duty room within half an hour.",
                        ),
                        &oral,
                        "incident.level == \"IV\"",
                        None,
                        false,
                    ),
                    rule(
                        "6.2",
                        "调查与评估",
                        "Review",
                        (
                            "市网安办会同有关单位开展调查与评估。",
                            "The security office investigates and evaluates with the unit.",
                        ),
                        &oral[..2],
                        "",
                        None,
                        true,
                    ),
                ],
            ),
        ],
        defaults: vec![PlanDefault {
            clause: clause("6.2"),
            question: look.say("调查与评估没有规定期限。", "No deadline is given for the review."),
            answer: look.say(
                "响应结束后 30 天内，与国家预案一致。",
                "Within 30 days of the end, as in the national plan.",
            ),
        }],
    }
}

fn ledger(look: Look) -> LedgerPage {
    LedgerPage {
        shell: look.shell("账本", "Ledger", Section::Ledger),
        origin: "jincheng.example/fengsui".to_owned(),
        size: 2207,
        root: "CsUYapGGPo4dkMgIAUqom/Xajj7h2fB2MPA3j2jxq2I=".to_owned(),
        signed_at: look.at(-8),
        checkpoint: "jincheng.example/fengsui\n2207\nCsUYapGGPo4dkMgIAUqom/Xajj7h2fB2MPA3j2jxq2I=\n\n— jincheng.example/fengsui Az3grlgtzPICa5OS8npVmf1Myq/5IZniMp+ZJurmRDeOoRDe4URYN7u5/Zhcyv2q1gGzGku9nTo+zyWE+xeMcTOAYQ8=\n".to_owned(),
        verifier_key: "jincheng.example/fengsui+c74f20a3+ARpc2QcUPDhMQegwxbzhKqiBfsVkmqq/LDE4izWy10TW".to_owned(),
        commands: vec!["fengsui ledger verify https://desk.jincheng.example".to_owned(), "fengsui ledger verify ./fengsui-export-2026-11-22.tar.zst".to_owned()],
        may_list: true,
    }
}

fn ledger_rows(look: Look) -> Vec<LedgerRow> {
    let row = |index: u64, seconds, who: usize, kind: &str, subject: &str| LedgerRow {
        index,
        href: format!("/ledger/entries/{index}"),
        at: look.at(seconds),
        by: look.person(who).name,
        kind: kind.to_owned(),
        subject: subject.to_owned(),
        hash: "0ac5186a91863e8e1d90c80801 4aa89bf5da8e3ee1d9f07630f0378f68f1ab62".replace(' ', ""),
    };
    vec![
        row(2206, -8, 0, "event.triaged", "E-2026-0115"),
        row(2205, -310, 1, "response.proposed", "JC-2026-0012"),
        row(2204, -751, 5, "clock.lapsed", "JC-2026-0012"),
        row(2203, -1200, 0, "report.recorded", "JC-2026-0012"),
    ]
}

fn proof(look: Look, readable: bool) -> EntryProof {
    EntryProof {
        shell: look.shell("账目 #2204", "Entry #2204", Section::Ledger),
        index: 2204,
        at: look.at(-751),
        by: look.person(5).name,
        kind: "clock.lapsed".to_owned(),
        subject: readable.then(|| ("JC-2026-0012".to_owned(), "/incidents/JC-2026-0012".to_owned())),
        content: readable.then(|| "{\n  \"v\": 1,\n  \"type\": \"clock.lapsed\",\n  \"clock\": \"oral-report-party\",\n  \"due_at\": \"2026-11-22T05:52:38Z\"\n}".to_owned()),
        leaf_hash: "CsUYapGGPo4dkMgIAUqom/Xajj7h2fB2MPA3j2jxq2I=".to_owned(),
        path: vec!["qW8QG0m5xrbSbYl5ZpI0Yy2tKQkX5c1m7v4mXQkU1pY=".to_owned(); 5],
        tree_size: 2207,
        root: "CsUYapGGPo4dkMgIAUqom/Xajj7h2fB2MPA3j2jxq2I=".to_owned(),
        checked: readable,
        command: "fengsui ledger verify --entry 2204 https://desk.jincheng.example".to_owned(),
        previous: Some("/ledger/entries/2203".to_owned()),
        next: Some("/ledger/entries/2205".to_owned()),
    }
}
