//! System roles and what each may do: one typed matrix, default deny.
//!
//! A permission opens a door of the system; whether the plan lets this person take the step is a second
//! question, answered by the bodies the person speaks for ([`crate::actor::Actor::speaks_for`]).
//! Administrators run the system and cannot read cases; auditors read the ledger and change nothing.

use std::collections::BTreeSet;

/// Declares an enum of named things: variants, stable names, `ALL`, `parse`.
macro_rules! named {
    ($(#[$doc:meta])* $name:ident { $($(#[$item:meta])* $variant:ident = $text:literal,)* }) => {
        $(#[$doc])*
        #[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, serde::Serialize, serde::Deserialize)]
        pub enum $name { $($(#[$item])* #[serde(rename = $text)] $variant,)* }

        impl $name {
            /// Every value, in order.
            pub const ALL: &'static [Self] = &[$(Self::$variant,)*];

            /// The stable name.
            pub fn as_str(self) -> &'static str {
                match self { $(Self::$variant => $text,)* }
            }

            /// The value a name stands for.
            pub fn parse(text: &str) -> Option<Self> {
                Self::ALL.iter().copied().find(|value| value.as_str() == text)
            }
        }

        impl std::fmt::Display for $name {
            fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
                f.write_str(self.as_str())
            }
        }
    };
}
pub(crate) use named;

named! {
    /// A system role. A person may have several, a service token one.
    SystemRole {
        /// Runs the system: accounts, tokens, sources. Cannot read cases.
        Administrator = "administrator",
        /// Watches the desk: intake, triage, incidents, reports.
        DutyOfficer = "duty-officer",
        /// Decides: levels, responses, disposal plans, publications, extensions.
        Commander = "commander",
        /// Works the steps of a response.
        Handler = "handler",
        /// Links a unit: hands in events, records reports of its own body.
        Liaison = "liaison",
        /// Keeps indicators and studies sightings and cases; decides nothing.
        Analyst = "analyst",
        /// Reads the ledger and changes nothing.
        Auditor = "auditor",
    }
}

named! {
    /// One door of the system.
    Permission {
        /// List and create accounts, reset, disable.
        AccountManage = "account.manage",
        /// Create and revoke any token.
        TokenManage = "token.manage",
        /// See the node's settings, sources and health in detail.
        NodeRead = "node.read",
        /// Change sources and settings.
        NodeManage = "node.manage",
        /// Read events, incidents and the desk.
        CaseRead = "case.read",
        /// Record and amend events.
        EventRecord = "event.record",
        /// Judge what an event is.
        EventTriage = "event.triage",
        /// Read the personal data of a reporter or a contact, one record at a time; every read is an entry.
        PersonalRead = "personal.read",
        /// Work on an incident: facts, notes, people, evidence, immediate actions, drafts, steps.
        IncidentWork = "incident.work",
        /// Record reports and receipts.
        IncidentReport = "incident.report",
        /// Confirm or override levels.
        IncidentGrade = "incident.grade",
        /// Propose what others decide.
        IncidentPropose = "incident.propose",
        /// Decide: start, adjust, end, approve, extend, release.
        IncidentDecide = "incident.decide",
        /// Review, file, receipt, archive.
        IncidentClose = "incident.close",
        /// Read indicators and sightings.
        IndicatorRead = "indicator.read",
        /// Import and retire indicators.
        IndicatorManage = "indicator.manage",
        /// Search the emergency database, without anybody's contact.
        ResourceRead = "resource.read",
        /// Add, amend, import and retire resources, and record their standing.
        ResourceManage = "resource.manage",
        /// Read duty books and their records.
        DutyRead = "duty.read",
        /// Record what was done about standing duties, vouch for conditions, ask for more time.
        DutyRecord = "duty.record",
        /// Open and close duty books, set rhythms, grant more time.
        DutyManage = "duty.manage",
        /// Hand in log lines.
        LogIngest = "log.ingest",
        /// Read ledger entries and export them.
        LedgerRead = "ledger.read",
        /// Read plan packs.
        PlanRead = "plan.read",
    }
}

impl SystemRole {
    /// What this role may do. Whatever is not listed is denied.
    pub fn permissions(self) -> &'static [Permission] {
        use Permission as P;
        match self {
            Self::Administrator => {
                &[P::AccountManage, P::TokenManage, P::NodeRead, P::NodeManage, P::PlanRead]
            }
            Self::DutyOfficer => &[
                P::CaseRead,
                P::EventRecord,
                P::EventTriage,
                P::PersonalRead,
                P::IncidentWork,
                P::IncidentReport,
                P::IncidentGrade,
                P::IncidentPropose,
                P::IncidentDecide,
                P::IncidentClose,
                P::IndicatorRead,
                P::IndicatorManage,
                P::ResourceRead,
                P::ResourceManage,
                P::DutyRead,
                P::DutyRecord,
                P::DutyManage,
                P::LogIngest,
                P::NodeRead,
                P::PlanRead,
            ],
            Self::Commander => &[
                P::CaseRead,
                P::PersonalRead,
                P::IncidentWork,
                P::IncidentReport,
                P::IncidentGrade,
                P::IncidentPropose,
                P::IncidentDecide,
                P::IncidentClose,
                P::IndicatorRead,
                P::ResourceRead,
                P::ResourceManage,
                P::DutyRead,
                P::DutyRecord,
                P::DutyManage,
                P::PlanRead,
            ],
            Self::Handler => &[
                P::CaseRead,
                P::EventRecord,
                P::IncidentWork,
                P::IncidentReport,
                P::IncidentPropose,
                P::IndicatorRead,
                P::ResourceRead,
                P::DutyRead,
                P::DutyRecord,
                P::PlanRead,
            ],
            Self::Liaison => &[P::EventRecord, P::PlanRead],
            Self::Analyst => &[
                P::CaseRead,
                P::EventRecord,
                P::IndicatorRead,
                P::IndicatorManage,
                P::ResourceRead,
                P::LogIngest,
                P::PlanRead,
            ],
            Self::Auditor => &[P::LedgerRead, P::NodeRead, P::PlanRead, P::DutyRead],
        }
    }
}

/// Whether any of `roles` has the permission.
pub fn allows(roles: &BTreeSet<SystemRole>, permission: Permission) -> bool {
    roles.iter().any(|role| role.permissions().contains(&permission))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn separated_duties_stay_separate() {
        use Permission::*;
        let cases = [CaseRead, PersonalRead, IncidentWork, IncidentDecide, EventTriage, LedgerRead];
        for permission in cases {
            assert!(
                !SystemRole::Administrator.permissions().contains(&permission),
                "an administrator must not have {permission}"
            );
        }
        for permission in Permission::ALL {
            let reads = [LedgerRead, NodeRead, PlanRead, DutyRead].contains(permission);
            assert_eq!(
                SystemRole::Auditor.permissions().contains(permission),
                reads,
                "auditor and {permission}"
            );
        }
        assert!(!SystemRole::Analyst.permissions().contains(&IncidentDecide));
        for (role, reads, manages) in [
            (SystemRole::Administrator, false, false),
            (SystemRole::DutyOfficer, true, true),
            (SystemRole::Commander, true, true),
            (SystemRole::Handler, true, false),
            (SystemRole::Liaison, false, false),
            (SystemRole::Analyst, true, false),
            (SystemRole::Auditor, false, false),
        ] {
            let may = |door| role.permissions().contains(&door);
            assert_eq!((may(ResourceRead), may(ResourceManage)), (reads, manages), "{role}");
        }
        for (role, reads, records, manages) in [
            (SystemRole::Administrator, false, false, false),
            (SystemRole::DutyOfficer, true, true, true),
            (SystemRole::Commander, true, true, true),
            (SystemRole::Handler, true, true, false),
            (SystemRole::Liaison, false, false, false),
            (SystemRole::Analyst, false, false, false),
            (SystemRole::Auditor, true, false, false),
        ] {
            let may = |door| role.permissions().contains(&door);
            assert_eq!(
                (may(DutyRead), may(DutyRecord), may(DutyManage)),
                (reads, records, manages),
                "{role}"
            );
        }
    }

    #[test]
    fn nobody_without_a_role_may_do_anything() {
        for permission in Permission::ALL {
            assert!(!allows(&BTreeSet::new(), *permission), "{permission}");
        }
    }

    #[test]
    fn names_are_unique_and_parse_back() {
        for permission in Permission::ALL {
            assert_eq!(Permission::parse(permission.as_str()), Some(*permission));
        }
        for role in SystemRole::ALL {
            assert_eq!(SystemRole::parse(role.as_str()), Some(*role));
        }
    }
}
