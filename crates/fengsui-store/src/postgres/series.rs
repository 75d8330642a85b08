//! Numbers that several nodes draw: a sequence of the server for each series.
//!
//! A number that was drawn and not used is left out; after a failure of the server up to 32 are.

use crate::link::{Answer, DbError, Value};

use super::Session;

impl Session {
    /// The next number of a series, told apart by its prefix. `above`, given when a process draws for the first
    /// time, is the highest that stands in the database: the sequence is made or lifted to it.
    pub(crate) fn draw(&self, prefix: &str, above: Option<u64>) -> Answer<u64> {
        let name = format!("\"number {}\"", prefix.replace('"', ""));
        if let Some(above) = above {
            match self.batch(&format!("CREATE SEQUENCE IF NOT EXISTS {name}")) {
                // Somebody else made it at the same moment.
                Err(error) if error.is_taken() => {}
                made => made?,
            }
            let lift = format!(
                "SELECT CASE WHEN last_value <= {above} THEN setval('{name}', {above}) END FROM {name}"
            );
            if above > 0 {
                self.batch(&lift)?;
            }
        }
        let rows =
            self.query("SELECT nextval(CAST(CAST(?1 AS text) AS regclass))", &[Value::Text(name.into())])?;
        let number: i64 = rows[0].try_get(0)?;
        u64::try_from(number)
            .map_err(|_| DbError::Column { found: number.to_string(), wanted: "a number from 1 on" })
    }
}
