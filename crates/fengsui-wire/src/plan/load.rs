//! Loading one pack: files to sections, names first, then everything that refers to them.

use std::collections::btree_map::Entry;
use std::collections::{BTreeMap, BTreeSet};
use std::fmt::Write;
use std::path::Path;

use fengsui_domain::level::IncidentLevel;
use fengsui_domain::plan::{Holidays, Intake, Plan, PlanId, Triage};
use jiff::civil::Date;
use sha2::{Digest, Sha256};

use super::check::{self, Effort};
use super::finding::{Code, Finding, Findings, Spot, quoted, say};
use super::options;
use super::predicate::Parsed;
use super::read::{Cx, Fields, MAX_TITLE_CHARS, NameRule, Names};
use super::section::{
    beside, clocks, closing, defaults, duties, evidence, grading, header, holidays, intake, orders, people,
    playbooks, response, warnings,
};
use super::values;
use super::yaml::{self, Kind, Node, Stop};

mod tries;

/// Files of one pack: the shipped ones have 9 at most, a lawyer may split them further.
pub const MAX_FILES: usize = 32;

/// Every section with whether a pack must have it.
pub(super) const SECTIONS: [(&str, bool); 38] = [
    ("plan", true),
    ("title", true),
    ("document", true),
    ("issuer", true),
    ("notice", false),
    ("aims", false),
    ("basis", false),
    ("in_force", true),
    ("zone", true),
    ("holidays", false),
    ("clauses", false),
    ("roles", true),
    ("categories", true),
    ("facts", true),
    ("levels", true),
    ("grading", true),
    ("intake", false),
    ("triage", false),
    ("orders", false),
    ("grants", false),
    ("playbooks", false),
    ("clocks", true),
    ("responses", true),
    ("immediate_actions", false),
    ("disposal", false),
    ("review", true),
    ("filing", false),
    ("publications", false),
    ("duties", false),
    ("evidence", false),
    ("warnings", false),
    ("evaluation", false),
    ("taxonomy", false),
    ("interpreted_by", false),
    ("defaults", false),
    (options::CHOSEN, false),
    ("unverified", false),
    ("beside", false),
];

/// A file of a pack.
#[derive(Clone, Copy, Debug)]
pub struct PackFile<'a> {
    /// Its path, `folder/name.yaml`; messages name it as given.
    pub path: &'a str,
    /// Its bytes.
    pub bytes: &'a [u8],
}

impl<'a> PackFile<'a> {
    /// The name inside the folder.
    pub(super) fn name(&self) -> &'a str {
        self.path.rsplit_once('/').map_or(self.path, |(_, name)| name)
    }

    /// Whether it is part of the pack.
    fn is_read(&self) -> bool {
        self.extension() == Some("yaml")
    }

    fn extension(&self) -> Option<&'a str> {
        Path::new(self.name()).extension().and_then(|extension| extension.to_str())
    }

    /// The name of the folder, if the path has one.
    fn folder(&self) -> Option<&'a str> {
        let (folder, _) = self.path.rsplit_once('/')?;
        Some(folder.rsplit_once('/').map_or(folder, |(_, name)| name))
    }
}

/// What became of a pack.
#[derive(Clone, Debug)]
pub struct Loaded {
    /// The plan; `None` if any finding is an error.
    pub plan: Option<Plan>,
    /// SHA-256 over the pack's files, in hex; see [`digest`].
    pub digest: String,
    /// What was found, by file, line and column.
    pub findings: Vec<Finding>,
    /// The plans above, each with what is to be said if no pack of that id is at hand: one pack alone cannot tell.
    pub parents: Vec<(PlanId, Finding)>,
    /// More is wrong than [`MAX_FINDINGS`](super::MAX_FINDINGS), and only the first were kept.
    pub cut_short: bool,
}

/// Reads and checks one pack. The order of `files` does not matter.
pub fn load(files: &[PackFile<'_>]) -> Loaded {
    loaded(files, None, false)
}

/// The same as somebody reads it who is to rely on it from a day on: beside everything else, its days off must
/// be known for then. And every option of its defaults is tried: what would be found if it were chosen, alone
/// or with what the pack chooses already, is found now.
pub(super) fn load_with_options(files: &[PackFile<'_>], on: Option<Date>) -> Loaded {
    loaded(files, on, true)
}

fn loaded(files: &[PackFile<'_>], on: Option<Date>, try_options: bool) -> Loaded {
    let mut read: Vec<PackFile<'_>> = files.iter().copied().filter(PackFile::is_read).collect();
    read.sort_by_key(PackFile::name);
    let digest = digest(&read);
    let paths: Vec<String> = read.iter().chain(files).map(|file| file.path.to_owned()).collect();
    let mut findings = Findings::new(paths.clone());
    note_unread(files, read.len(), &mut findings);
    if read.is_empty() || read.len() > MAX_FILES {
        let count = read.len();
        let message = say(
            format!("文件夹有 {count} 个 .yaml 文件，应为 1 到 {MAX_FILES} 个"),
            format!("the folder has {count} .yaml files, 1 to {MAX_FILES} belong there"),
        );
        findings.add(Code::Limit, Spot::default(), "", message, None);
        let (findings, cut_short) = findings.sorted();
        return Loaded { plan: None, digest, findings, parents: Vec::new(), cut_short };
    }
    let written = Written::read(&read, on, &mut findings);
    let (plan, mut findings, parents) = written.plan(findings, None, &mut Effort::of_pack());
    if let Some(plan) = plan.as_ref().filter(|_| try_options && !findings.any_error()) {
        written.try_options(plan, &paths, &mut findings);
    }
    // A pack of which an option cannot be chosen is as wrong as any other.
    let plan = plan.filter(|_| !findings.any_error());
    let (findings, cut_short) = findings.sorted();
    Loaded { plan, digest, findings, parents, cut_short }
}

/// SHA-256 over the `.yaml` files in order of their names, in hex: for each the name, a zero byte, the
/// length as 8 bytes (big endian) and the bytes. The folder's own path does not count, so a copy
/// elsewhere is the same version.
pub fn digest(files: &[PackFile<'_>]) -> String {
    let mut files: Vec<&PackFile<'_>> = files.iter().filter(|file| file.is_read()).collect();
    files.sort_by_key(|file| file.name());
    let mut hash = Sha256::new();
    for file in files {
        hash.update(file.name());
        hash.update([0]);
        hash.update((file.bytes.len() as u64).to_be_bytes());
        hash.update(file.bytes);
    }
    let mut hex = String::with_capacity(64);
    for byte in hash.finalize() {
        let _ = write!(hex, "{byte:02x}"); // Writing to a string cannot fail.
    }
    hex
}

/// A file that looks like part of the pack but is not read.
fn note_unread(files: &[PackFile<'_>], read: usize, findings: &mut Findings) {
    for (at, file) in files.iter().enumerate() {
        let looks_meant = ["yml", "YAML", "YML", "json", "toml"].map(Some).contains(&file.extension());
        if looks_meant {
            let spot = Spot { file: read + at, ..Spot::default() };
            let message = say("文件没有读取", "the file is not read");
            let fix = say("改名为 .yaml", "name it `.yaml`");
            findings.add(Code::NotRead, spot, "", message, Some(fix));
        }
    }
}

/// The files of a pack as they were written.
struct Written<'f> {
    files: &'f [PackFile<'f>],
    sources: Vec<&'f str>,
    roots: Vec<Node>,
    predicates: Parsed,
    /// Every file could be read, so what seems to be missing is.
    complete: bool,
    /// The day from which somebody is to rely on it.
    on: Option<Date>,
}

impl<'f> Written<'f> {
    fn read(files: &'f [PackFile<'f>], on: Option<Date>, findings: &mut Findings) -> Self {
        let sources: Vec<Option<&str>> =
            files.iter().enumerate().map(|(at, file)| yaml::decode(file.bytes, at, findings)).collect();
        let mut roots = Vec::new();
        let mut complete = true;
        for (at, source) in sources.iter().enumerate() {
            match source.map(|source| yaml::read(source, at, findings)) {
                Some(Ok(root)) => roots.extend(root),
                Some(Err(Stop)) | None => complete = false,
            }
        }
        complete &= roots.iter().all(|root| matches!(root.kind, Kind::Map(_)));
        let sources = sources.into_iter().map(Option::unwrap_or_default).collect();
        Self { files, sources, roots, predicates: Parsed::default(), complete, on }
    }

    /// The plan, with one more option chosen than the pack chooses; what is wrong is added to `findings`.
    fn plan(
        &self,
        findings: Findings,
        also: Option<(&str, &str)>,
        effort: &mut Effort<'_>,
    ) -> (Option<Plan>, Findings, Vec<(PlanId, Finding)>) {
        let (sources, predicates, spots) = (self.sources.clone(), &self.predicates, BTreeMap::new());
        let mut cx = Cx { sources, predicates, names: Names::default(), findings, spots };
        let by_operator = self.files.iter().position(|file| file.name() == options::CHOSEN_FILE);
        let sections = sections(&mut cx, &self.roots, self.complete, by_operator);
        let mut chosen = options::chosen(&mut cx, &sections);
        chosen.extend(also.map(|(default, option)| (default.to_owned(), option.to_owned())));
        let changed = options::changed(&mut cx, &sections, &chosen);
        let sections = sections.with(&changed);
        gather_names(&mut cx, &sections, self.files);
        let plan = plan(&mut cx, &sections, &chosen);
        if let Some(plan) = plan.as_ref().filter(|_| !cx.findings.any_error()) {
            check::whole(&mut cx, plan, self.on, effort);
        }
        let parents = plan.as_ref().map(|plan| check::elsewhere(&cx, plan)).unwrap_or_default();
        (plan, cx.findings, parents)
    }
}

/// The sections of all files together, each once; what an operator chooses in a file of its own takes the place
/// of what the pack chooses.
fn sections<'n>(
    cx: &mut Cx<'_>,
    roots: &'n [Node],
    complete: bool,
    by_operator: Option<usize>,
) -> Fields<'n> {
    let known = || SECTIONS.iter().map(|(name, _)| *name);
    let mut found: BTreeMap<&str, &Node> = BTreeMap::new();
    let mut misspelt: BTreeSet<&str> = BTreeSet::new();
    for root in roots {
        let Kind::Map(entries) = &root.kind else {
            let message = say("文件应由各节组成", "the file has to consist of sections");
            cx.report(Code::WrongType, root.at, "", message, None);
            continue;
        };
        for (key, value) in entries {
            let name = key.text.as_str();
            if !known().any(|section| section == name) {
                let what = (Code::UnknownKey, "节", "section");
                misspelt.extend(cx.unknown(what, (key.at, name), name, known()));
                continue;
            }
            let mut entry = match found.entry(name) {
                Entry::Vacant(free) => {
                    free.insert(value);
                    continue;
                }
                Entry::Occupied(entry) => entry,
            };
            if name == options::CHOSEN && by_operator == Some(key.at.file) {
                entry.insert(value);
            } else if !(name == options::CHOSEN && by_operator == Some(entry.get().at.file)) {
                let message = say(
                    format!("节 {} 在另一文件中已有", quoted(name)),
                    format!("the section {} stands in another file too", quoted(name)),
                );
                cx.report(
                    Code::DuplicateKey,
                    key.at,
                    name,
                    message,
                    Some(say("只保留一处", "keep one of them")),
                );
            }
        }
    }
    // The file that says which plan it is seems the right place to say what the plan lacks.
    let at =
        found.get("plan").map_or(Spot::default(), |node| Spot { line: 1, column: 1, byte: 0, ..node.at });
    for (name, needed) in SECTIONS {
        if needed && complete && !found.contains_key(name) && !misspelt.contains(name) {
            let message = say(
                format!("缺少 {} 一节", quoted(name)),
                format!("the section {} is missing", quoted(name)),
            );
            cx.report(Code::MissingKey, at, name, message, None);
        }
    }
    Fields::from_entries(found)
}

/// Everything that rules refer to by name, whether its own entry is right or not.
fn gather_names(cx: &mut Cx<'_>, sections: &Fields<'_>, files: &[PackFile<'_>]) {
    let keys = |name: &str| -> Option<BTreeSet<String>> {
        match &sections.get(name)?.kind {
            Kind::Map(entries) => Some(entries.iter().map(|(key, _)| key.text.clone()).collect()),
            Kind::Scalar(_) | Kind::List(_) | Kind::Refused => None,
        }
    };
    let levels = keys("levels");
    let levels =
        levels.map(|levels| levels.iter().filter_map(|numeral| IncidentLevel::parse(numeral)).collect());
    cx.names = Names {
        roles: keys("roles"),
        categories: keys("categories"),
        actions: keys("immediate_actions"),
        clauses: keys("clauses"),
        levels,
        no_facts: keys("facts").is_none(),
        ..Names::default()
    };
    if let Some(node) = sections.get("plan") {
        plan_id(cx, node, files);
    }
}

/// `plan: jincheng-internet-2008`, which is also the folder's name.
fn plan_id(cx: &mut Cx<'_>, node: &Node, files: &[PackFile<'_>]) {
    let Some(scalar) = cx.scalar(node, "plan") else { return };
    let id = scalar.text.clone();
    if !NameRule::Id.allows(&id) {
        let says = ("用小写字母、数字和连字符", "use lower-case letters, digits and hyphens");
        cx.bad_value(node, "plan", &id, says);
        return;
    }
    if let Some(folder) = files.iter().find_map(PackFile::folder).filter(|folder| *folder != id) {
        let (id, folder) = (quoted(&id), quoted(folder));
        let message = say(
            format!("预案编号 {id} 与文件夹名 {folder} 不同"),
            format!("the plan is called {id}, but its folder {folder}"),
        );
        cx.report(Code::WrongFolder, node.at, "plan", message, None);
    }
    cx.names.plan = id;
}

/// Reads every section, then puts them together if all of them could be read.
fn plan(cx: &mut Cx<'_>, sections: &Fields<'_>, chosen: &BTreeMap<String, String>) -> Option<Plan> {
    // A missing section has been reported once already.
    macro_rules! section {
        ($name:literal, $read:expr) => {
            sections.get($name).and_then(|node| $read(cx, node, $name))
        };
        ($name:literal, $read:expr, or $empty:expr) => {
            match sections.get($name) {
                Some(node) => $read(cx, node, $name),
                None => Some($empty),
            }
        };
    }
    let clauses = section!("clauses", header::clauses, or BTreeMap::new());
    let title = section!("title", |cx: &mut Cx<'_>, node, place| cx.text(node, place, MAX_TITLE_CHARS));
    let document = section!("document", header::document);
    let issuer = section!("issuer", |cx: &mut Cx<'_>, node, place| cx.text(node, place, MAX_TITLE_CHARS));
    let notice =
        section!("notice", |cx: &mut Cx<'_>, node, place| header::notice(cx, node, place).map(Some), or None);
    let aims = section!("aims", Cx::named_list, or Vec::new());
    let basis = section!("basis", Cx::named_list, or Vec::new());
    let in_force = section!("in_force", header::in_force);
    let zone = section!("zone", values::zone);
    let holidays = section!("holidays", holidays::holidays, or Holidays::default());
    let roles = section!("roles", people::roles);
    let categories = section!("categories", people::categories);
    // Facts come before every section that has predicates.
    let facts = section!("facts", grading::facts);
    let levels = section!("levels", grading::levels);
    let grading = section!("grading", grading::grading);
    let intake = section!("intake", intake::intake, or Intake::default());
    let triage = section!("triage", intake::triage, or Triage::default());
    // Orders come before the sections that name them.
    let orders = section!("orders", orders::orders, or Vec::new());
    cx.names.orders = orders.as_ref().map(|orders| orders.iter().map(|order| order.id.to_string()).collect());
    let grants =
        section!("grants", |cx: &mut Cx<'_>, node, place| orders::stage(cx, node, place).map(Some), or None);
    let playbooks = section!("playbooks", playbooks::playbooks, or Vec::new());
    let clocks = section!("clocks", clocks::clocks);
    let responses = section!("responses", response::responses);
    let immediate_actions = section!("immediate_actions", Cx::named_list, or Vec::new());
    let disposal = section!("disposal", |cx: &mut Cx<'_>, node, place| response::disposal(cx, node, place).map(Some), or None);
    let review = section!("review", closing::review);
    let filing = section!("filing", |cx: &mut Cx<'_>, node, place| closing::filing(cx, node, place).map(Some), or None);
    let publications = section!("publications", closing::publications, or Vec::new());
    let duties = section!("duties", duties::duties, or Vec::new());
    let evidence = section!("evidence", evidence::evidence, or Vec::new());
    let warnings = section!("warnings", |cx: &mut Cx<'_>, node, place| warnings::warnings(cx, node, place).map(Some), or None);
    let evaluation = section!("evaluation", |cx: &mut Cx<'_>, node, place| header::evaluation(cx, node, place).map(Some), or None);
    let taxonomy =
        section!("taxonomy", |cx: &mut Cx<'_>, node, place| cx.clause(node, place).map(Some), or None);
    let interpreted_by = section!("interpreted_by", |cx: &mut Cx<'_>, node, place| header::interpreted_by(cx, node, place).map(Some), or None);
    let settlements = section!("defaults", |cx: &mut Cx<'_>, node, place| defaults::defaults(cx, node, place, chosen), or Vec::new());
    let unverified = section!("unverified", defaults::unverified, or Vec::new());
    let beside = section!("beside", beside::beside, or BTreeMap::new());
    let (in_force_from, in_force_until, in_force_clause) = in_force?;
    Some(Plan {
        id: PlanId::new(cx.names.plan.clone()),
        title: title?,
        document: document?,
        issuer: issuer?,
        notice: notice?,
        aims: aims?,
        basis: basis?,
        in_force_from,
        in_force_until,
        zone: zone?,
        holidays: holidays?,
        clauses: clauses?,
        roles: roles?,
        categories: categories?,
        facts: facts?,
        levels: levels?,
        grading: grading?,
        intake: intake?,
        triage: triage?,
        clocks: clocks?,
        responses: responses?,
        immediate_actions: immediate_actions?,
        disposal: disposal?,
        orders: orders?,
        grants: grants?,
        playbooks: playbooks?,
        review: review?,
        filing: filing?,
        publications: publications?,
        duties: duties?,
        evidence: evidence?,
        warnings: warnings?,
        evaluation: evaluation?,
        taxonomy: taxonomy?,
        interpreted_by: interpreted_by?,
        in_force_clause,
        defaults: settlements?,
        unverified: unverified?,
        beside: beside?,
        joined: Vec::new(),
    })
}
