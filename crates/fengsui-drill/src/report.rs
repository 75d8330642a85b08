//! A drill for people: a page to print, and a summary for a terminal. Both say on every page that it was a drill.

use std::fmt::Write as _;

use fengsui_domain::plan::Lang;
use fengsui_wire::plan::scenario::Outcome;
use jiff::Timestamp;
use jiff::tz::TimeZone;

use crate::outcome::{Act, IncidentOutcome, Obligation};
use crate::run::{Drill, Expected};

/// Acts shown in a report; the JSON has all of them.
const MAX_ACTS: usize = 2_000;

/// One language and one zone.
struct Page<'d> {
    drill: &'d Drill,
    lang: Lang,
    zone: TimeZone,
}

/// The report as one HTML page that needs nothing else. Its head and foot are printed on every sheet.
pub fn html(drill: &Drill, lang: Lang) -> String {
    Page::new(drill, lang).html()
}

/// The summary for a terminal.
pub fn summary(drill: &Drill, lang: Lang) -> String {
    Page::new(drill, lang).summary()
}

impl<'d> Page<'d> {
    fn new(drill: &'d Drill, lang: Lang) -> Self {
        let zone = TimeZone::get(&drill.plan.zone).unwrap_or(TimeZone::UTC);
        Self { drill, lang, zone }
    }

    fn say<'t>(&self, zh: &'t str, en: &'t str) -> &'t str {
        match self.lang {
            Lang::Zh => zh,
            Lang::En => en,
        }
    }

    fn key(&self) -> &'static str {
        match self.lang {
            Lang::Zh => "zh",
            Lang::En => "en",
        }
    }

    fn time(&self, at: Timestamp) -> String {
        at.to_zoned(self.zone.clone()).strftime("%Y-%m-%d %H:%M:%S").to_string()
    }

    fn state(&self, state: Outcome) -> &'static str {
        let (zh, en) = match state {
            Outcome::Met => ("按时", "met"),
            Outcome::Late => ("迟办", "late"),
            Outcome::Lapsed => ("逾期未办", "lapsed"),
            Outcome::Replaced => ("已替代", "replaced"),
            Outcome::Open => ("未到期", "open"),
            Outcome::None => ("未产生", "none"),
        };
        self.say(zh, en)
    }

    fn counts(&self) -> Vec<(&'static str, u64)> {
        let counts = &self.drill.counts;
        let tally = &counts.obligations;
        let rows = [
            ("事件", "events", counts.events),
            ("网络安全事件", "incidents", counts.incidents),
            ("操作", "acts", counts.acts),
            ("被拒绝的操作", "refused acts", counts.refused),
            ("按时", "met", tally.met),
            ("迟办", "late", tally.late),
            ("逾期未办", "lapsed", tally.lapsed),
            ("已替代", "replaced", tally.replaced),
            ("未到期", "open", tally.open),
        ];
        rows.map(|(zh, en, count)| (self.say(zh, en), count)).to_vec()
    }

    fn summary(&self) -> String {
        let drill = self.drill;
        let mut out = format!("{}  {}\n", drill.mark, drill.scenario.title[self.key()]);
        let began = (self.time(drill.began_at), self.time(drill.ended_at));
        let seed = self.say("种子", "seed");
        let _ = writeln!(out, "{} – {}  {}  {seed} {}", began.0, began.1, drill.plan.zone, drill.seed);
        for incident in &drill.incidents {
            let _ = writeln!(out, "\n{} {} {}", incident.number, incident.level, incident.title);
            for one in &incident.obligations {
                let met = one.met_at.map(|at| self.time(at)).unwrap_or_default();
                let (state, due) = (self.state(one.state), self.time(one.due_at));
                let _ = writeln!(out, "  {state}  {}  {}  {due}  {met}", one.rule, one.of);
            }
        }
        let counts: Vec<String> =
            self.counts().iter().map(|(name, count)| format!("{name} {count}")).collect();
        let _ = writeln!(out, "\n{}", counts.join(self.say("，", ", ")));
        for expected in drill.expected.iter().filter(|expected| !expected.holds) {
            let _ = writeln!(out, "{}", self.not_so(expected));
        }
        let verified = if drill.ledger.verified {
            self.say("核验无误", "verified")
        } else {
            self.say("核验不通过", "NOT VERIFIED")
        };
        let _ = writeln!(out, "{}: {} {verified}", drill.ledger.origin, drill.ledger.root);
        out
    }

    fn not_so(&self, expected: &Expected) -> String {
        let Expected { what, expected, found, .. } = expected;
        let nothing = self.say("无", "none").to_owned();
        let found = if found.is_empty() { nothing } else { found.join(", ") };
        match self.lang {
            Lang::Zh => format!("不符合预期：{what} 应为 {expected}，实为 {found}"),
            Lang::En => format!("not as expected: {what} should be {expected}, but is {found}"),
        }
    }

    fn html(&self) -> String {
        let drill = self.drill;
        let title = escape(&drill.scenario.title[self.key()]);
        let lang = self.say("zh-CN", "en");
        let mark = drill.mark;
        let mut out = format!(
            "<!doctype html>\n<html lang=\"{lang}\">\n<head>\n<meta charset=\"utf-8\">\n\
             <meta name=\"viewport\" content=\"width=device-width, initial-scale=1\">\n\
             <title>{mark} {title}</title>\n<style>{STYLE}</style>\n</head>\n<body>\n\
             <div class=\"mark\">{mark}</div>\n<div class=\"mark foot\">{mark}</div>\n<main>\n<h1>{title}</h1>\n"
        );
        let _ = writeln!(out, "<p>{}</p>", escape(&drill.scenario.says[self.key()]));
        self.head(&mut out);
        self.expectations(&mut out);
        for incident in &drill.incidents {
            self.incident(&mut out, incident);
        }
        self.timeline(&mut out);
        out.push_str("</main>\n</body>\n</html>\n");
        out
    }

    fn head(&self, out: &mut String) {
        let drill = self.drill;
        let verified = if drill.ledger.verified {
            self.say("核验无误", "verified")
        } else {
            self.say("核验不通过", "not verified")
        };
        let mut row = |name: &str, value: &str| {
            let _ = writeln!(out, "<dt>{}</dt><dd>{}</dd>", escape(name), escape(value));
        };
        for plan in [&drill.plan].into_iter().chain(&drill.beside) {
            row(self.say("预案", "plan"), &plan.title[self.key()]);
            row(self.say("预案版本", "version of the plan"), &plan.digest);
        }
        row(
            self.say("演练时间", "time of the drill"),
            &format!("{} – {} ({})", self.time(drill.began_at), self.time(drill.ended_at), drill.plan.zone),
        );
        row(self.say("种子", "seed"), &drill.seed.to_string());
        row(self.say("模拟人员", "simulated people"), &drill.people.to_string());
        row(self.say("账本", "ledger"), &format!("{} {verified}", drill.ledger.origin));
        row(self.say("账本条目", "entries"), &drill.ledger.entries.to_string());
        row(self.say("检查点根", "root of the checkpoint"), &drill.ledger.root);
        for (name, count) in self.counts() {
            row(name, &count.to_string());
        }
        let start = out.find("<dt>").unwrap_or(out.len());
        out.insert_str(start, "<dl>\n");
        out.push_str("</dl>\n");
    }

    fn expectations(&self, out: &mut String) {
        if self.drill.expected.is_empty() {
            return;
        }
        let heads = [("内容", "what"), ("预期", "expected"), ("结果", "found"), ("是否符合", "holds")];
        self.table(
            out,
            ("预期", "Expectations"),
            &heads,
            self.drill.expected.iter().map(|expected| {
                let holds = if expected.holds { self.say("是", "yes") } else { self.say("否", "no") };
                let class = if expected.holds { "met" } else { "lapsed" };
                (
                    class,
                    vec![
                        expected.what.clone(),
                        expected.expected.clone(),
                        expected.found.join(", "),
                        holds.to_owned(),
                    ],
                )
            }),
        );
    }

    fn incident(&self, out: &mut String, incident: &IncidentOutcome) {
        let heads = [
            ("状态", "state"),
            ("职责", "duty"),
            ("条款", "clause"),
            ("义务机构", "of"),
            ("对象", "to"),
            ("起算", "started"),
            ("到期", "due"),
            ("完成", "met"),
            ("办理人", "by"),
        ];
        let title = format!("{} {} {}", incident.number, incident.level, incident.title);
        self.table(out, (&title, &title), &heads, incident.obligations.iter().map(|one| self.row(one)));
    }

    fn row(&self, one: &Obligation) -> (&'static str, Vec<String>) {
        let cells = vec![
            self.state(one.state).to_owned(),
            format!("{} ({})", one.title, one.rule),
            one.clause.clone(),
            one.of.clone(),
            one.to.join(", "),
            self.time(one.started_at),
            self.time(one.due_at),
            one.met_at.map(|at| self.time(at)).unwrap_or_default(),
            one.by.clone().unwrap_or_default(),
        ];
        (one.state.as_str(), cells)
    }

    fn timeline(&self, out: &mut String) {
        let heads =
            [("时间", "time"), ("人员", "person"), ("事件", "event"), ("操作", "act"), ("拒绝", "refused")];
        let acts = self.drill.timeline.iter().take(MAX_ACTS);
        self.table(
            out,
            ("经过", "What happened"),
            &heads,
            acts.map(|act: &Act| {
                let refused = act.refused.as_ref().map(|refused| refused.why.clone()).unwrap_or_default();
                let class = if act.refused.is_some() { "lapsed" } else { "" };
                (
                    class,
                    vec![
                        self.time(act.at),
                        act.person.clone(),
                        act.about.clone(),
                        act.act.to_owned(),
                        refused,
                    ],
                )
            }),
        );
    }

    fn table(
        &self,
        out: &mut String,
        (zh, en): (&str, &str),
        heads: &[(&str, &str)],
        rows: impl Iterator<Item = (&'static str, Vec<String>)>,
    ) {
        let _ = writeln!(out, "<h2>{}</h2>\n<table>\n<thead><tr>", escape(self.say(zh, en)));
        for (zh, en) in heads {
            let _ = write!(out, "<th scope=\"col\">{}</th>", self.say(zh, en));
        }
        out.push_str("</tr></thead>\n<tbody>\n");
        for (class, cells) in rows {
            let _ = write!(out, "<tr class=\"{class}\">");
            for cell in cells {
                let _ = write!(out, "<td>{}</td>", escape(&cell));
            }
            out.push_str("</tr>\n");
        }
        out.push_str("</tbody>\n</table>\n");
    }
}

fn escape(text: &str) -> String {
    let mut out = String::with_capacity(text.len());
    for c in text.chars() {
        match c {
            '&' => out.push_str("&amp;"),
            '<' => out.push_str("&lt;"),
            '>' => out.push_str("&gt;"),
            '"' => out.push_str("&quot;"),
            '\'' => out.push_str("&#39;"),
            c => out.push(c),
        }
    }
    out
}

/// What stands fixed is printed on every sheet.
const STYLE: &str = "
:root { color-scheme: light; }
body { font: 15px/1.5 system-ui, sans-serif; margin: 0; color: #1a1a1a; background: #fff; }
main { max-width: 75rem; margin: 0 auto; padding: 3.5rem 1rem; overflow-x: auto; }
.mark { position: fixed; top: 0; left: 0; right: 0; text-align: center; font-weight: 700;
  letter-spacing: .3em; background: #7a1f00; color: #fff; padding: .25rem; }
.foot { top: auto; bottom: 0; }
dl { display: grid; grid-template-columns: max-content 1fr; gap: .1rem 1rem; overflow-wrap: anywhere; }
dt { color: #555; } dd { margin: 0; }
table { border-collapse: collapse; width: 100%; font-size: .85em; }
th, td { border: 1px solid #bbb; padding: .2rem .4rem; text-align: left; vertical-align: top; }
tr { break-inside: avoid; }
.late td:first-child, .lapsed td:first-child { font-weight: 700; color: #8a0f00; }
";
