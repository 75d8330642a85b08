//! The records of a year as a table for somebody outside: CSV in UTF-8 (RFC 4180), one line for each record.

use fengsui_domain::duty::{Book, Record, Said, Vouched};
use fengsui_domain::plan::{Cycle, Plan};

/// The columns, in order; columns are added at the end, never renamed.
pub const DUTY_COLUMNS: [&str; 22] = [
    "unit",
    "plan",
    "duty",
    "title",
    "clause",
    "kind",
    "for_day",
    "done_at",
    "entered_at",
    "person",
    "body",
    "value",
    "proof",
    "document",
    "place",
    "sha256",
    "receipts",
    "receipts_missing",
    "corrections",
    "withdrawn",
    "record",
    "holidays_unknown",
];

/// The table. A cell that a spreadsheet program would take for a formula begins with an apostrophe.
pub fn duty_records_csv(book: &Book, records: &[Record], plan: &Plan) -> String {
    let mut table = csv::Writer::from_writer(Vec::new());
    let mut write = |cells: &[String]| {
        table.write_record(cells.iter().map(|cell| harmless(cell))).expect("writing to memory cannot fail");
    };
    write(&DUTY_COLUMNS.map(str::to_owned));
    for record in records {
        write(&cells(book, record, plan));
    }
    let bytes = table.into_inner().expect("flushing to memory cannot fail");
    String::from_utf8(bytes).expect("made of text")
}

fn cells(book: &Book, record: &Record, plan: &Plan) -> Vec<String> {
    let rule = plan.standing_duty(&record.duty);
    let title = rule.map_or_else(String::new, |rule| rule.title.zh.clone());
    let clause = rule.map_or_else(String::new, |rule| rule.clause.to_string());
    let (for_day, value, proof, document) = match &record.said {
        Said::Done { for_day, proof, document } => {
            let proof: Vec<String> = proof.iter().map(|(id, text)| format!("{id}: {text}")).collect();
            (for_day.to_string(), String::new(), proof.join("\n"), document.as_ref())
        }
        Said::Vouched { value, basis } => {
            let value = match value {
                Vouched::Number(number) => number.to_string(),
                Vouched::Day(day) => day.to_string(),
                Vouched::Stated(so) => so.to_string(),
            };
            (String::new(), value, basis.clone(), None)
        }
        Said::Changed { what } => (String::new(), String::new(), what.clone(), None),
    };
    let receipts = record.receipts.iter();
    let receipts: Vec<String> =
        receipts.map(|(body, receipt)| format!("{body}: {} ({})", receipt.reference, receipt.at)).collect();
    let missing: Vec<&str> =
        record.unreceipted(plan).into_iter().map(fengsui_domain::plan::RoleId::as_str).collect();
    let part = |text: fn(&fengsui_domain::duty::Document) -> &String| {
        document.map(text).cloned().unwrap_or_default()
    };
    vec![
        book.unit.clone(),
        book.plan.to_string(),
        record.duty.to_string(),
        title,
        clause,
        record.said.name().to_owned(),
        for_day,
        record.at.to_string(),
        record.entered_at.to_string(),
        record.signed.person.name.clone(),
        record.signed.body.to_string(),
        value,
        proof,
        part(|document| &document.title),
        part(|document| &document.place),
        part(|document| &document.sha256),
        receipts.join("\n"),
        missing.join(" "),
        record.corrections.to_string(),
        record.withdrawn.as_ref().map(|closing| closing.reason.clone()).unwrap_or_default(),
        record.id.to_string(),
        holidays_unknown(book, record, plan),
    ]
}

/// The year of the day a record is for, if its duty is one of workdays and the plan does not know the days off of
/// that year.
fn holidays_unknown(book: &Book, record: &Record, plan: &Plan) -> String {
    let Said::Done { for_day, .. } = &record.said else { return String::new() };
    let cycle = plan.standing_duty(&record.duty).and_then(|rule| book.cycle(rule));
    let unknown = cycle == Some(Cycle::Workday) && !plan.holidays.knows(for_day.year());
    if unknown { for_day.year().to_string() } else { String::new() }
}

/// A cell that no spreadsheet program runs.
fn harmless(cell: &str) -> String {
    let runs = cell.starts_with(['=', '+', '-', '@', '\t', '\r']);
    if runs { format!("'{cell}") } else { cell.to_owned() }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn no_cell_is_a_formula() {
        for (cell, shown) in [
            ("=HYPERLINK(\"x\")", "'=HYPERLINK(\"x\")"),
            ("@SUM(A1)", "'@SUM(A1)"),
            ("-1", "'-1"),
            ("2026-11-23", "2026-11-23"),
            ("", ""),
        ] {
            assert_eq!(harmless(cell), shown, "{cell}");
        }
    }
}
