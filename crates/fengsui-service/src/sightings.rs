//! Sightings: what indicators and rules of attention saw, summed by asset and hour.

use fengsui_domain::permission::Permission;
use fengsui_matcher::pattern::Pattern;
use fengsui_store::{Cursor, Page, SightingFilter, SightingRow};

use crate::caller::Caller;
use crate::error::Result;
use crate::node::Service;

impl Service {
    /// Sightings, latest first.
    ///
    /// The filter takes an indicator however it is written (`hxxp`, `[.]`, capitals), since a sighting
    /// keeps it in normal form. Whoever may not read cases is not told which event it was folded into.
    pub async fn sighting_list(
        &self,
        caller: &Caller,
        filter: SightingFilter,
        after: Option<Cursor>,
        limit: usize,
    ) -> Result<Page<SightingRow>> {
        caller.actor.permit(Permission::IndicatorRead)?;
        let value = filter.value.map(|written| normal(&written));
        let found = self.inner.store.sighting_list(SightingFilter { value, ..filter }, after, limit).await?;
        let may = caller.actor.may(Permission::CaseRead);
        Ok(found.map(|row| SightingRow { event: row.event.filter(|_| may), ..row }))
    }
}

/// An indicator as sightings keep it; what is none, such as an account's name, stays as it is.
fn normal(written: &str) -> String {
    Pattern::read(written).map_or_else(|_| written.trim().to_owned(), |pattern| pattern.to_string())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn indicators_are_looked_for_however_they_are_written() {
        for (written, kept) in [
            ("Evil[.]Example.", "evil.example"),
            ("hxxp://evil.example/a", "evil.example/a"),
            ("::ffff:203.0.113.9", "203.0.113.9"),
            ("203.0.113.9:443", "203.0.113.9:443"),
            ("root", "root"),
            (" 张伟 ", "张伟"),
        ] {
            assert_eq!(normal(written), kept, "{written}");
        }
    }
}
