//! What can be typed. One definition feeds parser, help and completions.

use std::net::SocketAddr;
use std::path::PathBuf;

use clap::{Args, Parser, Subcommand, ValueEnum};
use fengsui_matcher::list::ListFormat;

/// Fengsui (烽燧): network-security incident emergency management. 网络安全事件应急管理。
#[derive(Debug, Parser)]
#[command(name = "fengsui", version, max_term_width = 100)]
pub(crate) struct Cli {
    /// How logs are written to stderr
    #[arg(long, global = true, value_enum, default_value = "text", env = "FENGSUI_LOG_FORMAT")]
    pub(crate) log_format: LogFormat,
    #[command(subcommand)]
    pub(crate) command: Command,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
pub(crate) enum LogFormat {
    /// Lines for people
    Text,
    /// One JSON object a line
    Json,
}

#[derive(Debug, Subcommand)]
pub(crate) enum Command {
    /// Run a node: console, API, timers, log sources
    Serve(Serve),
    /// Read and check plan packs
    #[command(subcommand)]
    Plan(Plan),
    /// Search logs for indicators, offline
    Match(Match),
    /// Take indicator lists into a node, on its data folder or by its address
    Import(Import),
    /// Verify and export the ledger
    #[command(subcommand)]
    Ledger(Ledger),
    /// Move a node's rows from their file into a database of a PostgreSQL server
    Migrate(Data),
    /// Make a backup of a node, sealed for those who may restore it; also while it runs
    Backup(Backup),
    /// Restore a node from a backup, in a new epoch of its ledger, or try whether that would work
    Restore(Restore),
    /// Create, list and revoke API tokens
    #[command(subcommand)]
    Token(Token),
    /// Create and list accounts, make a new one-time link
    #[command(subcommand)]
    User(User),
    /// Run drills in virtual time: real plans and real rules, simulated people, nothing leaves the program
    #[command(subcommand)]
    Drill(Drill),
    /// Run a demonstration: three months of an invented city, made by the real engine, and a live feed
    Demo(Demo),
}

/// The data folder of a node.
#[derive(Args, Clone, Debug)]
pub(crate) struct Data {
    /// Data folder of the node
    #[arg(long, value_name = "DIR", default_value = "./fengsui-data", env = "FENGSUI_DATA")]
    pub(crate) data: PathBuf,
    /// Database of a PostgreSQL server (`postgres://…`), instead of a file in the data folder
    #[arg(long, value_name = "URL", env = "FENGSUI_DATABASE", hide_env_values = true)]
    pub(crate) database: Option<String>,
}

#[derive(Args, Debug)]
pub(crate) struct Serve {
    #[command(flatten)]
    pub(crate) data: Data,
    /// Address to listen on
    #[arg(long, value_name = "ADDR", default_value = "127.0.0.1:8470", env = "FENGSUI_LISTEN")]
    pub(crate) listen: SocketAddr,
    /// Name of the node, the origin of its ledger; counts when the node is made
    #[arg(long, default_value = "fengsui.local")]
    pub(crate) name: String,
    /// The node's own plan from now on, by its id: a shipped one, or one in `plans/` of the data folder
    #[arg(long, value_name = "ID")]
    pub(crate) plan: Option<String>,
    /// Log file to follow; may be given several times
    #[arg(long, value_name = "FILE")]
    pub(crate) watch: Vec<PathBuf>,
    /// Indicator list to load at start (plain, CSV or hosts); may be given several times
    #[arg(long, value_name = "FILE")]
    pub(crate) indicators: Vec<PathBuf>,
    /// Read log lines from standard input as well
    #[arg(long)]
    pub(crate) stdin: bool,
    /// Take syslog over UDP and TCP on this address
    #[arg(long, value_name = "ADDR")]
    pub(crate) syslog: Option<SocketAddr>,
    /// Zone of log lines that name none
    #[arg(long, value_name = "ZONE", default_value = "UTC")]
    pub(crate) log_zone: String,
    /// Make backups in this folder by itself, and try each week whether the newest would restore
    #[arg(long, value_name = "DIR", requires = "backup_recipient", env = "FENGSUI_BACKUP_TO")]
    pub(crate) backup_to: Option<PathBuf>,
    /// Who may restore them: an age recipient, as `fengsui backup key` prints one; may be given several times
    #[arg(long, value_name = "KEY", env = "FENGSUI_BACKUP_RECIPIENT")]
    pub(crate) backup_recipient: Vec<String>,
    /// Hours between two of them
    #[arg(long, value_name = "HOURS", default_value_t = 24, value_parser = clap::value_parser!(u16).range(1..))]
    pub(crate) backup_every: u16,
    /// How many of them are kept
    #[arg(long, value_name = "COUNT", default_value_t = 14, value_parser = clap::value_parser!(u16).range(1..))]
    pub(crate) backup_keep: u16,
}

/// What the command line chooses of what a plan leaves open.
#[derive(Debug, Args)]
pub(crate) struct Chosen {
    /// Choose an option of a default, as `default=option`; may be given several times
    #[arg(long, value_name = "DEFAULT=OPTION")]
    pub(crate) choose: Vec<String>,
}

#[derive(Debug, Subcommand)]
pub(crate) enum Plan {
    /// List the plan packs at hand
    List {
        /// Print JSON
        #[arg(long)]
        json: bool,
    },
    /// Print a plan as a readable document, the clause beside each rule
    Show {
        /// Id of a shipped plan, or a folder
        plan: String,
        #[command(flatten)]
        chosen: Chosen,
        /// Language of the document
        #[arg(long, value_enum, default_value = "zh")]
        lang: Lang,
    },
    /// List what the document leaves open, how the pack settles it, and what may be chosen instead
    Defaults {
        /// Id of a shipped plan, or a folder
        plan: String,
        #[command(flatten)]
        chosen: Chosen,
        /// Language of the list
        #[arg(long, value_enum, default_value = "zh")]
        lang: Lang,
        /// Print JSON
        #[arg(long)]
        json: bool,
    },
    /// Say what plans ask for in a situation: who owes what by when, why, and what one other answer would change
    Obligations {
        /// Ids of shipped plans, or folders
        #[arg(required = true)]
        plans: Vec<String>,
        /// An answer, as `fact=answer`; of the plans that have the fact
        #[arg(long = "fact", value_name = "FACT=ANSWER")]
        facts: Vec<String>,
        /// The level; what the rules propose if left out, and the worst still allowed while they cannot
        #[arg(long, value_name = "LEVEL")]
        level: Option<String>,
        /// The level of the response, if one runs
        #[arg(long, value_name = "LEVEL")]
        response: Option<String>,
        /// Say when each duty falls due if it begins at this instant, as in 2026-12-30T18:00:00+01:00
        #[arg(long, value_name = "INSTANT")]
        start: Option<jiff::Timestamp>,
        #[command(flatten)]
        chosen: Chosen,
        /// Language of the document
        #[arg(long, value_enum, default_value = "zh")]
        lang: Lang,
        /// Print JSON
        #[arg(long)]
        json: bool,
    },
    /// Say what a plan makes of a threat: the colour of the warning and why, who may issue it, what it obliges to
    ///
    /// Asked of the plan alone: nothing is issued, sent or kept. Without a colour the one that the rules propose
    /// counts, and while they cannot, the worst that the answers still allow; what one other answer would change
    /// is said. Where the colours of a plan stand for the levels of incidents, the answers are those to its
    /// questions about an incident, for what happened or is expected. With a body, it is said whether that body
    /// may issue the warning, after whose decision, or why not; exit code 1 if it must not.
    Warning {
        /// Id of a shipped plan, or a folder
        plan: String,
        /// An answer, as `fact=answer`
        #[arg(long = "fact", value_name = "FACT=ANSWER")]
        facts: Vec<String>,
        /// The colour that a person decided on: red, orange, yellow, blue
        #[arg(long, value_name = "COLOUR")]
        colour: Option<String>,
        /// The body that wants to issue it, by its id in the plan
        #[arg(long, value_name = "BODY")]
        by: Option<String>,
        /// How far it reaches: own-industry, own-region, industries-in-region, several-regions, several-industries, whole
        #[arg(long, value_name = "REACH", default_value = "own-region")]
        reach: String,
        /// Language of the document
        #[arg(long, value_enum, default_value = "zh")]
        lang: Lang,
        /// Print JSON
        #[arg(long)]
        json: bool,
    },
    /// Say in words what differs between two plans, or two versions of one
    Diff {
        /// Id of a shipped plan, or a folder: what it said
        before: String,
        /// Id of a shipped plan, or a folder: what it says
        after: String,
        /// Choose an option of a default in the second plan, as `default=option`; may be given several times
        #[arg(long, value_name = "DEFAULT=OPTION")]
        choose: Vec<String>,
        /// Language of the document
        #[arg(long, value_enum, default_value = "zh")]
        lang: Lang,
        /// Print JSON
        #[arg(long)]
        json: bool,
    },
    /// Say of each clause whether a rule that a test ran carries it, a record that is kept, or nothing
    Coverage {
        /// Id of a shipped plan, or a folder; all shipped ones if left out
        plan: Option<String>,
        /// Register of clauses (TOML), instead of the clauses the packs list; may be given several times
        #[arg(long, value_name = "FILE")]
        clauses: Vec<PathBuf>,
        /// Print JSON
        #[arg(long)]
        json: bool,
    },
    /// Print one playbook of a plan as a card for offline use: plain text, no wider than a sheet of A4
    Card {
        /// Id of a shipped plan, or a folder
        plan: String,
        /// Id of the playbook
        playbook: String,
        /// Language of the card
        #[arg(long, value_enum, default_value = "zh")]
        lang: Lang,
    },
    /// Check plan packs: shipped ones by id, others by folder; all shipped ones if none is named
    Check {
        /// Ids or folders
        plans: Vec<String>,
        /// The day from which the plans are to be relied on, as in 2026-11-23; today if left out
        #[arg(long, value_name = "DATE")]
        on: Option<jiff::civil::Date>,
        /// Print JSON
        #[arg(long)]
        json: bool,
    },
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
pub(crate) enum Lang {
    /// Chinese
    Zh,
    /// English
    En,
}

#[derive(Args, Debug)]
pub(crate) struct Match {
    /// Indicator list (plain, CSV or hosts); may be given several times
    #[arg(short, long = "indicators", value_name = "FILE", required = true)]
    pub(crate) indicators: Vec<PathBuf>,
    /// Format of the logs
    #[arg(long, value_enum, default_value = "auto")]
    pub(crate) format: Format,
    /// Print one JSON object a hit
    #[arg(long, conflicts_with = "count")]
    pub(crate) json: bool,
    /// Print the number of lines with a hit
    #[arg(long)]
    pub(crate) count: bool,
    /// Logs: files, `.gz`, `.zst`, `-` for standard input (also when none is named)
    pub(crate) logs: Vec<PathBuf>,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
pub(crate) enum Format {
    /// Found from the first lines
    Auto,
    /// Suricata EVE
    Eve,
    /// Zeek, JSON or tab-separated
    Zeek,
    /// One JSON object a line
    Ndjson,
    /// RFC 5424 or RFC 3164
    Syslog,
    /// Plain lines
    Text,
}

#[derive(Args, Debug)]
pub(crate) struct Import {
    /// How the files are written
    #[arg(value_enum)]
    pub(crate) format: ImportFormat,
    /// Lists: files, `.gz`, `.zst`, `-` for standard input
    #[arg(value_name = "FILE", required = true)]
    pub(crate) files: Vec<PathBuf>,
    /// Name of the list, instead of the file's; a list of this name is replaced
    #[arg(long)]
    pub(crate) name: Option<String>,
    #[command(flatten)]
    pub(crate) data: Data,
    /// Address of a running node, instead of its data folder
    #[arg(long, value_name = "URL")]
    pub(crate) url: Option<String>,
    /// Token of an analyst or a duty officer, for `--url`
    #[arg(long, value_name = "TOKEN", env = "FENGSUI_TOKEN", hide_env_values = true)]
    pub(crate) token: Option<String>,
    /// Import nothing: print every value that would be left out, and why
    #[arg(long)]
    pub(crate) check: bool,
    /// Print JSON
    #[arg(long)]
    pub(crate) json: bool,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
pub(crate) enum ImportFormat {
    /// One value a line; remarks after `#`, `//` or `;`
    List,
    /// Columns, with or without a header
    Csv,
    /// `0.0.0.0 name name…`, as for the resolver of a host
    Hosts,
}

impl From<ImportFormat> for ListFormat {
    fn from(format: ImportFormat) -> Self {
        match format {
            ImportFormat::List => Self::Plain,
            ImportFormat::Csv => Self::Csv,
            ImportFormat::Hosts => Self::Hosts,
        }
    }
}

#[derive(Debug, Subcommand)]
pub(crate) enum Ledger {
    /// Prove the whole history of a data folder, a node or an export
    Verify {
        /// Data folder, `http://` address of a node, `postgres://` address of a database, or file made by
        /// `ledger export`
        place: String,
        /// Verifier key to trust, instead of the one found there
        #[arg(long)]
        key: Option<String>,
        /// Verifier key of an earlier epoch, of a node that was restored, which may have signed a kept checkpoint; may
        /// be given several times, and is known of a data folder
        #[arg(long, value_name = "KEY")]
        earlier_key: Vec<String>,
        /// Checkpoint that was kept elsewhere (`ledger checkpoint`), which the ledger must continue; may be given
        /// several times
        #[arg(long, value_name = "FILE")]
        checkpoint: Vec<PathBuf>,
        /// Print JSON
        #[arg(long)]
        json: bool,
    },
    /// Print the signed checkpoint, to be kept where nobody who can change the ledger can change it
    Checkpoint {
        #[command(flatten)]
        data: Data,
    },
    /// Prove that one entry stands in the ledger: for whoever has the verifier key, without the node
    Prove {
        /// Index of the entry
        index: u64,
        #[command(flatten)]
        data: Data,
        /// File for the entry's bytes
        #[arg(long, value_name = "FILE")]
        entry: PathBuf,
        /// File for the proof, `-` for standard output
        #[arg(long, short, value_name = "FILE", default_value = "-")]
        output: PathBuf,
    },
    /// Write all entries with their signed checkpoint to a file that `ledger verify` takes
    Export {
        #[command(flatten)]
        data: Data,
        /// File to write, `-` for standard output
        #[arg(long, short, value_name = "FILE", default_value = "-")]
        output: PathBuf,
    },
}

#[derive(Args, Debug)]
#[command(args_conflicts_with_subcommands = true)]
pub(crate) struct Backup {
    #[command(subcommand)]
    pub(crate) command: Option<BackupCommand>,
    #[command(flatten)]
    pub(crate) data: Data,
    /// File to write, which must not be there yet; `-` for standard output
    #[arg(long, short, value_name = "FILE", required = true)]
    pub(crate) output: Option<PathBuf>,
    /// Who may restore it: an age recipient (`age1…`) as `fengsui backup key` prints one; may be given several times
    #[arg(long, short, value_name = "KEY", required = true, env = "FENGSUI_BACKUP_RECIPIENT")]
    pub(crate) recipient: Vec<String>,
    /// Print JSON
    #[arg(long)]
    pub(crate) json: bool,
}

#[derive(Debug, Subcommand)]
pub(crate) enum BackupCommand {
    /// Make the key of whoever may restore: the secret goes to a file, the recipient is printed
    ///
    /// Keep the file where the node is not: whoever has it reads every backup, and without it none can be read.
    Key {
        /// File for the secret, which must not be there yet
        file: PathBuf,
    },
}

#[derive(Args, Debug)]
pub(crate) struct Restore {
    /// The backup; `-` for standard input
    pub(crate) file: PathBuf,
    /// File with the secret, as made by `fengsui backup key` or `age-keygen`; may be given several times
    #[arg(long, short, value_name = "FILE", required = true)]
    pub(crate) identity: Vec<PathBuf>,
    #[command(flatten)]
    pub(crate) data: Data,
    /// Verifier key that its ledger must be signed by, instead of the one in the backup
    #[arg(long)]
    pub(crate) key: Option<String>,
    /// Only try: take everything in beside the data folder, verify it, and remove it
    #[arg(long)]
    pub(crate) verify: bool,
    /// Print JSON
    #[arg(long)]
    pub(crate) json: bool,
}

#[derive(Debug, Subcommand)]
pub(crate) enum Token {
    /// Create a token; it is printed once
    Create {
        #[command(flatten)]
        data: Data,
        /// Role of a service token
        #[arg(long, value_name = "ROLE", required_unless_present = "account", conflicts_with = "account")]
        role: Option<String>,
        /// Sign-in name of the person a personal token is for
        #[arg(long, value_name = "NAME")]
        account: Option<String>,
        /// What it is for
        #[arg(long)]
        name: String,
        /// Narrow it to these permissions
        #[arg(long, value_name = "PERMISSION")]
        scope: Vec<String>,
        /// Days it works
        #[arg(long, default_value_t = 90)]
        days: i64,
        /// Print JSON
        #[arg(long)]
        json: bool,
    },
    /// List tokens
    List {
        #[command(flatten)]
        data: Data,
        /// Print JSON
        #[arg(long)]
        json: bool,
    },
    /// Revoke a token at once
    Revoke {
        #[command(flatten)]
        data: Data,
        /// Id of the token
        id: String,
        /// Why
        #[arg(long)]
        reason: String,
    },
}

#[derive(Debug, Subcommand)]
pub(crate) enum User {
    /// Create an account; its one-time link is printed once
    Create {
        #[command(flatten)]
        data: Data,
        /// Name to sign in with
        name: String,
        /// Name to show
        #[arg(long)]
        display: String,
        /// System role; may be given several times
        #[arg(long, value_name = "ROLE", required = true)]
        role: Vec<String>,
        /// Body of the plan this person speaks for; may be given several times
        #[arg(long, value_name = "BODY")]
        body: Vec<String>,
    },
    /// List accounts
    List {
        #[command(flatten)]
        data: Data,
        /// Print JSON
        #[arg(long)]
        json: bool,
    },
    /// Make a new one-time link, for a forgotten password or a lost device
    Reset {
        #[command(flatten)]
        data: Data,
        /// Name to sign in with
        name: String,
        /// Remove the second factor too
        #[arg(long)]
        totp: bool,
    },
}

#[derive(Args, Debug)]
pub(crate) struct Demo {
    /// Folder of the demonstration; one with real data is refused
    #[arg(long, value_name = "DIR", default_value = "./fengsui-demo")]
    pub(crate) data: PathBuf,
    /// Address to listen on
    #[arg(long, value_name = "ADDR", default_value = "127.0.0.1:8470", env = "FENGSUI_LISTEN")]
    pub(crate) listen: SocketAddr,
}

#[derive(Debug, Subcommand)]
pub(crate) enum Drill {
    /// List the scenarios at hand
    List {
        /// Print JSON
        #[arg(long)]
        json: bool,
    },
    /// Check scenarios: shipped ones by name, others by file; all shipped ones if none is named
    Check {
        /// Names or files
        scenarios: Vec<String>,
        /// Folder with a plan of your own that the scenario names; may be given several times
        #[arg(long, value_name = "FOLDER")]
        plan: Vec<String>,
        /// Print JSON
        #[arg(long)]
        json: bool,
    },
    /// Run a scenario; exit code 1 if something the scenario expects is not so
    Run {
        /// Name of a shipped scenario, or a file
        scenario: String,
        /// Folder with a plan of your own that the scenario names; may be given several times
        #[arg(long, value_name = "FOLDER")]
        plan: Vec<String>,
        /// The same seed gives the same people, ids and bytes
        #[arg(long, default_value_t = 1)]
        seed: u64,
        /// Language of what people write, and of the report
        #[arg(long, value_enum, default_value = "zh")]
        lang: Lang,
        /// Print the whole result as JSON
        #[arg(long)]
        json: bool,
        /// Write a report for people (HTML), marked as a drill on every page
        #[arg(long, value_name = "FILE")]
        report: Option<PathBuf>,
    },
}
