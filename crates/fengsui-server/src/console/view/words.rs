//! Domain words as they appear on pages: each value has a stable code and a Fluent key.
//!
//! These are not the domain's types. A handler maps one to the other, so that a page can be read
//! and tested without the core, and a new value there is a compile error in the mapping, not here.

/// Declares an enum of words with `ALL`, `code`, `key` and `parse`.
macro_rules! words {
    ($(#[$doc:meta])* $name:ident { $($(#[$each:meta])* $variant:ident: $code:literal = $key:literal,)+ }) => {
        $(#[$doc])*
        #[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
        pub enum $name {
            $($(#[$each])* $variant,)+
        }

        impl $name {
            /// Every value, in the order people read them.
            pub const ALL: &[Self] = &[$(Self::$variant,)+];

            /// The stable code: form values, query parameters and CSS classes use it.
            pub fn code(self) -> &'static str {
                match self { $(Self::$variant => $code,)+ }
            }

            /// The Fluent key of the word.
            pub fn key(self) -> &'static str {
                match self { $(Self::$variant => $key,)+ }
            }

            /// The value a code names.
            pub fn parse(code: &str) -> Option<Self> {
                Self::ALL.iter().copied().find(|value| value.code() == code)
            }
        }
    };
}

mod duty;
mod resource;
mod search;

pub use duty::{DutyCycle, DutyOutcome, DutyStands};
pub use resource::{Expertise, ResourceKind, Standing};
pub use search::SearchedField;

mod chain;

pub use chain::{
    DisposalStage, DisposalState, Finding, GrantState, OrderOutcome, OrderState, PublicationState, StepMark,
};

words! {
    /// Level of an incident or a response, worst first.
    Level {
        /// Especially major (特别重大).
        I: "I" = "level-1",
        /// Major (重大).
        II: "II" = "level-2",
        /// Larger (较大).
        III: "III" = "level-3",
        /// General (一般).
        IV: "IV" = "level-4",
    }
}

words! {
    /// Phase of an incident, in order.
    Phase {
        /// Judged to be a security event (已判定).
        Judged: "judged" = "phase-judged",
        /// Verified and being analysed (分析中).
        Analysing: "analysing" = "phase-analysing",
        /// Its level is confirmed (已定级).
        Graded: "graded" = "phase-graded",
        /// A response runs (响应中).
        Responding: "responding" = "phase-responding",
        /// The response has ended (已结束).
        Ended: "ended" = "phase-ended",
        /// The review is complete (已评估).
        Reviewed: "reviewed" = "phase-reviewed",
        /// Filed and archived (已归档).
        Archived: "archived" = "phase-archived",
        /// Found to be none after all: it has left the way.
        Withdrawn: "withdrawn" = "phase-withdrawn",
    }
}

words! {
    /// Where a step of a sequence stands.
    Step {
        /// Behind us.
        Done: "done" = "step-done",
        /// Now.
        Now: "now" = "step-now",
        /// Not reached.
        Ahead: "ahead" = "step-ahead",
    }
}

words! {
    /// State of a clock that is shown with a countdown.
    ClockState {
        /// Lapsed: the time is up and the desk has recorded that the duty was not met in time.
        Lapsed: "lapsed" = "clock-lapsed",
        /// Past due and not yet recorded as lapsed ("at once" is here from its first second).
        Overdue: "overdue" = "clock-overdue",
        /// Half of the time or more is gone.
        DueSoon: "soon" = "clock-soon",
        /// Running.
        Running: "running" = "clock-running",
    }
}

words! {
    /// How a clock came to its end.
    ClockEnd {
        /// Met in time.
        Met: "met" = "clock-met",
        /// Met, but late.
        MetLate: "late" = "clock-met-late",
        /// Never met.
        Unmet: "unmet" = "clock-unmet",
        /// The duty fell away: the incident was withdrawn.
        FellAway: "fell-away" = "clock-fell-away",
        /// Replaced by another clock on regrading.
        Replaced: "replaced" = "clock-replaced",
        /// Extended: a new clock names this one.
        Extended: "extended" = "clock-extended",
    }
}

words! {
    /// How a report is made.
    ReportForm {
        /// Spoken (口头).
        Oral: "oral" = "form-oral",
        /// Written (书面).
        Written: "written" = "form-written",
    }
}

words! {
    /// Place of a report in its series.
    ReportKind {
        /// First (首报).
        First: "first" = "report-first",
        /// Follow-up (续报).
        FollowUp: "follow-up" = "report-follow-up",
        /// Final (终报).
        Final: "final" = "report-final",
    }
}

words! {
    /// By what means a report was made.
    Means {
        /// Telephone.
        Phone: "phone" = "means-phone",
        /// Face to face.
        InPerson: "in-person" = "means-in-person",
        /// Fax.
        Fax: "fax" = "means-fax",
        /// E-mail.
        Email: "email" = "means-email",
        /// Official document exchange.
        Document: "document" = "means-document",
        /// Another system.
        System: "system" = "means-system",
    }
}

words! {
    /// State of a cell in the grid of reports.
    DutyMark {
        /// No such duty.
        None: "none" = "duty-none",
        /// Its clock runs.
        Running: "running" = "clock-running",
        /// Its clock runs out soon.
        DueSoon: "soon" = "clock-soon",
        /// Past due.
        Overdue: "overdue" = "clock-overdue",
        /// Sent, and the receipt is still missing.
        AwaitingReceipt: "receipt" = "duty-receipt",
        /// Done in time.
        Met: "met" = "clock-met",
        /// Done, but late.
        MetLate: "late" = "clock-met-late",
        /// Not done.
        Lapsed: "lapsed" = "clock-lapsed",
    }
}

words! {
    /// State of an event.
    EventState {
        /// Nobody has judged it.
        New: "new" = "event-state-new",
        /// Judged to be an incident.
        Incident: "incident" = "event-state-incident",
        /// A false positive (误报).
        FalsePositive: "false-positive" = "event-state-false-positive",
        /// Not ours; handed on (移交).
        NotOurs: "not-ours" = "event-state-not-ours",
    }
}

words! {
    /// Outcome of a triage: exactly three.
    TriageOutcome {
        /// A security event.
        Incident: "incident" = "triage-incident",
        /// A false alarm.
        FalsePositive: "false-positive" = "triage-false-positive",
        /// Nothing to do with network security here.
        NotOurs: "not-ours" = "triage-not-ours",
    }
}

words! {
    /// Whether a condition holds, by what is known.
    Truth {
        /// It holds.
        True: "true" = "truth-true",
        /// It does not hold.
        False: "false" = "truth-false",
        /// An answer is missing.
        Unknown: "unknown" = "truth-unknown",
    }
}

words! {
    /// State of a response.
    ResponseState {
        /// None was proposed yet.
        None: "none" = "response-none",
        /// Proposed, and waiting for the decision.
        Proposed: "proposed" = "response-proposed",
        /// Running.
        Started: "started" = "response-started",
        /// Running, with a proposal to end it.
        EndProposed: "end-proposed" = "response-end-proposed",
        /// Ended.
        Ended: "ended" = "response-ended",
    }
}

words! {
    /// A step about a response that somebody proposes or decides.
    ResponseStep {
        /// Start it.
        Start: "start" = "response-step-start",
        /// Change its level or range.
        Adjust: "adjust" = "response-step-adjust",
        /// End it.
        End: "end" = "response-step-end",
    }
}

words! {
    /// What waits for an approval.
    ApprovalKind {
        /// A level to be confirmed.
        Grade: "grade" = "approval-grade",
        /// A response to be started, adjusted or ended.
        Response: "response" = "approval-response",
        /// A disposal plan to be verified or approved.
        Disposal: "disposal" = "approval-disposal",
        /// A clock to be extended.
        Extension: "extension" = "approval-extension",
        /// A text to be checked or released.
        Publication: "publication" = "approval-publication",
    }
}

words! {
    /// Role of an account on this node.
    AccountRole {
        /// Runs the system; reads no case.
        Administrator: "administrator" = "role-administrator",
        /// Works the desk (值班员).
        DutyOfficer: "duty-officer" = "role-duty-officer",
        /// Confirms levels, decides responses and plans.
        Commander: "commander" = "role-commander",
        /// Works the steps.
        Handler: "handler" = "role-handler",
        /// Speaks for a member unit.
        Liaison: "liaison" = "role-liaison",
        /// Keeps the threat library.
        Analyst: "analyst" = "role-analyst",
        /// Reads the ledger; changes nothing.
        Auditor: "auditor" = "role-auditor",
    }
}

words! {
    /// State of an account or a token.
    AccessState {
        /// In use.
        Active: "active" = "access-active",
        /// Its set-up link was not used yet.
        Invited: "invited" = "access-invited",
        /// Switched off.
        Disabled: "disabled" = "access-disabled",
        /// Past its last day.
        Expired: "expired" = "access-expired",
        /// Withdrawn.
        Revoked: "revoked" = "access-revoked",
    }
}

words! {
    /// Weight of a finding about a plan.
    FindingWeight {
        /// The plan must not be relied on.
        Error: "error" = "finding-error",
        /// Somebody should look.
        Warning: "warning" = "finding-warning",
        /// Good to know.
        Note: "note" = "finding-note",
    }
}

words! {
    /// State of something watched: a source of logs, a part of the node.
    Health {
        /// Works.
        Good: "good" = "health-good",
        /// Works, with something to look at.
        Degraded: "degraded" = "health-degraded",
        /// Does not work.
        Failing: "failing" = "health-failing",
        /// Stopped on purpose.
        Stopped: "stopped" = "health-stopped",
    }
}

words! {
    /// What kind of value an indicator is.
    IndicatorKind {
        /// A domain name.
        Domain: "domain" = "indicator-domain",
        /// An address or a network.
        Ip: "ip" = "indicator-ip",
        /// An address and a port.
        IpPort: "ip-port" = "indicator-ip-port",
        /// A URL.
        Url: "url" = "indicator-url",
        /// A file hash.
        Hash: "hash" = "indicator-hash",
    }
}

words! {
    /// Section of the console, as the menu lists them.
    Section {
        /// Duty desk.
        Desk: "desk" = "nav-desk",
        /// Events.
        Events: "events" = "nav-events",
        /// Incidents.
        Incidents: "incidents" = "nav-incidents",
        /// Sightings of indicators.
        Sightings: "sightings" = "nav-sightings",
        /// Indicator lists.
        Indicators: "indicators" = "nav-indicators",
        /// The emergency database.
        Resources: "resources" = "nav-resources",
        /// Standing duties.
        Duties: "duties" = "nav-duties",
        /// Plans.
        Plans: "plans" = "nav-plans",
        /// The ledger.
        Ledger: "ledger" = "nav-ledger",
        /// Sources of logs.
        Sources: "sources" = "nav-sources",
        /// Accounts.
        Users: "users" = "nav-users",
        /// API tokens.
        Tokens: "tokens" = "nav-tokens",
        /// State of the node.
        Node: "node" = "nav-node",
        /// The reader's own account: not in the menu.
        Account: "account" = "nav-account",
    }
}

impl Section {
    /// Where the section begins.
    pub fn href(self) -> &'static str {
        match self {
            Self::Desk => "/",
            Self::Events => "/events",
            Self::Incidents => "/incidents",
            Self::Sightings => "/sightings",
            Self::Indicators => "/indicators",
            Self::Resources => "/resources",
            Self::Duties => "/duties",
            Self::Plans => "/plans",
            Self::Ledger => "/ledger",
            Self::Sources => "/sources",
            Self::Users => "/users",
            Self::Tokens => "/tokens",
            Self::Node => "/node",
            Self::Account => "/account",
        }
    }
}

words! {
    /// Tab of an incident, in order.
    IncidentTab {
        /// Level and why, facts, derived incidents.
        Overview: "" = "tab-overview",
        /// Clocks.
        Clocks: "clocks" = "tab-clocks",
        /// Reports.
        Reports: "reports" = "tab-reports",
        /// Response, headquarters, immediate actions.
        Response: "response" = "tab-response",
        /// Playbooks.
        Playbooks: "playbooks" = "tab-playbooks",
        /// Disposal plan.
        Disposal: "disposal" = "tab-disposal",
        /// Orders, calls of experts, operating permissions.
        Orders: "orders" = "tab-orders",
        /// Evidence.
        Evidence: "evidence" = "tab-evidence",
        /// People.
        People: "people" = "tab-people",
        /// Publications, review, filing, archive.
        Closing: "closing" = "tab-closing",
        /// Everything that happened.
        Timeline: "timeline" = "tab-timeline",
    }
}

words! {
    /// Weight of a message to the reader.
    Tone {
        /// It worked.
        Good: "good" = "tone-good",
        /// Good to know.
        Info: "info" = "tone-info",
        /// Look at this.
        Warning: "warning" = "tone-warning",
        /// It did not work.
        Bad: "bad" = "tone-bad",
    }
}

words! {
    /// What just happened, said once after a form was accepted (`?done=CODE`).
    Notice {
        /// An event was saved.
        EventSaved: "event-saved" = "done-event-saved",
        /// An event was completed or amended.
        EventAmended: "event-amended" = "done-event-amended",
        /// A triage was recorded.
        Triaged: "triaged" = "done-triaged",
        /// An incident was verified.
        Verified: "verified" = "done-verified",
        /// Facts were recorded.
        FactsSaved: "facts-saved" = "done-facts-saved",
        /// The analysis was written.
        AnalysisSaved: "analysis-saved" = "done-analysis-saved",
        /// The class of an incident was changed.
        CategoryChanged: "category-changed" = "done-category-changed",
        /// The time at which a body became aware was corrected.
        AwarenessCorrected: "awareness-corrected" = "done-awareness-corrected",
        /// The time of occurrence was recorded.
        OccurrenceCorrected: "occurrence-corrected" = "done-occurrence-corrected",
        /// A note was written.
        NoteSaved: "note-saved" = "done-note-saved",
        /// Another plan governs an incident, or does not any longer.
        PlansChanged: "plans-changed" = "done-plans-changed",
        /// An incident was withdrawn.
        Withdrawn: "withdrawn" = "done-withdrawn",
        /// A level was confirmed or overridden.
        LevelConfirmed: "level-confirmed" = "done-level-confirmed",
        /// A report was recorded.
        ReportSaved: "report-saved" = "done-report-saved",
        /// A receipt was recorded.
        ReceiptSaved: "receipt-saved" = "done-receipt-saved",
        /// A step about a response was proposed.
        Proposed: "proposed" = "done-proposed",
        /// A step about a response was decided.
        Decided: "decided" = "done-decided",
        /// An immediate action was recorded.
        ActionSaved: "action-saved" = "done-action-saved",
        /// A disposal plan moved on.
        DisposalSaved: "disposal-saved" = "done-disposal-saved",
        /// An order was given, answered or withdrawn.
        OrderSaved: "order-saved" = "done-order-saved",
        /// Something was pinned, or a pin was taken away.
        Pinned: "pinned" = "done-pinned",
        /// A playbook was started.
        PlaybookStarted: "playbook-started" = "done-playbook-started",
        /// A step of a playbook was done, answered, left out or taken first, or a gate passed.
        PlaybookSaved: "playbook-saved" = "done-playbook-saved",
        /// A playbook was stopped.
        PlaybookStopped: "playbook-stopped" = "done-playbook-stopped",
        /// An operating permission was given or withdrawn.
        GrantSaved: "grant-saved" = "done-grant-saved",
        /// Evidence was taken in or handed over.
        EvidenceSaved: "evidence-saved" = "done-evidence-saved",
        /// Somebody took or left a role.
        RoleSaved: "role-saved" = "done-role-saved",
        /// A derived incident was linked or closed.
        DerivedSaved: "derived-saved" = "done-derived-saved",
        /// A publication moved on.
        PublicationSaved: "publication-saved" = "done-publication-saved",
        /// A review was saved.
        ReviewSaved: "review-saved" = "done-review-saved",
        /// The closing package was filed.
        Filed: "filed" = "done-filed",
        /// The incident was archived.
        Archived: "archived" = "done-archived",
        /// A clock was extended.
        Extended: "extended" = "done-extended",
        /// An account was changed.
        UserSaved: "user-saved" = "done-user-saved",
        /// A token was revoked.
        TokenRevoked: "token-revoked" = "done-token-revoked",
        /// The reader's own settings were saved.
        SettingsSaved: "settings-saved" = "done-settings-saved",
        /// Another session of the reader was ended.
        SessionEnded: "session-ended" = "done-session-ended",
        /// A resource was added.
        ResourceAdded: "resource-added" = "done-resource-added",
        /// A resource was amended, looked at or retired.
        ResourceSaved: "resource-saved" = "done-resource-saved",
        /// A duty book was opened.
        DutyBookOpened: "duty-book-opened" = "done-duty-book-opened",
        /// Something about a standing duty was recorded.
        DutySaved: "duty-saved" = "done-duty-saved",
        /// An option of a default was chosen.
        OptionChosen: "option-chosen" = "done-option-chosen",
        /// Signed out.
        SignedOut: "signed-out" = "done-signed-out",
    }
}

/// How a state looks: a shape that is read without colour, and a tone.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Look {
    /// The icon.
    pub icon: &'static str,
    /// `quiet`, `strong`, `good`, `warn` or `bad`.
    pub tone: &'static str,
}

/// The look of the state with this code: one table, so that a state looks the same on every page.
///
/// Normal states are quiet. Colour is kept for what is abnormal.
pub fn look(code: &str) -> Look {
    let (icon, tone) = match code {
        "good" => ("check", "good"),
        "true" | "met" | "done" | "approved" | "executed" | "released" | "active" | "verified" | "pass"
        | "available" | "holds" => ("check", "quiet"),
        "late" => ("check", "warn"),
        "started" | "running" | "acknowledged" | "progress" | "arrived" | "in-use" | "possible" => {
            ("ring", "strong")
        }
        "soon" | "out-of-date" => ("half", "warn"),
        "overdue" => ("alarm", "bad"),
        "lapsed" | "unmet" | "failing" | "error" | "bad" | "fail" | "not-possible" | "broken" | "missed" => {
            ("cross", "bad")
        }
        "out-of-service" => ("cross", "warn"),
        "revoked" | "false" => ("cross", "quiet"),
        "warning" | "degraded" => ("warning", "warn"),
        "returned" => ("return", "warn"),
        "replaced" | "extended" | "superseded" => ("return", "quiet"),
        "given" | "proposed" | "end-proposed" | "drafted" | "receipt" | "invited" | "held" => {
            ("wait", "strong")
        }
        "new" => ("dot", "strong"),
        "incident" => ("incidents", "strong"),
        "false-positive" => ("false-positive", "quiet"),
        "not-ours" => ("not-ours", "quiet"),
        "unknown" => ("question", "quiet"),
        "never-vouched" => ("question", "warn"),
        "owed" => ("wait", "quiet"),
        "note" | "info" | "remarks" => ("info", "quiet"),
        // Stopped, ended, disabled, expired, none: nothing goes on there.
        _ => ("dash", "quiet"),
    };
    Look { icon, tone }
}
