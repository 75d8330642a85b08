//! An indicator: what to look for, as it was written, and where it came from.

use std::sync::Arc;

use crate::pattern::Pattern;

/// One entry of an indicator list.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Indicator {
    /// What to look for, in normal form.
    pub pattern: Pattern,
    /// The value as the list has it, blanks around it left out.
    pub written: String,
    /// The name of the list.
    pub source: Arc<str>,
    /// The line of the list, from 1.
    pub line: u64,
    /// Family, campaign or remark, if the list gives one.
    pub note: Option<String>,
    /// How sure the list is, 0 to 100 (STIX 2.1, 3.2), if it says so.
    pub confidence: Option<u8>,
}
