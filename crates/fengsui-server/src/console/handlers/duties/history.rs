//! What happened to a duty book, in words.

use fengsui_domain::change::Change;
use fengsui_domain::duty::BookChange;
use fengsui_domain::plan::Plan;
use fengsui_service::store::TimelineRow;
use jiff::Timestamp;

use super::{cycle, title};
use crate::console::handlers::names::Names;
use crate::console::handlers::show;
use crate::console::lang::Lang;
use crate::console::view::parts::Act;

/// The entries of a book as acts.
pub(super) fn acts(
    entries: &[TimelineRow],
    plan: &Plan,
    names: &Names,
    now: Timestamp,
    lang: Lang,
) -> Vec<Act> {
    let zone = show::zone(plan);
    let act = |row: &TimelineRow| Act {
        at: show::moment(row.entry.at, &zone, now, lang),
        by: names.by(&row.entry.by),
        what: happened(&row.entry.change, plan, lang),
        proof: Some(show::proof(row.index)),
    };
    entries.iter().map(act).collect()
}

fn happened(change: &Change, plan: &Plan, lang: Lang) -> String {
    let Change::DutyBook { change, .. } = change else { return String::new() };
    let day = |at: Timestamp| at.to_zoned(show::zone(plan)).strftime("%Y-%m-%d %H:%M").to_string();
    match change {
        BookChange::Opened { from, .. } => lang.t_s("did-duty-opened", &from.to_string()).into_owned(),
        BookChange::RhythmSet { duty, rhythm } => {
            let set = format!("{} · {}", lang.t(cycle(rhythm.cycle).key()), rhythm.reason);
            lang.t_ab("did-duty-rhythm", &title(plan, duty, lang), &set).into_owned()
        }
        BookChange::ExtensionAsked { extension } => {
            let until = format!("{} · {}", extension.until, extension.reason);
            lang.t_ab("did-duty-asked", &title(plan, &extension.duty, lang), &until).into_owned()
        }
        BookChange::ExtensionDecided { duty, decided, .. } => {
            let key = if decided.granted { "did-duty-granted" } else { "did-duty-refused" };
            lang.t_ab(key, &title(plan, duty, lang), &decided.reason).into_owned()
        }
        BookChange::Told { duty, due_at, .. } => {
            lang.t_ab("did-duty-told", &title(plan, duty, lang), &day(*due_at)).into_owned()
        }
        BookChange::ParentRenewed { version } => {
            let from = version.in_force_from.to_string();
            lang.t_ab("did-duty-parent", version.plan.as_str(), &from).into_owned()
        }
        BookChange::Closed { reason } => lang.t_s("did-duty-closed", reason).into_owned(),
    }
}
