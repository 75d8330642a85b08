//! Sample parts: one plausible afternoon at the duty desk of a city's network security office.

use fengsui_server::console::lang::Lang;
use fengsui_server::console::view::form::{Form, Forms};
use fengsui_server::console::view::parts::{
    Act, Choice, ClauseRef, ClockRow, Countdown, FactField, FactKind, Gate, IncidentRef, LevelMark, Moment,
    Pager, Person, Point, Proof,
};
use fengsui_server::console::view::shell::{Counts, Shell, Theme, User};
use fengsui_server::console::view::words::{ClockState, Level, ReportForm, Section};
use jiff::tz::{Offset, TimeZone};
use jiff::{SignedDuration, Timestamp};

/// When every page of the gallery was made.
const NOW: &str = "2026-11-22T06:05:09Z";

/// Language and theme of a page.
#[derive(Clone, Copy)]
pub(crate) struct Look {
    pub(crate) lang: Lang,
    pub(crate) theme: Theme,
}

impl Look {
    /// The text in the language of the page.
    pub(crate) fn say(self, zh: &str, en: &str) -> String {
        match self.lang {
            Lang::ZhCn => zh.to_owned(),
            Lang::En => en.to_owned(),
        }
    }

    /// The instant `seconds` from now (negative: before).
    pub(crate) fn at(self, seconds: i64) -> Moment {
        let now: Timestamp = NOW.parse().expect("a literal timestamp");
        let instant = now + SignedDuration::from_secs(seconds);
        let zoned = instant.to_zoned(TimeZone::fixed(Offset::constant(8)));
        let span = seconds.unsigned_abs();
        let (n, zh, en) = match span {
            0..60 => (span, "秒", "second"),
            60..3600 => (span / 60, "分钟", "minute"),
            3600..86400 => (span / 3600, "小时", "hour"),
            _ => (span / 86400, "天", "day"),
        };
        let plural = if n == 1 { "" } else { "s" };
        let relative = match (self.lang, seconds < 0) {
            (Lang::ZhCn, true) => format!("{n}{zh}前"),
            (Lang::ZhCn, false) => format!("{n}{zh}后"),
            (Lang::En, true) => format!("{n} {en}{plural} ago"),
            (Lang::En, false) => format!("in {n} {en}{plural}"),
        };
        Moment {
            iso: zoned.strftime("%Y-%m-%dT%H:%M:%S%:z").to_string(),
            local: zoned.strftime("%Y-%m-%d %H:%M:%S").to_string(),
            zone: "UTC+8".to_owned(),
            relative,
        }
    }

    pub(crate) fn countdown(self, seconds: i64, state: ClockState) -> Countdown {
        let span = seconds.unsigned_abs();
        let clock = format!("{:02}:{:02}:{:02}", span / 3600 % 24, span / 60 % 60, span % 60);
        let left = match span / 86400 {
            0 => clock,
            days => format!("{days} {} {clock}", self.say("天", "d")),
        };
        Countdown { due: self.at(seconds), state, left }
    }

    pub(crate) fn person(self, which: usize) -> Person {
        let (zh, en, zh_for, en_for) = [
            ("王敏", "Wang Min", "市网安办值班室", "security office, duty room"),
            ("李卫东", "Li Weidong", "市网安办", "security office"),
            ("赵雪", "Zhao Xue", "处置小组", "handling team"),
            ("陈立", "Chen Li", "市政务服务中心", "city service centre"),
            ("周海燕", "Zhou Haiyan", "市政府", "city government"),
            ("烽燧", "Fengsui", "", ""),
        ][which];
        Person { name: self.say(zh, en), acting_for: self.say(zh_for, en_for) }
    }

    pub(crate) fn act(self, seconds: i64, who: usize, zh: &str, en: &str) -> Act {
        Act {
            at: self.at(seconds),
            by: self.person(who),
            what: self.say(zh, en),
            proof: Some(proof(2200 + seconds / 60)),
        }
    }

    pub(crate) fn choices(self, list: &[(&str, &str, &str)]) -> Vec<Choice> {
        list.iter().map(|(value, zh, en)| choice(value, self.say(zh, en), String::new())).collect()
    }

    pub(crate) fn sources(self) -> Vec<Choice> {
        vec![
            choice("monitoring", self.say("预测预警系统", "Forecasting and warning system"), String::new()),
            choice(
                "circular",
                self.say("上级或其他部门通报", "Circular of a higher or other body"),
                String::new(),
            ),
            choice(
                "report",
                self.say("公众或责任单位报告", "Report by the public or a responsible unit"),
                self.say("电话、邮件、当面", "by telephone, e-mail or in person"),
            ),
        ]
    }

    pub(crate) fn bodies(self) -> Vec<Choice> {
        self.choices(&[
            ("unit", "事发单位", "Affected unit"),
            ("security-office", "市网安办", "City security office"),
            ("district", "城区政府", "District government"),
            ("linkage-centre", "市应急联动中心", "City linkage centre"),
        ])
    }

    pub(crate) fn facts(self) -> Vec<FactField> {
        let fact =
            |id: &str, zh: &str, en: &str, hint_zh: &str, hint_en: &str, kind, clause_id: &str| FactField {
                id: id.to_owned(),
                title: self.say(zh, en),
                hint: self.say(hint_zh, hint_en),
                kind,
                judged_by: self.say("市网安办", "city security office"),
                clause: clause(clause_id),
                needs_reason: false,
            };
        let spread = FactKind::OneOf(self.choices(&[
            ("none", "无扩散性", "None"),
            ("practically-none", "基本无扩散性", "Practically none"),
            ("strong", "扩散性强", "Strong"),
            ("very-strong", "扩散性很强", "Very strong"),
        ]));
        vec![
            fact(
                "spread",
                "扩散性",
                "Spread",
                "事件向其他系统或单位扩散的可能。",
                "How likely it is to reach other systems or units.",
                spread,
                "2.2",
            ),
            fact(
                "citywide_paralysis",
                "重要信息系统大面积瘫痪",
                "Large-area paralysis of important systems",
                "全市范围内。",
                "Over a large part of the city.",
                FactKind::YesNo,
                "2.2.1",
            ),
            fact(
                "livelihood_system",
                "涉及国计民生的重要信息系统",
                "A system the economy and livelihood depend on",
                "以资产登记为准。",
                "As marked in the asset register.",
                FactKind::YesNo,
                "2.2.2",
            ),
            fact("units_hit", "受影响单位数", "Units hit", "", "", FactKind::Count, "2.2.3"),
            FactField {
                needs_reason: true,
                ..fact(
                    "special",
                    "特殊情况",
                    "Special circumstance",
                    "须立即报告。",
                    "Must be reported at once.",
                    FactKind::YesNo,
                    "5.1.3.c",
                )
            },
        ]
    }

    pub(crate) fn incident(self, which: usize) -> IncidentRef {
        let (number, zh, en, level, confirmed) = [
            (
                "JC-2026-0012",
                "市政务服务网首页被篡改",
                "Home page of the city service portal defaced",
                Level::II,
                true,
            ),
            (
                "JC-2026-0011",
                "供水调度系统勒索软件感染",
                "Ransomware in the water dispatch system",
                Level::III,
                true,
            ),
            (
                "JC-2026-0013",
                "政务外网邮件网关钓鱼扩散",
                "Phishing spreading through the e-government mail gateway",
                Level::III,
                false,
            ),
            ("JC-2026-0009", "图书馆官网断电停机", "Library website down after a power cut", Level::IV, true),
            (
                "JC-2026-0014",
                "城区医院挂号系统异常登录激增，疑似口令爆破并已有两台终端被控",
                "Surge of abnormal sign-ins at the district hospital's registration system, probably password guessing, with two machines already under control",
                Level::I,
                false,
            ),
        ][which];
        IncidentRef {
            number: number.to_owned(),
            title: self.say(zh, en),
            href: format!("/incidents/{number}"),
            level: Some(LevelMark { level, confirmed }),
        }
    }

    pub(crate) fn points(self, full: bool) -> Vec<Point> {
        let point = |zh: &str, en: &str, text: String, id: &str| Point {
            title: self.say(zh, en),
            text,
            clause: Some(clause(id)),
        };
        let or_none = |text: String| if full { text } else { String::new() };
        vec![
            point("发生了什么", "What happened", self.say(
                "首页新闻栏被替换为黑色页面和一段外文，后台出现陌生管理员账户，13:20 后台日志停止写入。",
                "The news column of the home page shows a black page with foreign text; an unknown administrator account exists in the back end, whose log stopped at 13:20.",
            ), "5.1.5.1"),
            point("数据痕迹", "Data traces", or_none(self.say("访问日志、WebShell 样本 1 个，已保存至取证盘 03。", "Access log and one web shell sample, kept on evidence disk 03.")), "5.1.5.1"),
            point("损失情况", "Losses", or_none(self.say("办件查询中断，约 1,200 人次受影响。", "Case look-up is down; about 1,200 visits affected.")), "5.1.5.1"),
            point("影响范围", "Impact", or_none(self.say("全市政务服务大厅及 6 个县（市、区）分厅。", "City service hall and its six county branches.")), "5.1.5.1"),
            point("现场控制情况", "State of control", or_none(self.say("服务器已隔离，静态页面替代。", "Server isolated; a static page stands in.")), "5.1.5.1"),
        ]
    }

    /// The frame of a page for somebody signed in.
    pub(crate) fn shell(self, zh: &str, en: &str, here: Section) -> Shell {
        Shell {
            lang: self.lang,
            theme: self.theme,
            title: self.say(zh, en),
            user: Some(User {
                display_name: self.say("王敏", "Wang Min"),
                roles: self.say("值班员，市网安办", "Duty officer, city security office"),
            }),
            nav: Section::ALL.iter().copied().filter(|section| *section != Section::Account).collect(),
            here: Some(here),
            counts: Counts { overdue: 2, new_events: 4, open_incidents: 9 },
            csrf: "sample".to_owned(),
            flash: None,
            drill: false,
            node_name: self.say("晋城市网安办", "Jincheng security office"),
            request_id: "019aa9c1-5f3e-7c20-9b1a-3d6f0a77c2e4".to_owned(),
            path: "/".to_owned(),
            made_at: self.at(0),
            live: false,
            shortcuts: true,
        }
    }

    /// The frame of a page for somebody not signed in.
    pub(crate) fn gate(self, zh: &str, en: &str) -> Shell {
        Shell {
            user: None,
            nav: Vec::new(),
            here: None,
            counts: Counts::default(),
            shortcuts: false,
            ..self.shell(zh, en, Section::Desk)
        }
    }

    /// A clock: seconds left, state, whose, to whom, form, incident.
    pub(crate) fn clock(
        self,
        id: usize,
        seconds: i64,
        state: ClockState,
        form: Option<ReportForm>,
        incident: usize,
    ) -> ClockRow {
        let (rule, rule_en, clause_id, from, from_en, to, to_en) = [
            (
                "口头首报",
                "Oral first report",
                "5.1.3.a",
                "事发单位",
                "Affected unit",
                "市网安办值班室",
                "security office duty room",
            ),
            (
                "书面报告",
                "Written report",
                "5.1.3.b",
                "事发单位",
                "Affected unit",
                "市网安办值班室",
                "security office duty room",
            ),
            (
                "向市委报告",
                "Report to the Party committee",
                "5.1.4.a",
                "市网安办",
                "Security office",
                "市委值班室",
                "Party committee duty room",
            ),
            (
                "向市政府报告",
                "Report to the city government",
                "5.1.4.b",
                "市网安办",
                "Security office",
                "市政府值班室",
                "city government duty room",
            ),
            (
                "报请启动响应",
                "Request to start the response",
                "5.2.2.1.a",
                "市网安办",
                "Security office",
                "市政府",
                "city government",
            ),
            ("调查与评估", "Review", "6.2", "市网安办", "Security office", "", ""),
            ("备案", "Filing", "6.2.2", "处置小组", "Handling team", "市网安办", "security office"),
            (
                "立即报告",
                "Report at once",
                "5.1.3.c",
                "城区政府",
                "District government",
                "市委值班室",
                "Party committee duty room",
            ),
        ][id % 8];
        ClockRow {
            id: format!("clock-{id}"),
            href: format!("/incidents/{}/clocks#clock-{id}", self.incident(incident).number),
            rule: self.say(rule, rule_en),
            rule_href: format!("/plans/jincheng-internet-2008#rule-{clause_id}"),
            clause: clause(clause_id),
            obliged: self.say(from, from_en),
            addressee: self.say(to, to_en),
            form,
            incident: self.incident(incident),
            countdown: self.countdown(seconds, state),
            next: self.say("14:20 提醒 李卫东（带班领导）", "14:20 → Li Weidong, leader on duty"),
        }
    }
}

pub(crate) fn clause(short: &str) -> ClauseRef {
    ClauseRef {
        id: format!("jincheng-internet-2008/{short}"),
        short: short.to_owned(),
        href: format!("/plans/jincheng-internet-2008#rule-{short}"),
    }
}

pub(crate) fn choice(value: &str, text: String, hint: String) -> Choice {
    Choice { value: value.to_owned(), text, hint }
}

pub(crate) fn proof(index: i64) -> Proof {
    Proof { index: index.unsigned_abs(), href: format!("/ledger/entries/{}", index.unsigned_abs()) }
}

pub(crate) fn pager(shown: usize) -> Pager {
    Pager {
        previous: Some("?before=YWJj".to_owned()),
        next: Some("?after=ZGVm".to_owned()),
        shown,
        total: Some(214),
    }
}

pub(crate) fn forms(list: impl IntoIterator<Item = Form>) -> Forms {
    list.into_iter().fold(Forms::default(), Forms::with)
}

pub(crate) fn closed(look: Look, zh: &str, en: &str) -> Gate {
    Gate::Closed(look.say(zh, en))
}
