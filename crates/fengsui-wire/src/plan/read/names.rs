//! What names look like, and which of them a pack declares.

use std::collections::{BTreeMap, BTreeSet};

use fengsui_domain::level::IncidentLevel;
use fengsui_domain::plan::{FactId, FactKind};

/// Characters of a name that rules refer to.
const MAX_NAME_CHARS: usize = 64;

/// What the sections of a pack declare, gathered before anything refers to it.
///
/// `None` if the section is missing or unreadable. That has been reported; naming something of it is
/// no further mistake.
#[derive(Debug, Default)]
pub(crate) struct Names {
    pub(crate) plan: String,
    pub(crate) roles: Option<BTreeSet<String>>,
    pub(crate) categories: Option<BTreeSet<String>>,
    /// The kinds of order; known once their section was read.
    pub(crate) orders: Option<BTreeSet<String>>,
    pub(crate) actions: Option<BTreeSet<String>>,
    pub(crate) levels: Option<BTreeSet<IncidentLevel>>,
    /// Also `None` if the pack has no table of clauses, so that numbers are taken as they are.
    pub(crate) clauses: Option<BTreeSet<String>>,
    /// There is no section of facts.
    pub(crate) no_facts: bool,
    /// The facts whose own entry could be read.
    pub(crate) facts: BTreeMap<FactId, (FactKind, bool)>,
    /// Facts that are declared but could not be read: naming them is no further mistake.
    pub(crate) broken_facts: BTreeSet<String>,
}

/// What a name may look like.
#[derive(Clone, Copy, Debug)]
pub(crate) enum NameRule {
    /// `security-office`
    Id,
    /// `citywide_paralysis`
    Fact,
    /// `jincheng-internet-2008/5.1.3.a`
    Clause,
    /// `I` to `IV`; told apart where it is read.
    Any,
}

impl NameRule {
    pub(crate) fn allows(self, name: &str) -> bool {
        let parts = |separator: char, text: &str| {
            text.split(separator).all(|part| {
                !part.is_empty() && part.bytes().all(|b| b.is_ascii_lowercase() || b.is_ascii_digit())
            })
        };
        let short = name.len() <= MAX_NAME_CHARS;
        match self {
            Self::Any => true,
            Self::Id => short && parts('-', name),
            // CEL keywords cannot stand behind a dot.
            Self::Fact => {
                let keyword = ["in", "true", "false", "null"].contains(&name);
                short && !keyword && parts('_', name) && !name.starts_with(|c: char| c.is_ascii_digit())
            }
            Self::Clause => name.split_once('/').is_some_and(|(document, number)| {
                let letters = |b: u8| b.is_ascii_alphanumeric() || b == b'.' || b == b'-';
                short && parts('-', document) && !number.is_empty() && number.bytes().all(letters)
            }),
        }
    }

    /// How to write it, in Chinese and English.
    pub(crate) fn says(self) -> (&'static str, &'static str) {
        match self {
            Self::Id => (
                "用小写字母、数字和连字符，至多 64 个字符，如 security-office",
                "use lower-case letters, digits and hyphens, at most 64, as in security-office",
            ),
            Self::Fact => (
                "用小写字母、数字和下划线，至多 64 个字符，以字母开头，如 social_impact",
                "use lower-case letters, digits and underscores, at most 64, a letter first, as in social_impact",
            ),
            Self::Clause | Self::Any => (
                "写作“文件/条款号”，如 jincheng-internet-2008/5.1.3.a",
                "write document/number, as in jincheng-internet-2008/5.1.3.a",
            ),
        }
    }
}
