//! The desk and the way to it: set-up, signing in, the desk itself, events.

use std::fmt::Write as _;

use fengsui_server::console::view::account::{Account, PasswordLink, Session, Setup, SignIn, TotpEnrolment};
use fengsui_server::console::view::desk::{ApprovalRow, Desk, Tally};
use fengsui_server::console::view::event::{
    EventList, EventNew, EventPage, EventRow, EvidenceLine, PlanChoice, Reporter, SightingRow, TriageRecord,
};
use fengsui_server::console::view::form::{FieldProblem, Form, Forms};
use fengsui_server::console::view::parts::{Gate, Pager, Point};
use fengsui_server::console::view::render;
use fengsui_server::console::view::shell::{Counts, Flash, Shell};
use fengsui_server::console::view::words::{
    ApprovalKind, ClockState, EventState, IndicatorKind, Notice, ReportForm, Section, TriageOutcome,
};

use super::Page;
use super::sample::{Look, clause, forms, pager, proof};

pub(crate) fn pages(look: Look) -> Vec<Page> {
    [account_pages(look), desk_pages(look), event_pages(look)].concat()
}

fn page(name: &'static str, view: &impl askama::Template) -> Page {
    (name, render(view).expect("templates only fail on a failing writer"))
}

fn account_pages(look: Look) -> Vec<Page> {
    let setup = |form: Form| Setup {
        shell: look.gate("初始设置", "Set-up"),
        form,
        action: "/setup/8mZk".to_owned(),
        expires: None,
        password_min: 12,
    };
    let sign_in = |form: Form, shell: Shell| SignIn { shell, form, next: "/".to_owned() };
    let failed = Form::new("setup")
        .with("admin_name", "Admin")
        .with("admin_display", look.say("刘工", "Liu Gong"))
        .fail("admin_name", look.lang.t("user-name"), FieldProblem::Taken.text(look.lang))
        .fail("officer_password", look.lang.t("password"), FieldProblem::TooShort(12).text(look.lang));
    let wrong = Form::new("sign-in")
        .with("name", "wang.min")
        .fail_all(look.say("登录名或密码不正确。", "The sign-in name or the password is wrong."));
    let signed_out =
        Shell { flash: Some(Flash::done(look.lang, Notice::SignedOut)), ..look.gate("登录", "Sign in") };
    vec![
        page("setup", &setup(Form::new("setup"))),
        page("setup-error", &setup(failed)),
        page(
            "link",
            &PasswordLink {
                shell: look.gate("设置密码", "Choose a password"),
                form: Form::new("link").fail(
                    "password_again",
                    look.lang.t("password-again"),
                    FieldProblem::Mismatch.text(look.lang),
                ),
                action: "/link/8mZk".to_owned(),
                name: "wang.min".to_owned(),
                expires: look.at(86400),
                password_min: 12,
            },
        ),
        page(
            "totp",
            &TotpEnrolment {
                shell: look.gate("绑定动态口令", "Enrol a second factor"),
                form: Form::new("totp"),
                action: "/totp".to_owned(),
                name: "wang.min".to_owned(),
                secret: "JBSW Y3DP EHPK 3PXP JBSW Y3DP EHPK 3PXP".to_owned(),
                uri: "otpauth://totp/Fengsui:wang.min?secret=JBSWY3DPEHPK3PXPJBSWY3DPEHPK3PXP&issuer=Fengsui"
                    .to_owned(),
                qr_svg: qr_like(),
                later: Some("/".to_owned()),
            },
        ),
        page("sign-in", &sign_in(Form::new("sign-in"), signed_out)),
        page("sign-in-error", &sign_in(wrong, look.gate("登录", "Sign in"))),
        page("account", &account(look)),
    ]
}

fn account(look: Look) -> Account {
    let session = |id: &str, zh: &str, en: &str, since, current| Session {
        id: id.to_owned(),
        device: look.say(zh, en),
        since: look.at(since),
        last_used: look.at(since / 8),
        current,
    };
    Account {
        shell: look.shell("我的账户", "My account", Section::Account),
        name: "wang.min".to_owned(),
        display_name: look.person(0).name,
        roles: look.say("值班员，市网安办", "Duty officer, city security office"),
        totp_on: false,
        password_min: 12,
        forms: forms([Form::new("password").fail(
            "current",
            look.lang.t("password-current"),
            look.say("当前密码不正确。", "The current password is wrong."),
        )]),
        sessions: vec![
            session("s1", "Linux 上的 Firefox，10.1.4.20", "Firefox on Linux, 10.1.4.20", -4000, true),
            session("s2", "安卓手机浏览器，10.1.9.7", "Browser on Android, 10.1.9.7", -90_000, false),
        ],
    }
}

/// Looks like a QR code; a real one comes from the server.
fn qr_like() -> String {
    let mut cells = String::new();
    for (y, x) in (0..25_u32).flat_map(|y| (0..25_u32).map(move |x| (y, x))) {
        let finder = |fx: u32, fy: u32| {
            let (dx, dy) = (x.wrapping_sub(fx), y.wrapping_sub(fy));
            (dx < 7 && dy < 7).then_some(
                dx == 0 || dx == 6 || dy == 0 || dy == 6 || (2..5).contains(&dx) && (2..5).contains(&dy),
            )
        };
        let dark =
            finder(0, 0).or(finder(18, 0)).or(finder(0, 18)).unwrap_or((x * x + y * 7 + x * y) % 3 == 0);
        if dark {
            write!(cells, "M{x} {y}h1v1h-1z").expect("a string does not fail");
        }
    }
    format!(
        "<svg xmlns=\"http://www.w3.org/2000/svg\" viewBox=\"0 0 25 25\" fill=\"#000\" aria-hidden=\"true\"><path d=\"{cells}\"/></svg>"
    )
}

fn desk_pages(look: Look) -> Vec<Page> {
    let mut calm = calm_desk(look);
    calm.shell.counts = Counts::default();
    calm.shell.flash = Some(Flash::done(look.lang, Notice::EventSaved));
    let mut drill = calm_desk(look);
    drill.shell.drill = true;
    drill.mine = busy_desk(look).mine;
    vec![page("desk", &busy_desk(look)), page("desk-calm", &calm), page("desk-drill", &drill)]
}

fn calm_desk(look: Look) -> Desk {
    Desk {
        shell: Shell { live: true, ..look.shell("值班台", "Duty desk", Section::Desk) },
        acting_for: look
            .say("您代表：市网安办、市网安办值班室", "You act for: city security office, its duty room"),
        mine: Vec::new(),
        nobody: Vec::new(),
        all: Vec::new(),
        all_more: 0,
        tally: Tally::default(),
        events: Vec::new(),
        events_more: 0,
        approvals: Vec::new(),
    }
}

fn busy_desk(look: Look) -> Desk {
    use ClockState::{DueSoon, Lapsed, Overdue, Running};
    use ReportForm::{Oral, Written};
    Desk {
        mine: vec![
            look.clock(2, -751, Overdue, Some(Oral), 0),
            look.clock(4, 431, DueSoon, None, 0),
            look.clock(3, 3540, Running, Some(Written), 0),
            look.clock(5, 86400 * 12 + 11_000, Running, None, 3),
        ],
        nobody: vec![look.clock(7, -95, Overdue, Some(Oral), 4), look.clock(0, 1240, DueSoon, Some(Oral), 2)],
        all: vec![
            look.clock(1, -7200, Lapsed, Some(Written), 1),
            look.clock(8, 905, DueSoon, Some(Oral), 1),
            look.clock(9, 2400, Running, Some(Written), 2),
            look.clock(6, 86400 * 20, Running, None, 3),
        ],
        all_more: 7,
        tally: Tally { overdue: 3, soon: 3, running: 11 },
        events: events(look).into_iter().filter(|event| event.state == EventState::New).collect(),
        events_more: 2,
        approvals: approvals(look),
        ..calm_desk(look)
    }
}

fn approvals(look: Look) -> Vec<ApprovalRow> {
    let row = |kind, zh: &str, en: &str, incident: usize, who: usize, since, not_you| ApprovalRow {
        kind,
        text: look.say(zh, en),
        href: format!("/incidents/{}/response#decide", look.incident(incident).number),
        incident: look.incident(incident),
        by: Some(look.person(who)),
        since: look.at(since),
        not_you,
    };
    vec![
        row(ApprovalKind::Response, "启动 II 级响应", "Start a level II response", 0, 1, -310, None),
        row(
            ApprovalKind::Disposal,
            "处置方案 v2：隔离并重装门户服务器",
            "Disposal plan v2: isolate and rebuild the portal server",
            0,
            2,
            -1500,
            Some(look.say("您参与了检验，须由他人批准。", "You verified it; somebody else must approve it.")),
        ),
        row(
            ApprovalKind::Extension,
            "调查与评估延期至 12 月 20 日",
            "Extend the review until 20 December",
            3,
            1,
            -86_000,
            None,
        ),
        row(ApprovalKind::Publication, "致重点单位通报", "Bulletin to key units", 1, 0, -4000, None),
    ]
}

fn events(look: Look) -> Vec<EventRow> {
    let row =
        |n: u32, zh: &str, en: &str, source: usize, state, sightings, evidence, first: i64, last: i64| {
            EventRow {
                number: format!("E-2026-{n:04}"),
                href: format!("/events/E-2026-{n:04}"),
                title: look.say(zh, en),
                source: look.sources()[source].text.clone(),
                state,
                sightings,
                evidence,
                first_seen: look.at(first),
                last_seen: look.at(last),
            }
        };
    vec![
        row(
            118,
            "跳板机 SSH 口令爆破，来源 218.92.0.0/16",
            "SSH password guessing on the jump host from 218.92.0.0/16",
            0,
            EventState::New,
            1842,
            50,
            -2400,
            -12,
        ),
        row(
            117,
            "内网主机连接已知挖矿域名 pool.minexmr.example",
            "Inside host talks to known mining domain pool.minexmr.example",
            0,
            EventState::New,
            37,
            37,
            -5400,
            -240,
        ),
        row(
            116,
            "市民来电：收到冒充社保局的短信链接",
            "A citizen calls: text message posing as the social security bureau",
            2,
            EventState::New,
            0,
            0,
            -6100,
            -6100,
        ),
        row(
            115,
            "市政务服务网首页被篡改",
            "Home page of the city service portal defaced",
            2,
            EventState::Incident,
            3,
            12,
            -9000,
            -7200,
        ),
        row(
            114,
            "省通信管理局通报：路由器漏洞被利用",
            "Provincial circular: router vulnerability exploited",
            1,
            EventState::NotOurs,
            0,
            0,
            -90_000,
            -90_000,
        ),
        row(
            113,
            "漏洞扫描误触发入侵规则",
            "Our own scan set off an intrusion rule",
            0,
            EventState::FalsePositive,
            410,
            50,
            -190_000,
            -188_000,
        ),
    ]
}

fn event_pages(look: Look) -> Vec<Page> {
    let new = |form: Form| EventNew {
        shell: look.shell("上报事件", "Report an event", Section::Events),
        form,
        sources: look.sources(),
        units: look.bodies().into_iter().map(|body| body.text).collect(),
        zone: "UTC+8".to_owned(),
    };
    let fresh = Form::new("event").with("became_aware_at", "2026-11-22T14:05").with("source", "report");
    let failed = fresh
        .clone()
        .with("details", look.say("网站打不开，页面变黑。", "The site is black and does not answer."))
        .with("reporter_name", look.say("陈立", "Chen Li"))
        .with("became_aware_at", "2026-11-23T09:00")
        .fail("title", look.lang.t("event-title"), FieldProblem::Required.text(look.lang))
        .fail("became_aware_at", look.lang.t("event-aware-at"), FieldProblem::InFuture.text(look.lang));
    let list = |rows: Vec<EventRow>, pager: Pager| EventList {
        shell: look.shell("事件线索", "Events", Section::Events),
        form: Form::new("filter").with("state", "new"),
        sources: look.sources(),
        rows,
        pager,
    };
    let triage_failed = forms([Form::new("triage-false-positive")
        .with("done", look.say("已调整规则阈值。", "Raised the rule's threshold."))
        .fail("reason", look.lang.t("triage-reason"), FieldProblem::Required.text(look.lang))]);
    vec![
        page("event-new", &new(fresh)),
        page("event-new-error", &new(failed)),
        page("events", &list(events(look), pager(6))),
        page("events-empty", &list(Vec::new(), Pager::default())),
        page("event", &event(look, Forms::default())),
        page("event-error", &event(look, triage_failed)),
        page("event-judged", &event_judged(look)),
    ]
}

fn event(look: Look, forms: Forms) -> EventPage {
    let line = |line, text: &str, weak| EvidenceLine {
        file: "/var/log/auth.log".to_owned(),
        line: Some(line),
        text: text.to_owned(),
        indicator: "218.92.0.31".to_owned(),
        list: look.say("省网安通报 2026-11", "Provincial circular 2026-11"),
        weak,
        at: Some(look.at(-2400)),
    };
    EventPage {
        shell: look.shell("E-2026-0118", "E-2026-0118", Section::Events),
        number: "E-2026-0118".to_owned(),
        title: look.say(
            "跳板机 SSH 口令爆破，来源 218.92.0.0/16",
            "SSH password guessing on the jump host from 218.92.0.0/16",
        ),
        state: EventState::New,
        source: look.sources()[0].text.clone(),
        unit: look.say("市政务服务中心", "City service centre"),
        asset: "bastion-02".to_owned(),
        points: look.points(false),
        received_at: look.at(-2390),
        became_aware_at: Some(look.at(-2400)),
        occurred_at: None,
        reporter: Some(Reporter {
            name: "陈*".to_owned(), phone: "138****0021".to_owned(), revealed: false
        }),
        evidence: vec![
            line(
                20_411,
                "Nov 22 13:25:09 bastion-02 sshd[24680]: Failed password for invalid user oracle from 218.92.0.31 port 41824 ssh2",
                false,
            ),
            line(
                20_412,
                "Nov 22 13:25:11 bastion-02 sshd[24682]: Failed password for root from 218.92.0.31 port 41830 ssh2",
                false,
            ),
            line(
                20_977,
                "Nov 22 13:41:57 bastion-02 sshd[25110]: Received disconnect from 218.92.0.31: 11: Bye Bye [preauth]",
                true,
            ),
        ],
        evidence_more: 47,
        sightings: sightings(look),
        amendments: vec![look.act(-900, 0, "补充了影响范围", "completed the impact")],
        triages: Vec::new(),
        incident: None,
        amend: Gate::Open,
        triage: Gate::Open,
        reopen: Gate::Hidden,
        receipt: Gate::Hidden,
        bodies: look.bodies(),
        categories: look.choices(&[
            ("attack", "攻击类事件", "Attack"),
            ("fault", "故障类事件", "Fault"),
            ("disaster", "灾害类事件", "Disaster"),
        ]),
        facts: look.facts(),
        plans: [("晋城市互联网网络安全应急预案", "Jincheng internet plan"), ("国家预案", "National plan")]
            .into_iter()
            .enumerate()
            .map(|(place, (zh, en))| PlanChoice {
                title: look.say(zh, en),
                href: "/events/E-2026-0118?plan=x#triage".to_owned(),
                chosen: place == 0,
            })
            .collect(),
        plan: "jincheng-internet-2008".to_owned(),
        clauses: ["5.1.5.2.1", "5.1.5.2.2", "5.1.5.2.3"].map(|number| Some(clause(number))),
        revision: 3,
        forms,
    }
}

fn event_judged(look: Look) -> EventPage {
    let record = |outcome, seconds, who, replaced, details: Vec<(String, String)>| TriageRecord {
        outcome,
        act: look.act(seconds, who, "", ""),
        details: details.into_iter().map(|(title, text)| Point { title, text, clause: None }).collect(),
        replaced,
        proof: Some(proof(2190)),
    };
    EventPage {
        state: EventState::Incident,
        points: look.points(true),
        occurred_at: Some(look.at(-4000)),
        reporter: Some(Reporter {
            name: look.person(3).name,
            phone: "0356-2026110".to_owned(),
            revealed: true,
        }),
        triages: vec![
            record(
                TriageOutcome::Incident,
                -1800,
                0,
                false,
                vec![(look.say("暂定级别", "Provisional level"), look.say("III 较大", "III Larger"))],
            ),
            record(
                TriageOutcome::FalsePositive,
                -2300,
                0,
                true,
                vec![
                    (look.say("误报原因", "Why"), look.say("以为是内部扫描", "Thought to be our own scan")),
                    (look.say("处理情况", "What was done"), look.say("联系运维核实", "Asked operations")),
                ],
            ),
        ],
        incident: Some(look.incident(2)),
        amend: Gate::Open,
        reopen: Gate::Open,
        receipt: Gate::Open,
        triage: super::sample::closed(
            look,
            "已成为安全事件，如需改判请在事件页更正。",
            "It has become an incident; correct it on the incident's page.",
        ),
        ..event(look, Forms::default())
    }
}

pub(crate) fn sightings(look: Look) -> Vec<SightingRow> {
    let row =
        |indicator: &str, kind, asset: &str, count, first: i64, last: i64, event: Option<&str>| SightingRow {
            indicator: indicator.to_owned(),
            kind: Some(kind),
            list: look.say("省网安通报 2026-11", "Provincial circular 2026-11"),
            asset: asset.to_owned(),
            count,
            first_seen: look.at(first),
            last_seen: look.at(last),
            event: event.map(|number| (number.to_owned(), format!("/events/{number}"))),
        };
    vec![
        row("218.92.0.0/16", IndicatorKind::Ip, "bastion-02", 1842, -2400, -12, Some("E-2026-0118")),
        row("pool.minexmr.example", IndicatorKind::Domain, "10.1.7.33", 37, -5400, -240, Some("E-2026-0117")),
        row(
            "update.example/payload/very/long/path/that/has/to/break/somewhere/on/a/phone.bin",
            IndicatorKind::Url,
            "10.1.7.34",
            2,
            -5100,
            -5000,
            None,
        ),
        row(
            "44d88612fea8a8f36de82e1278abb02f44d88612fea8a8f36de82e1278abb02f",
            IndicatorKind::Hash,
            "mail-gw-01",
            1,
            -8000,
            -8000,
            None,
        ),
        row("203.0.113.9:4444", IndicatorKind::IpPort, "web-03", 4, -9000, -8400, Some("E-2026-0115")),
    ]
}
