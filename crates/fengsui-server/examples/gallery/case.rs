//! Incidents: the list and every tab, at several points of their life.

use fengsui_server::console::view::form::{FieldProblem, Form, Forms};
use fengsui_server::console::view::incident::clocks::{Aware, ClockCard, ClockPast, Clocks, Escalation};
use fengsui_server::console::view::incident::closing::{
    Closing, Derived, Filing, Publication, Review, Topic,
};
use fengsui_server::console::view::incident::disposal::{Disposal, DisposalVersion, Stage};
use fengsui_server::console::view::incident::evidence::{CustodyStep, Evidence, EvidenceItem};
use fengsui_server::console::view::incident::overview::{Flip, GradeRecord, LevelWhy, Overview, RuleTested};
use fengsui_server::console::view::incident::people::{Holder, People, RoleRow};
use fengsui_server::console::view::incident::reports::{DutyCell, GridCell, GridRow, ReportEntry, Reports};
use fengsui_server::console::view::incident::response::{
    EndCondition, EndPanel, Headquarters, Pending, Response, RightRow,
};
use fengsui_server::console::view::incident::timeline::{Day, Entry, Timeline};
use fengsui_server::console::view::incident::{IncidentHead, IncidentList, IncidentRow, PhaseStep};
use fengsui_server::console::view::parts::{Choice, Condition, Gate, LevelMark, Pager};
use fengsui_server::console::view::render;
use fengsui_server::console::view::shell::{Flash, Shell};
use fengsui_server::console::view::words::{
    ClockEnd, ClockState, DisposalStage, DisposalState, DutyMark, IncidentTab, Level, Means, Notice, Phase,
    PublicationState, ReportForm, ReportKind, ResponseState, ResponseStep, Section, Step, Truth,
};

use super::Page;
use super::sample::{Look, clause, closed, forms, pager, proof};

pub(crate) fn pages(look: Look) -> Vec<Page> {
    vec![
        page("incidents", &list(look, rows(look), pager(5))),
        page("incidents-empty", &list(look, Vec::new(), Pager::default())),
        page("incident", &overview(look)),
        page("incident-ungraded", &ungraded(look)),
        page("incident-clocks", &clocks(look)),
        page(
            "incident-clocks-empty",
            &Clocks { open: Vec::new(), past: Vec::new(), forms: Forms::default(), ..clocks(look) },
        ),
        page("incident-reports", &reports(look, Forms::default())),
        page("incident-reports-error", &reports(look, report_errors(look))),
        page(
            "incident-reports-empty",
            &Reports {
                grid: Vec::new(),
                addressees: Vec::new(),
                reports: Vec::new(),
                record: closed(look, "您不代表任何报告单位。", "You act for none of the reporting bodies."),
                ..reports(look, Forms::default())
            },
        ),
        page("incident-response", &response(look)),
        page("incident-response-start", &response_start(look)),
        page(
            "incident-response-direct",
            &Response {
                propose: Gate::Hidden,
                start: Gate::Open,
                forms: Forms::default(),
                ..response_start(look)
            },
        ),
        page("incident-response-end", &response_end(look)),
        page("incident-disposal", &disposal(look)),
        page("incident-disposal-deciding", &deciding(look)),
        page("incident-disposal-executing", &executing(look)),
        page("incident-disposal-empty", &Disposal { versions: Vec::new(), ..disposal(look) }),
        page("incident-evidence", &evidence(look)),
        page("incident-evidence-empty", &Evidence { items: Vec::new(), ..evidence(look) }),
        page("incident-people", &people(look)),
        page("incident-closing", &closing(look)),
        page("incident-closed", &closing_done(look)),
        page("incident-timeline", &timeline(look)),
        page(
            "incident-timeline-empty",
            &Timeline { days: Vec::new(), pager: Pager::default(), ..timeline(look) },
        ),
    ]
}

fn page(name: &'static str, view: &impl askama::Template) -> Page {
    (name, render(view).expect("templates only fail on a failing writer"))
}

fn shell(look: Look) -> Shell {
    let incident = look.incident(0);
    let mut shell = look.shell("", "", Section::Incidents);
    shell.title = format!("{} {}", incident.number, incident.title);
    shell
}

fn mark(level: Level, confirmed: bool) -> LevelMark {
    LevelMark { level, confirmed }
}

fn list(look: Look, rows: Vec<IncidentRow>, pager: Pager) -> IncidentList {
    IncidentList {
        shell: look.shell("安全事件", "Incidents", Section::Incidents),
        form: Form::new("filter"),
        rows,
        pager,
    }
}

fn rows(look: Look) -> Vec<IncidentRow> {
    let row = |which: usize, phase, unit_zh: &str, unit_en: &str, opened: i64, next| {
        let x = look.incident(which);
        IncidentRow {
            number: x.number,
            href: x.href,
            title: x.title,
            level: x.level,
            phase,
            unit: look.say(unit_zh, unit_en),
            opened_at: look.at(opened),
            next,
        }
    };
    let mut rows = vec![
        row(
            4,
            Phase::Analysing,
            "城区人民医院",
            "District hospital",
            -600,
            Some(look.countdown(-95, ClockState::Overdue)),
        ),
        row(
            0,
            Phase::Graded,
            "市政务服务中心",
            "City service centre",
            -7200,
            Some(look.countdown(-751, ClockState::Overdue)),
        ),
        row(
            2,
            Phase::Judged,
            "市政府办公室",
            "City government office",
            -1800,
            Some(look.countdown(1240, ClockState::DueSoon)),
        ),
        row(
            1,
            Phase::Responding,
            "市自来水公司",
            "Water company",
            -90_000,
            Some(look.countdown(905, ClockState::DueSoon)),
        ),
        row(
            3,
            Phase::Ended,
            "市图书馆",
            "City library",
            -86_400 * 10,
            Some(look.countdown(86_400 * 20, ClockState::Running)),
        ),
    ];
    rows.push(IncidentRow {
        level: None,
        next: None,
        phase: Phase::Archived,
        number: "JC-2026-0001".to_owned(),
        ..rows[4].clone()
    });
    rows
}

fn head(look: Look, phase: Phase) -> IncidentHead {
    let incident = look.incident(0);
    let mut ago = -7200;
    let phases = Phase::ALL
        .iter()
        .filter(|each| **each != Phase::Withdrawn)
        .map(|&each| {
            let step = match each.cmp(&phase) {
                std::cmp::Ordering::Less => Step::Done,
                std::cmp::Ordering::Equal => Step::Now,
                std::cmp::Ordering::Greater => Step::Ahead,
            };
            ago += 1700;
            PhaseStep { phase: each, step, at: (each <= phase).then(|| look.at(ago.min(-60))) }
        })
        .collect();
    IncidentHead {
        number: incident.number,
        title: incident.title,
        level: incident.level,
        special: false,
        phase,
        phases,
        unit: look.say("市政务服务中心", "City service centre"),
        category: look.say("攻击类事件", "Attack"),
        plan: look.say("互联网网络安全应急预案（2008-01-04）", "Internet network security plan (2008-01-04)"),
        plan_href: "/plans/jincheng-internet-2008".to_owned(),
        opened_at: look.at(-7200),
        next: Some((
            look.countdown(-751, ClockState::Overdue),
            look.say("市网安办 → 市委值班室（口头）", "security office → Party committee (oral)"),
        )),
        overdue: 1,
        revision: 17,
    }
}

fn condition(look: Look, zh: &str, en: &str, value_zh: &str, value_en: &str, truth: Truth) -> Condition {
    Condition { text: look.say(zh, en), value: look.say(value_zh, value_en), truth }
}

fn why(look: Look) -> LevelWhy {
    use Truth::{False, True, Unknown};
    let rule = |level, zh: &str, en: &str, id: &str, truth, decides, conditions| RuleTested {
        level,
        says: look.say(zh, en),
        clause: clause(id),
        truth,
        conditions,
        decides,
    };
    LevelWhy {
        proposed: Some(Level::II),
        rules: vec![
            rule(
                Level::I,
                "扩散性很强，造成全市重要信息系统大面积瘫痪，影响社会稳定，并衍生其他重大安全事件。",
                "Spreads very strongly, paralyses the city's important systems over a large area, affects social stability and gives rise to other major events.",
                "2.2.1",
                False,
                false,
                vec![
                    condition(
                        look,
                        "扩散性为“很强”",
                        "Spread is \"very strong\"",
                        "扩散性强",
                        "strong",
                        False,
                    ),
                    condition(look, "重要信息系统大面积瘫痪", "Large-area paralysis", "否", "no", False),
                    condition(
                        look,
                        "影响社会稳定",
                        "Social stability affected",
                        "尚不清楚",
                        "not known yet",
                        Unknown,
                    ),
                ],
            ),
            rule(
                Level::II,
                "扩散性强，或发生在涉及国计民生的重要信息系统。",
                "Spreads strongly, or happens in a system on which the economy and people's livelihood depend.",
                "2.2.2",
                True,
                true,
                vec![
                    condition(look, "扩散性为“强”", "Spread is \"strong\"", "扩散性强", "strong", True),
                    condition(look, "涉及国计民生的重要信息系统", "A vital system", "是", "yes", True),
                ],
            ),
        ],
        flips: vec![Flip {
            fact: look
                .say("扩散性：很强（且其余三项成立）", "Spread: very strong (and the other three hold)"),
            level: Level::I,
        }],
        judge: None,
        confirmed_by: look.say("市网安办", "City security office"),
        clause: clause("5.1.5.4"),
    }
}

fn overview(look: Look) -> Overview {
    Overview {
        shell: Shell {
            live: true,
            flash: Some(Flash::done(look.lang, Notice::LevelConfirmed)),
            ..shell(look)
        },
        head: head(look, Phase::Graded),
        tab: IncidentTab::Overview,
        routed: None,
        why: why(look),
        points: look.points(true),
        event: ("E-2026-0115".to_owned(), "/events/E-2026-0115".to_owned()),
        facts: look.facts(),
        verify: Gate::Hidden,
        amend: Gate::Open,
        grade: Gate::Open,
        analysis: analysis(look),
        analyse: Gate::Open,
        categories: look.choices(&[
            ("attack", "攻击类事件", "Attack"),
            ("fault", "故障类事件", "Fault"),
            ("disaster", "灾害类事件", "Disaster"),
        ]),
        categorise: Gate::Open,
        withdraw: Gate::Open,
        grades: vec![
            GradeRecord {
                from: Some(mark(Level::III, false)),
                to: mark(Level::II, true),
                overridden: false,
                reason: String::new(),
                act: look.act(-3600, 1, "", ""),
            },
            GradeRecord {
                from: None,
                to: mark(Level::III, false),
                overridden: true,
                reason: look.say(
                    "拿不准扩散性，先按较高级别处理。",
                    "Unsure about the spread; taking the higher level for now.",
                ),
                act: look.act(-7000, 0, "", ""),
            },
        ],
        derived: vec![(look.incident(2), false), (look.incident(3), true)],
        recent: vec![
            look.act(
                -751,
                5,
                "时限到期：向市委口头报告",
                "clock ran out: oral report to the Party committee",
            ),
            look.act(-1200, 0, "口头报告市网安办值班室", "reported orally to the security office duty room"),
            look.act(-3600, 1, "确认级别 II", "confirmed level II"),
        ],
        forms: forms([
            Form::new("facts")
                .with("fact.spread", "strong")
                .with("fact.livelihood_system", "true")
                .with("fact.units_hit", "7"),
            Form::new("grade").with("level", "II"),
            Form::new("category").with("category", "attack"),
            Form::new("analysis").with("topic.severity", look.say("较重", "considerable")),
        ]),
    }
}

fn analysis(look: Look) -> Vec<Topic> {
    let topic = |id: &str, zh: &str, en: &str, text: &str| Topic {
        id: id.to_owned(),
        title: look.say(zh, en),
        clause: clause("5.1.5.3"),
        text: text.to_owned(),
    };
    vec![
        topic("actual-loss", "已造成的损失", "Losses already caused", ""),
        topic("severity", "严重程度", "Severity", &look.say("较重", "considerable")),
    ]
}

fn ungraded(look: Look) -> Overview {
    let mut view = overview(look);
    let incident = look.incident(4);
    view.shell.flash = None;
    view.head = IncidentHead {
        level: None,
        special: true,
        next: None,
        overdue: 0,
        title: incident.title,
        ..head(look, Phase::Judged)
    };
    view.why.proposed = None;
    view.why.judge = Some(look.say(
        "较大与一般两级都写有“个别单位”，须由人判断扩散性。",
        "Levels III and IV both say \"individual units\"; a person must judge the spread.",
    ));
    for rule in &mut view.why.rules {
        rule.truth = Truth::Unknown;
        rule.decides = false;
    }
    view.why.flips.clear();
    view.verify = Gate::Open;
    view.analysis.clear();
    view.grade = closed(
        look,
        "只有市网安办可以确认级别，您代表的是市网安办值班室。",
        "Only the security office may confirm the level; you act for its duty room.",
    );
    view.grades.clear();
    view.derived.clear();
    view.points = look.points(false);
    view.forms = forms([Form::new("verify").fail(
        "found",
        look.lang.t("verify-found"),
        FieldProblem::Required.text(look.lang),
    )]);
    view
}

fn clocks(look: Look) -> Clocks {
    let card = |id: usize, seconds, state, form, within_zh: &str, within_en: &str, is_default, extend| {
        ClockCard {
        row: look.clock(id, seconds, state, form, 0),
        started_by: look.say("市网安办接到报告", "The security office received the report"),
        started_at: look.at(-4351),
        within: look.say(within_zh, within_en),
        is_default,
        says: look.say(
            "发生重大网络安全事件，市网安办、区县政府、责任单位等在接报后 1 小时内，分别向市委、市政府值班室口头报告。",
            "For a major event the security office, district or county government and responsible unit each report orally to both duty rooms within 1 hour of receiving the report.",
        ),
        met_by: look.say("一次口头报告", "An oral report"),
        escalations: vec![
            Escalation { at: look.at(-2551), to: look.say("值班员", "duty officer"), percent: 50, done: true },
            Escalation { at: look.at(-1111), to: look.say("带班领导", "leader on duty"), percent: 90, done: true },
            Escalation { at: look.at(900), to: look.say("市应急办", "city emergency office"), percent: 100, done: false },
        ],
        extend,
    }
    };
    let past =
        |end, rule_zh: &str, rule_en: &str, id: &str, due: i64, ended: i64, how_zh: &str, how_en: &str| {
            ClockPast {
                rule: look.say(rule_zh, rule_en),
                clause: clause(id),
                obliged: look.say("事发单位", "Affected unit"),
                addressee: look.say("市网安办值班室", "security office duty room"),
                end,
                started_at: look.at(-7200),
                due_at: look.at(due),
                ended_at: look.at(ended),
                how: look.say(how_zh, how_en),
                proof: Some(proof(2101)),
            }
        };
    Clocks {
        shell: shell(look),
        head: head(look, Phase::Graded),
        tab: IncidentTab::Clocks,
        open: vec![
            card(
                2,
                -751,
                ClockState::Overdue,
                Some(ReportForm::Oral),
                "1 小时",
                "1 hour",
                false,
                closed(look, "预案未规定此项可以延期。", "The plan allows no extension here."),
            ),
            card(
                4,
                431,
                ClockState::DueSoon,
                None,
                "立即（容许 10 分钟）",
                "at once (tolerance 10 minutes)",
                true,
                Gate::Hidden,
            ),
            card(5, 86400 * 12, ClockState::Running, None, "30 天", "30 days", true, Gate::Open),
        ],
        past: vec![
            past(
                ClockEnd::Met,
                "口头首报",
                "Oral first report",
                "5.1.3.a",
                -5400,
                -6300,
                "首报",
                "first report",
            ),
            past(
                ClockEnd::MetLate,
                "书面报告",
                "Written report",
                "5.1.3.b",
                -3600,
                -3300,
                "首报，迟 5 分钟",
                "first report, 5 minutes late",
            ),
            past(
                ClockEnd::Replaced,
                "书面报告",
                "Written report",
                "5.1.3.b",
                -1800,
                -3600,
                "升为 II 级",
                "raised to level II",
            ),
            past(ClockEnd::Unmet, "首次处置", "First action", "5.3.1", -6600, -6600, "未办", "not done"),
            past(
                ClockEnd::Extended,
                "调查与评估",
                "Review",
                "6.2",
                86400,
                -600,
                "延至 12 月 20 日",
                "until 20 December",
            ),
        ],
        aware: vec![
            Aware {
                id: "unit".to_owned(),
                body: look.say("事发单位", "Unit where it happened"),
                at: look.at(-7400),
                recorded: true,
                clocks: 2,
                proof: Some(proof(2112)),
            },
            Aware {
                id: "security-office".to_owned(),
                body: look.say("市网安办", "City security office"),
                at: look.at(-7200),
                recorded: false,
                clocks: 0,
                proof: None,
            },
        ],
        correct: Gate::Open,
        forms: Forms::default(),
    }
}

fn reports(look: Look, forms_in: Forms) -> Reports {
    use DutyMark::{AwaitingReceipt, DueSoon, Lapsed, Met, MetLate, None as Nothing, Overdue, Running};
    let cell = |mark, seconds: i64| DutyCell {
        mark,
        countdown: match mark {
            DutyMark::Running => Some(look.countdown(seconds, ClockState::Running)),
            DutyMark::DueSoon => Some(look.countdown(seconds, ClockState::DueSoon)),
            DutyMark::Overdue => Some(look.countdown(seconds, ClockState::Overdue)),
            _ => None,
        },
        at: matches!(mark, DutyMark::Met | DutyMark::MetLate | DutyMark::AwaitingReceipt | DutyMark::Lapsed)
            .then(|| look.at(seconds)),
        href: if mark == DutyMark::None { String::new() } else { "#report-1".to_owned() },
    };
    let row = |zh: &str, en: &str, marks: [(DutyMark, i64); 6]| GridRow {
        body: look.say(zh, en),
        cells: marks
            .chunks(2)
            .map(|pair| GridCell { oral: cell(pair[0].0, pair[0].1), written: cell(pair[1].0, pair[1].1) })
            .collect(),
    };
    let entry = |id: &str, kind, form, seconds, means, receipt, receive| {
        ReportEntry {
        id: id.to_owned(),
        kind,
        form,
        from: look.say("市政务服务中心", "City service centre"),
        to: look.say("市网安办值班室", "security office duty room"),
        at: look.at(seconds),
        spoke_to: if form == ReportForm::Oral { look.say("王敏（值班员）", "Wang Min, duty officer") } else { String::new() },
        means,
        text: look.say(
            "13:20 发现门户网站首页被篡改，已切换静态页面，服务器断网待查。\n影响：办件查询中断。",
            "13:20 home page of the portal found defaced; static page in place, server off the network.\nImpact: case look-up is down.",
        ),
        by: look.person(0),
        receipt,
        receive,
        met: look.say("口头首报", "oral first report"),
        proof: Some(proof(2120)),
    }
    };
    Reports {
        shell: shell(look),
        head: head(look, Phase::Graded),
        tab: IncidentTab::Reports,
        addressees: vec![
            look.say("市网安办值班室", "Security office duty room"),
            look.say("市委值班室", "Party committee duty room"),
            look.say("市政府值班室", "City government duty room"),
        ],
        grid: vec![
            row(
                "事发单位：市政务服务中心",
                "Affected unit: city service centre",
                [
                    (Met, -6300),
                    (MetLate, -3300),
                    (Lapsed, -800),
                    (DueSoon, 900),
                    (Met, -2000),
                    (Running, 3540),
                ],
            ),
            row(
                "市网安办",
                "City security office",
                [
                    (Nothing, 0),
                    (Nothing, 0),
                    (Overdue, -751),
                    (Running, 2849),
                    (Met, -1500),
                    (AwaitingReceipt, -700),
                ],
            ),
            row(
                "城区政府",
                "District government",
                [
                    (Nothing, 0),
                    (Nothing, 0),
                    (DueSoon, 431),
                    (Running, 4031),
                    (DueSoon, 431),
                    (Running, 4031),
                ],
            ),
        ],
        reports: vec![
            entry("2", ReportKind::First, ReportForm::Written, -3300, Means::Document, None, Gate::Open),
            entry(
                "1",
                ReportKind::First,
                ReportForm::Oral,
                -6300,
                Means::Phone,
                Some((look.at(-6200), look.person(0).name, "JZ-1122-07".to_owned())),
                Gate::Hidden,
            ),
        ],
        record: Gate::Open,
        bodies: look.bodies(),
        to: look.choices(&[
            ("security-office", "市网安办值班室", "Security office duty room"),
            ("party", "市委值班室", "Party committee duty room"),
            ("government", "市政府值班室", "City government duty room"),
        ]),
        zone: "UTC+8".to_owned(),
        forms: if forms_in == Forms::default() {
            forms([Form::new("report")
                .with("kind", "first")
                .with("form", "oral")
                .with("from", "security-office")
                .with("to", "party")
                .with("at", "2026-11-22T14:05")])
        } else {
            forms_in
        },
    }
}

fn report_errors(look: Look) -> Forms {
    forms([
        Form::new("report")
            .with("kind", "first")
            .with("form", "oral")
            .with("text", look.say("已电话报告。", "Reported by telephone."))
            .with("at", "2026-13-40")
            .fail("from", look.lang.t("report-from"), FieldProblem::ChooseOne.text(look.lang))
            .fail("at", look.lang.t("time"), FieldProblem::NotATime.text(look.lang))
            .fail("spoke_to", look.lang.t("spoke-to"), FieldProblem::Required.text(look.lang)),
        Form::new("receipt-2").fail("by", look.lang.t("receipt-by"), FieldProblem::Required.text(look.lang)),
    ])
}

fn rights(look: Look) -> Vec<RightRow> {
    let row = |step, propose: (&str, &str), decide: (&str, &str), two_person, id: &str| RightRow {
        step,
        propose: look.say(propose.0, propose.1),
        decide: look.say(decide.0, decide.1),
        notify: String::new(),
        two_person,
        clause: clause(id),
    };
    vec![
        row(
            ResponseStep::Start,
            ("市网安办", "City security office"),
            ("市政府", "City government"),
            true,
            "5.2.2.1.a",
        ),
        row(
            ResponseStep::Adjust,
            ("市网安办", "City security office"),
            ("市政府", "City government"),
            true,
            "5.2.2.1.a",
        ),
        row(
            ResponseStep::End,
            ("应急处置指挥部", "Response headquarters"),
            ("市政府", "City government"),
            true,
            "5.5.1",
        ),
    ]
}

fn response(look: Look) -> Response {
    Response {
        shell: shell(look),
        head: head(look, Phase::Graded),
        tab: IncidentTab::Response,
        state: ResponseState::Proposed,
        delegated: None,
        level: None,
        range: String::new(),
        started_at: None,
        ended_at: None,
        suggested: Some(Level::II),
        rights: rights(look),
        pending: Some(Pending {
            step: ResponseStep::Start,
            level: Level::II,
            range: look.say("全市政务服务系统", "The city's service systems"),
            grounds: look.say("政务服务网为涉及国计民生的系统，后台账户失陷，扩散性强。", "The portal is a vital system, its back-end accounts are compromised, and it spreads strongly."),
            by: look.person(1),
            at: look.at(-310),
            decide: Gate::Open,
        }),
        propose: closed(look, "已有建议等待决定。", "A proposal already awaits its decision."),
        start: Gate::Hidden,
        adjust: Gate::Hidden,
        end: EndPanel {
            all: false,
            conditions: vec![
                end_condition(look, "handled", "处置工作结束", "Handling is over", "5.5.1", false),
                end_condition(look, "danger-removed", "危险已经消除", "The danger is removed", "5.5.1", false),
            ],
            gate: closed(look, "响应尚未启动。", "The response has not been started."),
            proposes: true,
            clause: clause("5.5.1"),
        },
        headquarters: Some(Headquarters {
            decided: None,
            gate: Gate::Open,
            always: false,
            clause: clause("5.2.2.1.b"),
        }),
        actions: vec![
            look.act(-6900, 3, "断开门户服务器网络", "took the portal server off the network"),
            look.act(-6600, 3, "启用静态替代页面", "put up a static page"),
        ],
        act: Gate::Open,
        action_choices: look.choices(&[("isolate", "隔离受影响的系统", "Isolate the system"), ("substitute", "启用替代服务", "Switch to a substitute"), ("preserve", "保全现场和日志", "Preserve scene and logs")]),
        history: vec![look.act(-310, 1, "报请启动 II 级响应", "proposed a level II response")],
        zone: "UTC+8".to_owned(),
        forms: Forms::default(),
    }
}

fn end_condition(look: Look, id: &str, zh: &str, en: &str, at: &str, ticked: bool) -> EndCondition {
    EndCondition {
        id: id.to_owned(),
        title: look.say(zh, en),
        clause: clause(at),
        ticked: ticked.then(|| {
            (look.say("监测 24 小时无异常", "nothing abnormal in 24 hours"), look.person(1), look.at(-600))
        }),
        blocked: None,
    }
}

fn response_start(look: Look) -> Response {
    Response {
        state: ResponseState::None,
        pending: None,
        propose: Gate::Open,
        start: closed(
            look,
            "I、II 级响应由市政府决定；您代表的市网安办可以报请。",
            "The city government decides on level I and II responses; the security office you act for may propose.",
        ),
        headquarters: Some(Headquarters {
            decided: Some((
                true,
                look.say("影响面大，需统一指挥。", "Wide impact; one command is needed."),
                look.act(-200, 4, "", ""),
            )),
            gate: Gate::Hidden,
            always: false,
            clause: clause("5.2.2.1.b"),
        }),
        actions: Vec::new(),
        history: Vec::new(),
        forms: forms([Form::new("propose").with("level", "II").fail(
            "grounds",
            look.lang.t("grounds"),
            FieldProblem::Required.text(look.lang),
        )]),
        ..response(look)
    }
}

fn response_end(look: Look) -> Response {
    let mut conditions = vec![
        end_condition(
            look,
            "normal",
            "系统和业务恢复正常",
            "Systems and business are back to normal",
            "5.5.2",
            true,
        ),
        end_condition(
            look,
            "derived-gone",
            "衍生的其他事件已经消失",
            "Events derived from it are gone",
            "5.5.2",
            false,
        ),
        end_condition(look, "hazard-removed", "安全隐患已经消除", "The hazard is removed", "5.5.2", false),
    ];
    conditions[1].blocked = Some(
        look.say("衍生事件 JC-2026-0013 尚未关闭。", "The derived incident JC-2026-0013 is still open."),
    );
    Response {
        head: head(look, Phase::Responding),
        state: ResponseState::Started,
        level: Some(mark(Level::III, true)),
        range: look.say("市自来水公司", "The water company"),
        started_at: Some(look.at(-86_000)),
        pending: None,
        propose: Gate::Hidden,
        adjust: Gate::Open,
        end: EndPanel { all: true, conditions, gate: Gate::Open, proposes: false, clause: clause("5.5.2") },
        headquarters: None,
        forms: forms([Form::new("end").fail(
            "condition",
            look.lang.t("end-conditions"),
            look.say("三项条件须全部满足。", "All three conditions must hold."),
        )]),
        ..response(look)
    }
}

fn disposal(look: Look) -> Disposal {
    use DisposalStage::{Approve, Draft, Execute, Verify};
    let stage = |stage, step, zh: &str, en: &str, id: &str, who: Option<(usize, i64)>, gate| Stage {
        stage,
        step,
        allowed: look.say(zh, en),
        clause: clause(id),
        by: who.map(|(who, _)| look.person(who)),
        at: who.map(|(_, seconds)| look.at(seconds)),
        remarks: if step == Step::Done && stage == DisposalStage::Verify {
            look.say("步骤 3 前须确认备份可用。", "Check the backup before step 3.")
        } else {
            String::new()
        },
        proof: who.map(|_| proof(2144)),
        gate,
    };
    let version = |number, state, stages| {
        DisposalVersion {
        number,
        state,
        steps: look.say("1. 断网并镜像磁盘（赵雪）\n2. 清除 WebShell，重置后台账户（赵雪）\n3. 从 11 月 21 日备份重建（陈立）\n4. 加固后恢复上线，观察 24 小时（陈立）",
            "1. Take it offline and image the disks (Zhao Xue)\n2. Remove the web shell, reset back-end accounts (Zhao Xue)\n3. Rebuild from the backup of 21 November (Chen Li)\n4. Harden, bring back, watch for 24 hours (Chen Li)"),
        resources: look.say("取证盘 2 块；安全厂商驻场 1 人", "Two evidence disks; one vendor engineer on site"),
        risks: look.say("备份可能已含后门", "The backup may hold the back door"),
        rollback: look.say("继续使用静态页面", "Keep the static page"),
        stages,
        executed: Vec::new(),
        open_steps: Vec::new(),
    }
    };
    Disposal {
        shell: shell(look),
        head: head(look, Phase::Responding),
        tab: IncidentTab::Disposal,
        in_plan: true,
        versions: vec![
            version(
                2,
                DisposalState::Verified,
                vec![
                    stage(
                        Draft,
                        Step::Done,
                        "处置小组",
                        "handling team",
                        "5.2.3.2.a",
                        Some((2, -2400)),
                        Gate::Hidden,
                    ),
                    stage(
                        Verify,
                        Step::Done,
                        "市网安办",
                        "city security office",
                        "5.2.3.2.b",
                        Some((0, -1500)),
                        Gate::Hidden,
                    ),
                    stage(
                        Approve,
                        Step::Now,
                        "应急处置指挥部；未组建时市网安办",
                        "headquarters; without one, the security office",
                        "5.2.3.3",
                        None,
                        closed(
                            look,
                            "您（王敏）检验了此版本，检验与批准须由不同的人承担。可由李卫东批准。",
                            "You (Wang Min) verified this version; verification and approval are for separate people. Li Weidong may approve.",
                        ),
                    ),
                    stage(Execute, Step::Ahead, "处置小组", "handling team", "5.2.3.4", None, Gate::Hidden),
                ],
            ),
            version(
                1,
                DisposalState::Superseded,
                vec![
                    stage(
                        Draft,
                        Step::Done,
                        "处置小组",
                        "handling team",
                        "5.2.3.2.a",
                        Some((2, -4400)),
                        Gate::Hidden,
                    ),
                    stage(
                        Verify,
                        Step::Done,
                        "市网安办",
                        "city security office",
                        "5.2.3.2.b",
                        Some((1, -3900)),
                        Gate::Hidden,
                    ),
                ],
            ),
        ],
        draft: Gate::Open,
        forms: Forms::default(),
    }
}

/// The same plan for somebody who may verify one version and approve it: no such person exists,
/// but both forms are to be seen.
fn deciding(look: Look) -> Disposal {
    let mut view = disposal(look);
    let stages = &mut view.versions[0].stages;
    stages[1].gate = Gate::Open;
    stages[2].gate = Gate::Open;
    view.forms = forms([Form::new("approve").with("decision", "return").fail(
        "remarks",
        look.lang.t("remarks"),
        FieldProblem::Required.text(look.lang),
    )]);
    view
}

/// The same plan once it may be carried out.
fn executing(look: Look) -> Disposal {
    let mut view = disposal(look);
    let current = &mut view.versions[0];
    current.state = DisposalState::Approved;
    current.stages[2] = Stage { stage: DisposalStage::Approve, ..current.stages[1].clone() };
    current.stages[3].step = Step::Now;
    current.stages[3].gate = Gate::Open;
    current.executed = vec![look.act(-100, 2, "步骤 1：磁盘镜像完成", "step 1: disks imaged")];
    current.open_steps = vec![Choice {
        value: "1".to_owned(),
        text: look.say("2. 切换备用站点", "2. switch to the standby site"),
        hint: String::new(),
    }];
    view
}

fn evidence(look: Look) -> Evidence {
    let step = |seconds, who, zh: &str, en: &str| CustodyStep {
        at: look.at(seconds),
        to: look.person(who),
        reason: look.say(zh, en),
        proof: Some(proof(2160)),
    };
    let item = |id: &str, zh: &str, en: &str, file: &str, size: &str, hand_over| EvidenceItem {
        id: id.to_owned(),
        title: look.say(zh, en),
        file: file.to_owned(),
        href: Some(format!("/incidents/JC-2026-0012/evidence/{id}/file")),
        size: size.to_owned(),
        sha256: "9f86d081884c7d659a2feaa0c55ad015a3bf4f1b2b0b822cd15d6c15b0f00a08".to_owned(),
        note: look.say("原始文件，未经编辑。", "Original file, not edited."),
        collected_at: look.at(-6000),
        custody: vec![step(-6000, 3, "提取", "collected"), step(-5000, 2, "取证分析", "forensic analysis")],
        hand_over,
    };
    Evidence {
        shell: shell(look),
        head: head(look, Phase::Responding),
        tab: IncidentTab::Evidence,
        items: vec![
            item("e2", "WebShell 样本", "Web shell sample", "img_up.php", "4.1 KB", Gate::Open),
            item(
                "e1",
                "门户网站访问日志（11 月 22 日）",
                "Access log of the portal, 22 November",
                "access-2026-11-22.log.gz",
                "18.4 MB",
                closed(look, "只有现保管人赵雪可以移交。", "Only Zhao Xue, who holds it, may hand it over."),
            ),
        ],
        add: Gate::Open,
        limit: "64 MB".to_owned(),
        forms: Forms::default(),
        zone: "UTC+8".to_owned(),
    }
}

fn people(look: Look) -> People {
    let row = |id: &str,
               title: (&str, &str),
               duty: (&str, &str),
               at: &str,
               holders,
               fallback: (&str, &str),
               temporary| RoleRow {
        id: id.to_owned(),
        title: look.say(title.0, title.1),
        duty: look.say(duty.0, duty.1),
        clause: clause(at),
        holders,
        fallback: look.say(fallback.0, fallback.1),
        temporary,
    };
    let holder = |who, contact: &str, release| Holder {
        account: format!("u{who}"),
        person: look.person(who),
        since: look.at(-7000),
        contact: contact.to_owned(),
        release,
    };
    People {
        shell: shell(look),
        head: head(look, Phase::Responding),
        tab: IncidentTab::People,
        roles: vec![
            row(
                "security-office",
                ("市网安办", "City security office"),
                ("定级、报请、协调、核定", "Grades, proposes, coordinates, checks"),
                "3.3.2",
                vec![
                    holder(1, "0356-2026001", Gate::Open),
                    holder(
                        0,
                        "0356-2026110",
                        closed(look, "值守中，交接班后方可解除。", "On duty; hand over first."),
                    ),
                ],
                ("市应急联动中心", "the city linkage centre"),
                false,
            ),
            row(
                "headquarters",
                ("应急处置指挥部", "Response headquarters"),
                ("I、II 级事件的统一指挥", "Commands at levels I and II"),
                "3.3.3.a",
                Vec::new(),
                ("市网安办", "The city security office"),
                true,
            ),
            row(
                "handling-team",
                ("处置小组", "Handling team"),
                ("拟订并实施处置方案", "Drafts and executes the disposal plan"),
                "5.4.1",
                vec![holder(2, "", Gate::Open)],
                ("", ""),
                true,
            ),
            row(
                "news-office",
                ("市政府新闻办", "City news office"),
                ("对外发布", "Releases to the public"),
                "6.4.2.b",
                Vec::new(),
                ("", ""),
                false,
            ),
        ],
        assign: Gate::Open,
        role_choices: look.bodies(),
        account_choices: look.choices(&[
            ("u0", "王敏", "Wang Min"),
            ("u1", "李卫东", "Li Weidong"),
            ("u2", "赵雪", "Zhao Xue"),
        ]),
        forms: Forms::default(),
    }
}

fn topics(look: Look, full: bool) -> Vec<Topic> {
    [
        ("cause", "起因", "Cause"),
        ("nature", "性质", "Nature"),
        ("impact", "影响", "Impact"),
        ("responsibility", "责任", "Responsibility"),
        ("lessons", "经验教训", "Lessons"),
        ("recovery", "恢复重建", "Recovery and reconstruction"),
    ]
    .iter()
    .map(|(id, zh, en)| Topic {
        id: (*id).to_owned(),
        title: look.say(zh, en),
        clause: clause("6.2"),
        text: if full {
            look.say(
                "后台弱口令被爆破，攻击者上传 WebShell。",
                "A weak back-end password was guessed and a web shell uploaded.",
            )
        } else {
            String::new()
        },
    })
    .collect()
}

fn closing(look: Look) -> Closing {
    Closing {
        shell: shell(look),
        head: head(look, Phase::Ended),
        tab: IncidentTab::Closing,
        publishes: true,
        blockers: vec![
            look.say(
                "衍生事件 JC-2026-0013 尚未关闭（5.5.2）。",
                "The derived incident JC-2026-0013 is still open (5.5.2).",
            ),
            look.say("调查与评估尚未完成（6.2）。", "The review is not complete (6.2)."),
            look.say(
                "尚未向市网安办备案（6.2.2）。",
                "Nothing was filed with the security office yet (6.2.2).",
            ),
        ],
        derived: vec![Derived {
            incident: look.incident(2),
            how: look.say("被盗账户用于群发钓鱼邮件", "stolen accounts sent phishing mail"),
            closed: false,
            act: look.act(-3000, 0, "", ""),
        }],
        link: Gate::Open,
        publications: vec![Publication {
            id: "p1".to_owned(),
            rule: look.say("重点单位通报", "Bulletin to key units"),
            clause: clause("6.4.1.a"),
            audience: look.say("信息安全重点单位", "key information security units"),
            title: look.say("关于门户网站被篡改的通报", "Bulletin on the defaced portal"),
            text: look.say(
                "请各单位立即检查内容管理后台口令，并核对管理员账户。",
                "Please check the passwords and administrator accounts of your content systems at once.",
            ),
            state: PublicationState::Drafted,
            acts: vec![look.act(-900, 0, "起草", "drafted by")],
            next: Gate::Open,
        }],
        publish: Gate::Open,
        publication_choices: look.choices(&[
            ("key-units", "重点单位通报", "Bulletin to key units"),
            ("public", "向社会发布", "Public release"),
        ]),
        review: Review {
            due: Some(look.countdown(86400 * 29 + 3000, ClockState::Running)),
            led_by: look.say("市网安办会同事发单位", "Security office with the unit"),
            clause: clause("6.2"),
            topics: topics(look, false),
            plan_change_clause: Some(clause("6.2.3")),
            plan_change: None,
            gate: Gate::Open,
            done: None,
        },
        filing: Some(Filing {
            by: look.say("处置小组", "Handling team"),
            to: look.say("市网安办", "City security office"),
            to_choices: look.choices(&[("security-office", "市网安办", "City security office")]),
            clause: clause("6.2.2"),
            due: Some(look.countdown(86400 * 29 + 3000, ClockState::Running)),
            filed: None,
            receipt: None,
            file: Gate::Open,
            receive: Gate::Hidden,
        }),
        archive: closed(look, "还有 3 项未完成。", "Three things are still open."),
        archived: None,
        zone: "UTC+8".to_owned(),
        forms: forms([Form::new("review")
            .with("topic.cause", look.say("后台弱口令。", "A weak back-end password."))
            .fail("plan_change", look.lang.t("plan-change"), FieldProblem::ChooseOne.text(look.lang))]),
    }
}

fn closing_done(look: Look) -> Closing {
    let mut view = closing(look);
    view.head = IncidentHead { next: None, overdue: 0, ..head(look, Phase::Archived) };
    view.blockers.clear();
    view.derived[0].closed = true;
    view.link = Gate::Hidden;
    view.publications[0].state = PublicationState::Approved;
    view.publish = Gate::Hidden;
    view.review.topics = topics(look, true);
    view.review.plan_change =
        Some((true, look.say("补充弱口令核查要求。", "Add a check for weak passwords.")));
    view.review.gate = Gate::Hidden;
    view.review.done = Some(look.act(-4000, 1, "", ""));
    if let Some(filing) = &mut view.filing {
        filing.filed = Some((look.at(-3000), look.person(2), Some(proof(2301))));
        filing.receipt = Some((look.at(-2000), look.person(1).name, "BA-2026-041".to_owned()));
        filing.file = Gate::Hidden;
        filing.receive = Gate::Open;
    }
    view.archive = Gate::Open;
    view.archived = Some(look.act(-60, 1, "归档", "archived by"));
    view.forms = Forms::default();
    view
}

fn timeline(look: Look) -> Timeline {
    let entry = |seconds: i64, who, zh: &str, en: &str, kind: (&str, &str), abnormal, detail: String| {
        let at = look.at(seconds);
        Entry {
            time: at.local[11..].to_owned(),
            at,
            by: look.person(who),
            what: look.say(zh, en),
            detail,
            kind: look.say(kind.0, kind.1),
            abnormal,
            proof: proof(2190 + seconds / 100),
        }
    };
    Timeline {
        shell: shell(look),
        head: head(look, Phase::Graded),
        tab: IncidentTab::Timeline,
        note: Gate::Open,
        forms: Forms::default(),
        form: Form::new("filter"),
        kinds: look.choices(&[
            ("clock", "时限", "Clock"),
            ("report", "报告", "Report"),
            ("grade", "定级", "Level"),
        ]),
        days: vec![
            Day {
                date: "2026-11-22".to_owned(),
                entries: vec![
                    entry(
                        -310,
                        1,
                        "报请启动 II 级响应",
                        "Proposed a level II response",
                        ("响应", "Response"),
                        false,
                        String::new(),
                    ),
                    entry(
                        -751,
                        5,
                        "时限到期未办：市网安办向市委值班室口头报告（5.1.4.a）",
                        "Clock ran out: oral report of the security office to the Party committee (5.1.4.a)",
                        ("时限", "Clock"),
                        true,
                        String::new(),
                    ),
                    entry(
                        -1200,
                        0,
                        "口头首报：市政务服务中心 → 市网安办值班室",
                        "First oral report: city service centre → security office duty room",
                        ("报告", "Report"),
                        false,
                        look.say(
                            "通话对象王敏。内容：首页被篡改，已切换静态页面。",
                            "Spoke to Wang Min. Home page defaced, static page in place.",
                        ),
                    ),
                    entry(
                        -3600,
                        1,
                        "确认级别 II，原暂定 III",
                        "Confirmed level II; it was provisionally III",
                        ("定级", "Level"),
                        false,
                        String::new(),
                    ),
                ],
            },
            Day {
                date: "2026-11-21".to_owned(),
                entries: vec![entry(
                    -86_400,
                    3,
                    "上报事件线索 E-2026-0115",
                    "Reported the event E-2026-0115",
                    ("接报", "Intake"),
                    false,
                    String::new(),
                )],
            },
        ],
        pager: pager(5),
    }
}
