//! Closed sets and their stable names on the wire.
//!
//! Words are in snake case. Roles, permissions and levels keep the names people know them by, the same on
//! the command line and in the ledger.

use fengsui_domain::clock;
use fengsui_domain::event;
use fengsui_domain::expr;
use fengsui_domain::incident;
use fengsui_domain::level;
use fengsui_domain::permission;
use fengsui_domain::plan;
use fengsui_domain::resource;
use utoipa::openapi::schema::{ObjectBuilder, Type};
use utoipa::openapi::{RefOr, Schema};

/// The schema of a closed set: its names, and in its description what each means.
///
/// Written out here, since the derived schema does not see a name that comes from a macro.
pub(super) fn closed_set(says: &str, names: &[(&str, &str)]) -> RefOr<Schema> {
    let lines = names.iter().map(|(name, means)| format!("\n- `{name}`: {}", means.trim()));
    let description: String = std::iter::once(says.trim().to_owned()).chain(lines).collect();
    let values = names.iter().map(|(name, _)| *name);
    let set = ObjectBuilder::new().schema_type(Type::String).enum_values(Some(values));
    set.description(Some(description)).into()
}

/// Gives an enum with names from a macro its schema.
macro_rules! named_schema {
    ($name:ident, $says:expr, $names:expr) => {
        impl utoipa::PartialSchema for $name {
            fn schema() -> utoipa::openapi::RefOr<utoipa::openapi::Schema> {
                $crate::api::names::closed_set($says, $names)
            }
        }

        impl utoipa::ToSchema for $name {
            fn name() -> std::borrow::Cow<'static, str> {
                std::borrow::Cow::Borrowed(stringify!($name))
            }
        }
    };
}
pub(super) use named_schema;

/// Declares the wire form of a domain enum: the same variants, each with its name, converted both ways.
macro_rules! mirror {
    ($(#[doc = $doc:literal])* $name:ident = $domain:ty {
        $($(#[doc = $item:literal])* $variant:ident = $text:literal,)*
    }) => {
        $(#[doc = $doc])*
        #[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, serde::Serialize, serde::Deserialize)]
        pub enum $name { $($(#[doc = $item])* #[serde(rename = $text)] $variant,)* }

        named_schema!($name, concat!($($doc),*), &[$(($text, concat!($($item),*)),)*]);

        impl $name {
            /// Every value, in order.
            pub const ALL: &'static [Self] = &[$(Self::$variant,)*];

            /// The stable name.
            pub fn as_str(self) -> &'static str {
                match self { $(Self::$variant => $text,)* }
            }
        }

        impl From<$domain> for $name {
            fn from(value: $domain) -> Self {
                match value { $(<$domain>::$variant => Self::$variant,)* }
            }
        }

        impl From<$name> for $domain {
            fn from(value: $name) -> Self {
                match value { $($name::$variant => <$domain>::$variant,)* }
            }
        }
    };
}

mod duty;

pub use duty::{DutyCycle, DutyKindName, DutyOutcome, DutyStands, DutyTest};

mirror! {
    /// The grade of an incident or of the response to it; `I` is the worst.
    IncidentLevel = level::IncidentLevel {
        /// Especially major (特别重大).
        I = "I",
        /// Major (重大).
        II = "II",
        /// Larger (较大).
        III = "III",
        /// General (一般).
        IV = "IV",
    }
}

mirror! {
    /// Where event information comes from.
    Source = event::Source {
        /// The monitoring system.
        Monitoring = "monitoring",
        /// A circular of a higher or other functional body.
        Circular = "circular",
        /// A report by the public or by a responsible unit.
        Report = "report",
    }
}

mirror! {
    /// Where an event stands.
    EventState = event::EventState {
        /// It waits for triage.
        New = "new",
        /// It became an incident.
        Incident = "incident",
        /// It was a false alarm.
        FalsePositive = "false_positive",
        /// It was handed on.
        NotOurs = "not_ours",
    }
}

mirror! {
    /// How a level came about.
    GradingKind = incident::GradingKind {
        /// Taken at triage, before analysis.
        Provisional = "provisional",
        /// A person confirmed what the rules propose.
        Confirmed = "confirmed",
        /// A person decided otherwise, with a reason.
        Overridden = "overridden",
    }
}

mirror! {
    /// First, follow-up or final report.
    ReportKind = incident::ReportKind {
        /// First report (首报).
        First = "first",
        /// Follow-up report (续报).
        FollowUp = "follow_up",
        /// Final report (终报).
        Final = "final",
    }
}

mirror! {
    /// How a report is made.
    Form = plan::Form {
        /// Spoken.
        Oral = "oral",
        /// Written, with a receipt.
        Written = "written",
    }
}

mirror! {
    /// The recorded fact that starts a clock.
    ClockStart = plan::ClockStart {
        /// The obliged body became aware of the event.
        BodyBecameAware = "body_became_aware",
        /// The level was confirmed or changed.
        LevelConfirmed = "level_confirmed",
        /// The response was ended.
        ResponseEnded = "response_ended",
        /// A level was judged, be it provisionally.
        LevelJudged = "level_judged",
        /// The response was started, or brought to the level the rule asks for.
        ResponseStarted = "response_started",
        /// The review was completed.
        ReviewCompleted = "review_completed",
        /// A report was made that met a clock this one comes after.
        ReportMade = "report_made",
        /// An order was given to the obliged body.
        OrderGiven = "order_given",
        /// A playbook was started; counted from when what it is about was found.
        PlaybookStarted = "playbook_started",
        /// A step of a playbook became possible.
        StepReady = "step_ready",
        /// The event happened, as far as is known; else the obliged body became aware.
        Occurred = "occurred",
        /// A playbook was started; counted from that act.
        PlaybookBegun = "playbook_begun",
    }
}

mirror! {
    /// The recorded fact that meets a clock.
    ClockMeets = plan::ClockMeets {
        /// A report of the duty's form; a written one once receipted.
        Report = "report",
        /// The first immediate action.
        ImmediateAction = "immediate_action",
        /// The response was proposed or decided.
        ResponseRequested = "response_requested",
        /// The review was completed.
        Review = "review",
        /// The closing package was filed and receipted.
        Filing = "filing",
        /// The response runs at the incident's level or above.
        ResponseStarted = "response_started",
        /// The order was acknowledged, or reported on.
        OrderAcknowledged = "order_acknowledged",
        /// The order was reported done, or not possible.
        OrderAnswered = "order_answered",
        /// The step of the playbook was done.
        StepDone = "step_done",
    }
}

mirror! {
    /// Why a clock was replaced.
    ReplacedWhy = clock::ReplacedWhy {
        /// The level or a mark changed.
        Regraded = "regraded",
        /// The recorded time of awareness was corrected.
        StartCorrected = "start_corrected",
        /// It was extended, with reason and approver.
        Extended = "extended",
        /// The order it was about was withdrawn.
        OrderWithdrawn = "order_withdrawn",
        /// The step of a playbook it was about is not taken, or the playbook was stopped.
        StepFellAway = "step_fell_away",
        /// The incident was withdrawn.
        Withdrawn = "withdrawn",
        /// The incident was archived with the duty still open.
        Archived = "archived",
        /// The response ended, and with it a duty that lasts as long as the response.
        ResponseEnded = "response_ended",
        /// The class was changed to one that another plan governs.
        Routed = "routed",
        /// The plan it comes from was taken off the incident.
        PlanDetached = "plan_detached",
    }
}

mirror! {
    /// Whether a condition holds; `unknown` as long as an answer is missing that could decide it.
    Truth = expr::Truth {
        /// It does not hold.
        False = "false",
        /// An answer is missing.
        Unknown = "unknown",
        /// It holds.
        True = "true",
    }
}

mirror! {
    /// How a disposal plan stands.
    DisposalState = incident::DisposalState {
        /// It waits for verification.
        Drafted = "drafted",
        /// It passed verification and waits for approval.
        Verified = "verified",
        /// It did not pass verification.
        Failed = "failed",
        /// It was approved; its steps may be carried out.
        Approved = "approved",
        /// It was sent back.
        Returned = "returned",
        /// It was rejected.
        Rejected = "rejected",
        /// All its steps were carried out.
        Done = "done",
    }
}

mirror! {
    /// What is decided on a disposal plan.
    DisposalVerdict = incident::DisposalVerdict {
        /// Carry it out.
        Approve = "approve",
        /// Send it back to be mended.
        Return = "return",
        /// Do not carry it out.
        Reject = "reject",
    }
}

mirror! {
    /// What a verifier found.
    DisposalFinding = incident::Finding {
        /// It passes.
        Pass = "pass",
        /// It does not pass.
        Fail = "fail",
        /// Remarks only, for whoever sums up.
        Remarks = "remarks",
    }
}

mirror! {
    /// What a resource is.
    ResourceKind = resource::ResourceKind {
        /// A technical expert (专家).
        Expert = "expert",
        /// A team that can be called (应急队伍).
        Team = "team",
        /// Network and communication resources (网络与通信资源).
        Network = "network",
        /// A computer (计算机).
        Computer = "computer",
        /// A network device (网络设备).
        NetworkDevice = "network_device",
        /// A security device (安全设备).
        SecurityDevice = "security_device",
        /// Software (软件).
        Software = "software",
        /// Other equipment, tools and vehicles in reserve (物资).
        Material = "material",
        /// A past case of handling (处置案例).
        Case = "case",
        /// A solution that is known (解决方案).
        Solution = "solution",
    }
}

mirror! {
    /// What a report on an order comes to.
    OrderOutcome = incident::OrderOutcome {
        /// It goes on.
        Progress = "progress",
        /// The expert, the team or the goods arrived.
        Arrived = "arrived",
        /// It was carried out.
        Done = "done",
        /// It cannot be carried out.
        NotPossible = "not_possible",
    }
}

mirror! {
    /// A field of expertise.
    Expertise = resource::Expertise {
        /// Information security (信息安全).
        InformationSecurity = "information_security",
        /// Networks (网络).
        Network = "network",
        /// Information systems (信息系统).
        InformationSystem = "information_system",
        /// Another technical field (其他).
        Other = "other",
    }
}

mirror! {
    /// How an order stands.
    OrderState = incident::OrderState {
        /// Nobody has answered.
        Given = "given",
        /// It was acknowledged, or work on it was reported.
        Acknowledged = "acknowledged",
        /// It was carried out.
        Done = "done",
        /// It cannot be carried out.
        NotPossible = "not_possible",
        /// It was withdrawn.
        Withdrawn = "withdrawn",
    }
}

mirror! {
    /// Whether a resource can be had.
    Standing = resource::Standing {
        /// It can be had.
        Available = "available",
        /// It is at work somewhere.
        InUse = "in_use",
        /// It cannot be used.
        OutOfService = "out_of_service",
    }
}

mirror! {
    /// Why an operating permission ended before its time.
    GrantEndWhy = incident::GrantEndWhy {
        /// It was withdrawn.
        Withdrawn = "withdrawn",
        /// The response, or the incident, ended.
        Ended = "ended",
    }
}

mirror! {
    /// How a category is related to the incident's.
    Relation = resource::offer::Relation {
        /// It is the incident's own.
        Same = "same",
        /// It is one of another taxonomy that the plan says matches.
        Matching = "matching",
        /// It is a wider one.
        Wider = "wider",
        /// It is a narrower one.
        Narrower = "narrower",
    }
}

mirror! {
    /// A system role.
    SystemRole = permission::SystemRole {
        /// Runs the system; cannot read cases.
        Administrator = "administrator",
        /// Watches the desk.
        DutyOfficer = "duty-officer",
        /// Decides levels, responses, plans and publications.
        Commander = "commander",
        /// Works the steps of a response.
        Handler = "handler",
        /// Links a unit: hands in events.
        Liaison = "liaison",
        /// Keeps indicators and studies cases; decides nothing.
        Analyst = "analyst",
        /// Reads the ledger and changes nothing.
        Auditor = "auditor",
    }
}

mirror! {
    /// One door of the system.
    Permission = permission::Permission {
        /// List and create accounts, reset, disable.
        AccountManage = "account.manage",
        /// Create and revoke any token.
        TokenManage = "token.manage",
        /// See settings, sources and health in detail.
        NodeRead = "node.read",
        /// Change sources and settings.
        NodeManage = "node.manage",
        /// Read events, incidents and the desk.
        CaseRead = "case.read",
        /// Record and amend events.
        EventRecord = "event.record",
        /// Judge what an event is.
        EventTriage = "event.triage",
        /// Read the personal data of a reporter or a contact; every read is an entry.
        PersonalRead = "personal.read",
        /// Work on an incident.
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
        /// Search the emergency database.
        ResourceRead = "resource.read",
        /// Add, amend, import and retire resources.
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

/// Where an incident stands.
#[derive(
    Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, serde::Serialize, serde::Deserialize, utoipa::ToSchema,
)]
#[serde(rename_all = "snake_case")]
pub enum Phase {
    /// Judged to be an incident, not yet verified.
    Judged,
    /// Verified; losses, severity and spread are being analysed.
    Analysing,
    /// Its level was confirmed by a person.
    Graded,
    /// The response runs.
    Responding,
    /// The response was ended.
    Ended,
    /// The review was completed.
    Reviewed,
    /// Filed, receipted and sealed.
    Archived,
    /// A redone triage found that it is no incident.
    Withdrawn,
}

impl Phase {
    /// All phases, in order.
    pub const ALL: [Self; 8] = [
        Self::Judged,
        Self::Analysing,
        Self::Graded,
        Self::Responding,
        Self::Ended,
        Self::Reviewed,
        Self::Archived,
        Self::Withdrawn,
    ];

    /// The stable name, the same as in the core.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Judged => "judged",
            Self::Analysing => "analysing",
            Self::Graded => "graded",
            Self::Responding => "responding",
            Self::Ended => "ended",
            Self::Reviewed => "reviewed",
            Self::Archived => "archived",
            Self::Withdrawn => "withdrawn",
        }
    }

    /// The phase a name stands for.
    pub fn parse(name: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|phase| phase.as_str() == name)
    }
}

impl From<&incident::Phase> for Phase {
    fn from(phase: &incident::Phase) -> Self {
        match phase {
            incident::Phase::Judged(_) => Self::Judged,
            incident::Phase::Analysing(_) => Self::Analysing,
            incident::Phase::Graded(_) => Self::Graded,
            incident::Phase::Responding(_) => Self::Responding,
            incident::Phase::Ended(_) => Self::Ended,
            incident::Phase::Reviewed(_) => Self::Reviewed,
            incident::Phase::Archived(_) => Self::Archived,
            incident::Phase::Withdrawn(_) => Self::Withdrawn,
        }
    }
}
