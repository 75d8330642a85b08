//! What a plan says of itself: how it was issued, how often it is evaluated, who explains it.

use jiff::civil::Date;

use super::{Clause, RoleId, Text};

/// How a plan came to be issued. Source: `national-2017/notice`.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Notice {
    /// Who agreed to it before it was issued.
    pub approved_by: Option<Text>,
    /// The day it was issued.
    pub issued: Date,
    /// The day it was made public.
    pub published: Option<Date>,
    /// To whom it is addressed.
    pub addressees: Option<Text>,
    /// Where this is printed.
    pub clause: Clause,
}

/// The cycle in which a plan itself is evaluated. Source: `national-2017/8.1.a`, `jincheng-internet-2008/8.5.2`.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Evaluation {
    /// Months from one evaluation to the next, 1 to 120.
    pub every_months: u8,
    /// The day of the last one, if there was one.
    pub last: Option<Date>,
    /// Who evaluates.
    pub by: Vec<RoleId>,
    /// The clause that asks for it.
    pub clause: Clause,
}

/// Who explains a plan where its words are in doubt. Source: `national-2017/8.2`.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Interpreted {
    /// Which body, in the document's words.
    pub by: Text,
    /// The clause that says so.
    pub clause: Clause,
}

/// A clause whose wording or figures were not checked against the official text.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Unverified {
    /// The clause.
    pub clause: Clause,
    /// What is open, and what it was taken from.
    pub open: Text,
}
