//! Administration, indicators, sources, the node, and what goes wrong.

use fengsui_server::console::view::admin::{
    LinkShown, TokenList, TokenRow, TokenShown, UserList, UserPage, UserRow,
};
use fengsui_server::console::view::form::{FieldProblem, Form, Forms};
use fengsui_server::console::view::parts::{Choice, Gate, Pager};
use fengsui_server::console::view::problem::ProblemKind;
use fengsui_server::console::view::render;
use fengsui_server::console::view::threat::{
    ImportResult, IndicatorLists, ListRow, NodePart, NodeStatus, Reject, SightingList, SourceList, SourceRow,
};
use fengsui_server::console::view::words::{AccessState, AccountRole, Health, IndicatorKind, Section};

use super::Page;
use super::desk::sightings;
use super::sample::{Look, choice, forms, pager};

pub(crate) fn pages(look: Look) -> Vec<Page> {
    [admin_pages(look), threat_pages(look), problem_pages(look)].concat()
}

fn page(name: &'static str, view: &impl askama::Template) -> Page {
    (name, render(view).expect("templates only fail on a failing writer"))
}

fn role_choices(look: Look) -> Vec<Choice> {
    AccountRole::ALL
        .iter()
        .map(|role| choice(role.code(), look.lang.t(role.key()).into_owned(), String::new()))
        .collect()
}

fn users(look: Look) -> Vec<UserRow> {
    let row =
        |id: &str, name: &str, zh: &str, en: &str, role: AccountRole, state, totp_on, last: Option<i64>| {
            UserRow {
                id: id.to_owned(),
                href: format!("/users/{id}"),
                name: name.to_owned(),
                display_name: look.say(zh, en),
                roles: look.lang.t(role.key()).into_owned(),
                bodies: if role == AccountRole::Administrator {
                    String::new()
                } else {
                    look.say("市网安办", "City security office")
                },
                state,
                totp_on,
                last_used: last.map(|seconds| look.at(seconds)),
            }
        };
    vec![
        row(
            "u9",
            "liu.gong",
            "刘工",
            "Liu Gong",
            AccountRole::Administrator,
            AccessState::Active,
            true,
            Some(-4000),
        ),
        row(
            "u0",
            "wang.min",
            "王敏",
            "Wang Min",
            AccountRole::DutyOfficer,
            AccessState::Active,
            true,
            Some(-20),
        ),
        row(
            "u1",
            "li.weidong",
            "李卫东",
            "Li Weidong",
            AccountRole::Commander,
            AccessState::Active,
            false,
            Some(-90_000),
        ),
        row("u5", "sun.yu", "孙宇", "Sun Yu", AccountRole::Auditor, AccessState::Invited, false, None),
        row(
            "u6",
            "old.account",
            "郑国强",
            "Zheng Guoqiang",
            AccountRole::Analyst,
            AccessState::Disabled,
            true,
            Some(-86_400 * 90),
        ),
    ]
}

fn admin_pages(look: Look) -> Vec<Page> {
    let list = |form: Form| UserList {
        shell: look.shell("用户", "Users", Section::Users),
        rows: users(look),
        roles: role_choices(look),
        bodies: look.bodies(),
        form,
    };
    let failed = Form::new("user")
        .with("display_name", look.say("孙宇", "Sun Yu"))
        .with("name", "Sun Yu")
        .with("role", "auditor")
        .fail("name", look.lang.t("user-name"), FieldProblem::NotAChoice.text(look.lang))
        .fail("role", look.lang.t("roles"), FieldProblem::ChooseOne.text(look.lang));
    let user = |which: usize, own| UserPage {
        shell: look.shell("用户", "User", Section::Users),
        user: users(look)[which].clone(),
        roles: role_choices(look),
        bodies: look.bodies(),
        own,
        forms: forms([Form::new("user")
            .with("display_name", users(look)[which].display_name.clone())
            .with("role", "auditor")]),
    };
    let tokens = |rows: Vec<TokenRow>| TokenList {
        shell: look.shell("接口令牌", "API tokens", Section::Tokens),
        rows,
        roles: role_choices(look),
        spans: look.choices(&[
            ("30", "30 天", "30 days"),
            ("90", "90 天", "90 days"),
            ("365", "1 年", "1 year"),
        ]),
        forms: Forms::default(),
    };
    vec![
        page("users", &list(Form::new("user"))),
        page("users-error", &list(failed)),
        page("user", &user(3, false)),
        page("user-own", &user(0, true)),
        page("user-disabled", &user(4, false)),
        page(
            "link-shown",
            &LinkShown {
                shell: look.shell("一次性链接", "One-time link", Section::Users),
                name: look.say("孙宇", "Sun Yu"),
                link: "https://desk.jincheng.example/link/8mZkQ2v7Rr1w0cYx5tJdPq3sLh6n".to_owned(),
                expires: look.at(86_400),
            },
        ),
        page("tokens", &tokens(token_rows(look))),
        page("tokens-empty", &tokens(Vec::new())),
        page(
            "token-shown",
            &TokenShown {
                shell: look.shell("新令牌", "New token", Section::Tokens),
                name: look.say("日志采集", "log collector"),
                token: "fgs_4mJ8zQ2v7Rr1w0cYx5tJdPq3sLh6nB9kWfGtUeXa".to_owned(),
                expires: look.at(86_400 * 90),
            },
        ),
    ]
}

fn token_rows(look: Look) -> Vec<TokenRow> {
    let row = |id: &str, zh: &str, en: &str, role: AccountRole, state, expires: i64| TokenRow {
        id: id.to_owned(),
        name: look.say(zh, en),
        role: look.lang.t(role.key()).into_owned(),
        state,
        by: look.say("刘工", "Liu Gong"),
        created_at: look.at(-86_400 * 30),
        expires_at: look.at(expires),
    };
    vec![
        row("t1", "日志采集", "log collector", AccountRole::Handler, AccessState::Active, 86_400 * 60),
        row("t2", "巡检脚本", "health checks", AccountRole::Auditor, AccessState::Expired, -86_400),
        row("t3", "旧接口", "old integration", AccountRole::Analyst, AccessState::Revoked, 86_400 * 10),
    ]
}

fn threat_pages(look: Look) -> Vec<Page> {
    let lists = |rows: Vec<ListRow>| IndicatorLists {
        shell: look.shell("威胁指标", "Indicators", Section::Indicators),
        rows,
        total: 48_211,
        import: Gate::Open,
        formats: look.choices(&[
            ("list", "每行一条", "One a line"),
            ("csv", "CSV", "CSV"),
            ("hosts", "hosts 文件", "hosts file"),
        ]),
        forms: Forms::default(),
        limit: "32 MB".to_owned(),
    };
    let sighted = |rows, pager| SightingList {
        shell: look.shell("命中", "Sightings", Section::Sightings),
        form: Form::new("filter"),
        rows,
        pager,
    };
    vec![
        page("indicators", &lists(list_rows(look))),
        page("indicators-empty", &lists(Vec::new())),
        page("import", &import(look)),
        page("sightings", &sighted(sightings(look), pager(5))),
        page("sightings-empty", &sighted(Vec::new(), Pager::default())),
        page(
            "sources",
            &SourceList {
                shell: look.shell("数据源", "Sources", Section::Sources), rows: source_rows(look)
            },
        ),
        page(
            "sources-empty",
            &SourceList { shell: look.shell("数据源", "Sources", Section::Sources), rows: Vec::new() },
        ),
        page("node", &node(look)),
    ]
}

fn list_rows(look: Look) -> Vec<ListRow> {
    let row = |id: &str, zh: &str, en: &str, kinds| ListRow {
        id: id.to_owned(),
        name: look.say(zh, en),
        kinds,
        imported_at: look.at(-86_400 * 2),
        by: look.say("郑国强", "Zheng Guoqiang"),
        remove: Gate::Open,
    };
    vec![
        row(
            "l1",
            "省网安通报 2026-11",
            "Provincial circular 2026-11",
            vec![(IndicatorKind::Ip, 1204), (IndicatorKind::Domain, 310), (IndicatorKind::Hash, 92)],
        ),
        row("l2", "URLhaus", "URLhaus", vec![(IndicatorKind::Url, 46_603), (IndicatorKind::IpPort, 2)]),
    ]
}

fn import(look: Look) -> ImportResult {
    let reject = |line, value: &str, code, key| Reject {
        line,
        value: value.to_owned(),
        code,
        reason: look.lang.t(key).into_owned(),
    };
    ImportResult {
        shell: look.shell("导入结果", "Import result", Section::Indicators),
        name: look.say("省网安通报 2026-11", "Provincial circular 2026-11"),
        new: 204,
        updated: 11,
        unchanged: 1391,
        rejected: 3,
        rejects: vec![
            reject(17, "300.1.2.3", "faulty_address", "reject-faulty-address"),
            reject(88, "example", "single_label", "reject-single-label"),
            reject(
                402,
                "zzzz86d081884c7d659a2feaa0c55ad015a3bf4f1b2b0b822cd15d6c15b0f00a08",
                "faulty_digest",
                "reject-faulty-digest",
            ),
        ],
    }
}

fn source_rows(look: Look) -> Vec<SourceRow> {
    let row = |name: &str,
               kind: (&str, &str),
               state,
               trouble: String,
               offset: &str,
               lines,
               rejected,
               last: Option<i64>| SourceRow {
        name: name.to_owned(),
        kind: look.say(kind.0, kind.1),
        state,
        trouble,
        offset: offset.to_owned(),
        lines,
        rejected,
        last_line: last.map(|seconds| look.at(seconds)),
    };
    vec![
        row(
            "/var/log/auth.log",
            ("文件", "file"),
            Health::Good,
            String::new(),
            "12.4 MB / 12.4 MB",
            86_839,
            0,
            Some(-2),
        ),
        row(
            "0.0.0.0:5514",
            ("syslog UDP", "syslog UDP"),
            Health::Degraded,
            look.say("每分钟丢弃 12 条过长的消息", "12 oversized messages dropped a minute"),
            "",
            201_533,
            244,
            Some(-1),
        ),
        row(
            "/var/log/nginx/access.log",
            ("文件", "file"),
            Health::Failing,
            look.say("没有读取权限", "permission denied"),
            "0 B / 3.1 MB",
            0,
            0,
            None,
        ),
        row("POST /api/v1/logs", ("HTTP", "HTTP"), Health::Stopped, String::new(), "", 0, 0, None),
    ]
}

fn node(look: Look) -> NodeStatus {
    let part = |zh: &str, en: &str, state, text: (&str, &str)| NodePart {
        name: look.say(zh, en),
        state,
        text: look.say(text.0, text.1),
    };
    NodeStatus {
        shell: look.shell("节点状态", "Node status", Section::Node),
        version: "fengsui 0.1.0 (x86_64)".to_owned(),
        started_at: look.at(-86_400 * 3),
        parts: vec![
            part(
                "数据库",
                "Database",
                Health::Good,
                ("SQLite 3.54.1，WAL，synchronous=FULL", "SQLite 3.54.1, WAL, synchronous=FULL"),
            ),
            part("账本", "Ledger", Health::Good, ("2,207 条，已核对", "2,207 entries, checked")),
            part("定时器", "Timer", Health::Good, ("最大偏差 4 毫秒", "largest drift 4 ms")),
            part("磁盘", "Disk", Health::Degraded, ("剩余 8 %", "8 % left")),
        ],
        counters: [
            ("事件线索", "Events", "118"),
            ("安全事件", "Incidents", "14"),
            ("命中", "Sightings", "1,886"),
            ("已读行数", "Lines read", "288,372"),
            ("拒收行数", "Lines rejected", "244"),
            ("已登录", "Signed in", "3"),
        ]
        .iter()
        .map(|(zh, en, value)| (look.say(zh, en), (*value).to_owned()))
        .collect(),
    }
}

fn problem_pages(look: Look) -> Vec<Page> {
    let names =
        ["not-found", "forbidden", "conflict", "form-expired", "too-many-tries", "internal", "unavailable"];
    ProblemKind::ALL
        .into_iter()
        .zip(names)
        .map(|(kind, name)| {
            let signed_out = matches!(kind, ProblemKind::TooManyTries | ProblemKind::Unavailable);
            let shell = if signed_out { look.gate("", "") } else { look.shell("", "", Section::Desk) };
            page(name, &kind.page(shell, "/"))
        })
        .collect()
}
