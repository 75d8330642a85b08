//! The tables as text: what a row says, and the words in which it says it.

use fengsui_domain::plan::{ClockMeets, ClockRule, ClockStart, Form, PlanId};

/// The tables of one plan.
pub(super) struct Tables {
    pub(super) plan: PlanId,
    pub(super) cases: Vec<(String, Rows)>,
    pub(super) changes: Vec<Changes>,
}

/// The obligations of a case.
#[derive(Clone)]
pub(super) struct Rows {
    /// All of them, those of the cases it builds on included.
    pub(super) all: Vec<Row>,
    /// Those that its own table has.
    pub(super) own: Vec<Row>,
}

/// An obligation of a case; minutes from when the event reached the desk.
#[derive(Clone)]
pub(super) struct Row {
    pub(super) clause: String,
    pub(super) duty: String,
    /// Each of these owes it.
    pub(super) of: Vec<String>,
    /// Each of these is owed it; several in one, joined by "or", of whom one is enough.
    pub(super) to: Vec<String>,
    pub(super) form: String,
    pub(super) starts: String,
    pub(super) from: i64,
    pub(super) due: i64,
    pub(super) lapses: i64,
    /// The figure is ours.
    pub(super) ours: bool,
    pub(super) met_by: String,
}

/// What becomes of each obligation when something changes at a stage.
pub(super) struct Changes {
    pub(super) stage: String,
    pub(super) columns: Vec<Column>,
}

/// One change.
pub(super) struct Column {
    pub(super) from: String,
    pub(super) to: String,
    /// Clause, rule, and what becomes of it.
    pub(super) cells: Vec<(String, String, String)>,
}

impl Row {
    fn read(cells: &[&str]) -> Self {
        let [clause, duty, of, to, form, starts, from, within, met_by] = cells else {
            panic!("a row has nine cells: {cells:?}")
        };
        let list = |cell: &str| cell.split(" + ").map(str::to_owned).collect();
        let from = span(from);
        let ours = within.ends_with(" (ours)");
        let within = within.trim_end_matches(" (ours)");
        let (due, lapses) = match within.strip_prefix("at once, ") {
            Some(tolerance) => (0, span(tolerance)),
            None => (span(within), span(within)),
        };
        Self {
            clause: (*clause).to_owned(),
            duty: (*duty).to_owned(),
            of: list(of),
            to: if to.is_empty() { vec![String::new()] } else { list(to) },
            form: (*form).to_owned(),
            starts: (*starts).to_owned(),
            from,
            due: from + due,
            lapses: from + lapses,
            ours,
            met_by: (*met_by).to_owned(),
        }
    }

    /// The row for each body that owes it and each that is owed it.
    pub(super) fn each(&self) -> Vec<Self> {
        let one =
            |of: &String, to: &String| Self { of: vec![of.clone()], to: vec![to.clone()], ..self.clone() };
        self.of.iter().flat_map(|of| self.to.iter().map(move |to| one(of, to))).collect()
    }

    /// The row in a line.
    pub(super) fn told(&self) -> String {
        let Self { clause, duty, form, starts, from, due, lapses, met_by, .. } = self;
        let (of, to, ours) =
            (self.of.join(" + "), self.to.join(" + "), if self.ours { ", ours" } else { "" });
        format!(
            "{clause} {duty}: {of} -> {to} [{form}], from {from} ({starts}) due {due} lapses {lapses}{ours}, {met_by}"
        )
    }
}

/// `35`, `30 min`, `4 h`, `30 d`, in minutes.
fn span(text: &str) -> i64 {
    let (figure, unit) = text.split_once(' ').unwrap_or((text, "min"));
    let minutes = match unit {
        "min" => 1,
        "h" => 60,
        "d" => 24 * 60,
        other => panic!("`{other}` is no unit of a span"),
    };
    figure.parse::<i64>().unwrap() * minutes
}

pub(super) fn form(form: Option<Form>) -> &'static str {
    match form {
        None => "",
        Some(Form::Oral) => "oral",
        Some(Form::Written) => "written",
    }
}

pub(super) fn starts(starts: ClockStart) -> &'static str {
    match starts {
        ClockStart::BodyBecameAware => "became aware",
        ClockStart::LevelConfirmed => "level confirmed",
        ClockStart::ResponseEnded => "response ended",
        ClockStart::LevelJudged => "level judged",
        ClockStart::ResponseStarted => "response started",
        ClockStart::ReviewCompleted => "review completed",
        ClockStart::OrderGiven => "order given",
        ClockStart::PlaybookStarted => "found",
        ClockStart::StepReady => "step possible",
        ClockStart::Occurred => "occurred",
        ClockStart::ReportMade => "report made",
        ClockStart::PlaybookBegun => "playbook started",
    }
}

pub(super) fn met_by(rule: &ClockRule) -> String {
    match rule.met_by {
        ClockMeets::Report => "report".to_owned(),
        ClockMeets::ImmediateAction => match &rule.action {
            Some(action) => format!("action {action}"),
            None => "any immediate action".to_owned(),
        },
        ClockMeets::ResponseRequested => "response proposed".to_owned(),
        ClockMeets::Review => "review".to_owned(),
        ClockMeets::Filing => "filing receipted".to_owned(),
        ClockMeets::ResponseStarted => "response started".to_owned(),
        ClockMeets::OrderAcknowledged => "order acknowledged".to_owned(),
        ClockMeets::OrderAnswered => "order answered".to_owned(),
        ClockMeets::StepDone => format!("step {}", rule.step.as_ref().unwrap().step),
    }
}

impl Tables {
    pub(super) fn read(text: &str) -> Self {
        let mut sections = text.split("\n## ");
        let head = sections.next().unwrap().lines().next().unwrap();
        let plan = PlanId::new(head.trim_start_matches("# Deadlines of ").to_owned());
        let mut tables = Self { plan, cases: Vec::new(), changes: Vec::new() };
        for section in sections {
            let (title, body) = section.split_once('\n').unwrap();
            match title.strip_prefix("Changes when ") {
                Some(stage) => tables.changes.push(Changes::read(stage, body)),
                None => tables.case(title.trim_start_matches("Case "), body),
            }
        }
        tables
    }

    fn case(&mut self, title: &str, body: &str) {
        let mut rows: Vec<Row> = Vec::new();
        for base in body.lines().filter_map(|line| line.strip_prefix("All of: ")) {
            let known = self.cases.iter().find(|(case, _)| case == base);
            rows.extend(known.unwrap_or_else(|| panic!("no case `{base}` above `{title}`")).1.all.clone());
        }
        for gone in body.lines().filter_map(|line| line.strip_prefix("But no longer: ")) {
            let before = rows.len();
            rows.retain(|row| !gone.split(", ").any(|duty| duty == row.duty));
            assert!(rows.len() < before, "`{title}`: none of `{gone}` was there");
        }
        let own: Vec<Row> = lines(body).iter().skip(1).map(|cells| Row::read(cells)).collect();
        rows.extend(own.iter().cloned());
        assert!(self.cases.iter().all(|(case, _)| case != title), "`{title}` stands twice");
        self.cases.push((title.to_owned(), Rows { all: rows, own }));
    }
}

impl Changes {
    fn read(stage: &str, body: &str) -> Self {
        let lines = lines(body);
        let (heads, rows) = lines.split_first().unwrap();
        let column = |(at, head): (usize, &&str)| {
            let (before, after) = head.split_once(" > ").unwrap();
            let cells = rows.iter().map(|row| (row[0].to_owned(), row[1].to_owned(), row[at].to_owned()));
            Column { from: before.to_owned(), to: after.to_owned(), cells: cells.collect() }
        };
        Self { stage: stage.to_owned(), columns: heads.iter().enumerate().skip(2).map(column).collect() }
    }
}

/// The cells of each line of the one table of a section, without the rule below its head.
fn lines(body: &str) -> Vec<Vec<&str>> {
    let of_table = body.lines().filter(|line| line.starts_with('|') && !line.starts_with("|-"));
    let inner = of_table.map(|line| line.strip_prefix('|').and_then(|line| line.strip_suffix('|')).unwrap());
    let lines: Vec<Vec<&str>> = inner.map(|line| line.split('|').map(str::trim).collect()).collect();
    assert!(lines.iter().all(|line| line.len() == lines[0].len()), "lines of different length: {body}");
    lines
}
