//! `fengsui demo`: three months of an invented city, then the node on which the city lives on.
//!
//! The history is made by the real engine in virtual time, in a folder of its own that is marked for good:
//! `serve` refuses it, and this command refuses any other.

use std::path::Path;

use fengsui_domain::account::AccountWords;
use fengsui_domain::permission::SystemRole;
use fengsui_domain::plan::{Lang, Plan, PlanId, RoleId};
use fengsui_drill::cast::Cast;
use fengsui_drill::city::{City, INDICATORS};
use fengsui_drill::director::{Director, Manner};
use fengsui_drill::environment::{Clock, Dice};
use fengsui_drill::living::Living;
use fengsui_drill::words::{Mark, Words};
use fengsui_service::accounts::NewPerson;
use fengsui_service::folder::Folder;
use fengsui_service::indicators::ListWords;
use fengsui_service::{Environment, Options, Service};
use fengsui_wire::plan::scenario::Conduct;
use jiff::{SignedDuration, Timestamp};

use crate::cli::{self, Demo};
use crate::exit::{Failure, Outcome};
use crate::node::keeper;

/// The name of a demonstration's ledger.
const NAME: &str = "demo.fengsui.example";
/// Three months.
const HISTORY: SignedDuration = SignedDuration::from_hours(24 * 91);
/// An event every so often, on the average: about a hundred in all.
const EVERY: SignedDuration = SignedDuration::from_hours(21);
/// Every demonstration is of the same city.
const SEED: u64 = 2026;
/// How often the people of the city look at what visitors did.
const LOOK_EVERY: SignedDuration = SignedDuration::from_secs(5);
/// Letters of a group of a password; 4 groups of 5 of 22 letters are 89 bits.
const LETTERS: &[u8] = b"abcdefghkmnprstuvwxyz2";

/// A sign-in, shown once.
struct SignIn {
    role: SystemRole,
    name: &'static str,
    password: String,
}

/// Who can sign in: the role, the name, the bodies.
const SIGN_INS: [(SystemRole, &str, &[&str]); 7] = [
    (SystemRole::Administrator, "admin", &[]),
    (
        SystemRole::DutyOfficer,
        "duty",
        &[
            "security-office",
            "informatisation-office",
            "duty-officer",
            "unit-duty-officer",
            "region-or-department",
        ],
    ),
    (
        SystemRole::Commander,
        "commander",
        &["city-government", "response-headquarters", "leading-group", "national-emergency-office"],
    ),
    (SystemRole::Handler, "handler", &["handling-team", "technician", "unit"]),
    (SystemRole::Liaison, "liaison", &["unit"]),
    (SystemRole::Analyst, "analyst", &[]),
    (SystemRole::Auditor, "auditor", &[]),
];

pub(crate) fn run(arguments: Demo) -> Outcome {
    let folder = Folder::new(arguments.data.clone());
    refuse_other_folder(&folder)?;
    let serve = cli::Serve {
        plan: None,
        data: cli::Data { data: arguments.data, database: None },
        listen: arguments.listen,
        name: NAME.to_owned(),
        watch: Vec::new(),
        indicators: Vec::new(),
        stdin: false,
        syslog: None,
        log_zone: "UTC".to_owned(),
        backup_to: None,
        backup_recipient: Vec::new(),
        backup_every: 24,
        backup_keep: 14,
    };
    let new = !folder.has_store();
    crate::serve::run_with(serve, move |path| async move {
        if new {
            build(&path).await?;
        } else {
            eprintln!(
                "the demonstration in {} goes on; its sign-ins were shown when it was made",
                path.display()
            );
        }
        Ok(())
    })
}

/// Passes for a folder that is not there, is empty, or was made for a demonstration.
fn refuse_other_folder(folder: &Folder) -> Result<(), Failure> {
    let path = folder.path();
    let empty = match std::fs::read_dir(path) {
        Ok(mut entries) => entries.next().is_none(),
        Err(error) if error.kind() == std::io::ErrorKind::NotFound => true,
        Err(error) => return Err(Failure::usage(format!("cannot read `{}`: {error}", path.display()))),
    };
    if empty || folder.is_demo() {
        return Ok(());
    }
    Err(Failure::usage(format!(
        "`{}` is not empty and no demonstration: give another `--data`, real data and a demonstration are never mixed",
        path.display()
    )))
}

/// Makes the history and shows the sign-ins.
async fn build(path: &Path) -> Result<(), Failure> {
    let folder = Folder::new(path);
    folder.create()?;
    folder.mark_demo()?;
    let world = Environment::system();
    let now = world.now();
    let from = now.checked_sub(HISTORY)?;
    let clock = Clock::at(from);
    // Keys and passwords are secrets even here, so chance is the system's.
    let outside = Environment { time: clock.clone(), random: world.random.clone() };
    let options = Options { folder: path.to_owned(), name: NAME.to_owned(), database: None };
    let service = Service::draft(options, outside).await?;
    let sign_ins = set_up(&service, &world).await?;
    know_indicators(&service).await?;
    let plans = service.plans().clone();
    let all: Vec<&Plan> = plans.list().map(|pack| &pack.plan).collect();
    let cast = Cast::of_plans(&service, &all, from).await?;
    let egov = plans.get(&PlanId::new("jincheng-egov-2008"));
    let egov = egov.ok_or_else(|| Failure::stopped("the e-government plan is not at hand"))?;
    let mut city = City::new(SEED, from, EVERY, egov.plan.clone()).peekable();
    let words = Words { lang: Lang::Zh, mark: Mark::Demo };
    let conduct = Conduct { disposal: true, ..Conduct::default() };
    let mut director = Director::new(
        service.clone(),
        clock,
        Dice::new(SEED, 2),
        cast,
        Manner { words, conduct, keep: false },
    );
    for part in 1..=3 {
        let until = from.checked_add(HISTORY * part / 3)?;
        director.run(&mut city, until).await?;
        let counts = director.record().counts;
        eprintln!(
            "month {part} of 3: {} events, {} incidents, {} acts",
            counts.events, counts.incidents, counts.acts
        );
    }
    service.keep().await?;
    show(&sign_ins);
    Ok(())
}

/// The people that a visitor can be, each with a password of their own.
async fn set_up(service: &Service, world: &Environment) -> Result<Vec<SignIn>, Failure> {
    let token = service.set_up_token().await?;
    let token = token.ok_or_else(|| Failure::stopped("the node was set up before"))?;
    let (mut people, mut sign_ins) = (Vec::new(), Vec::new());
    for (role, name, bodies) in SIGN_INS {
        let password = password(world);
        let words = AccountWords {
            name: name.to_owned(),
            display: format!("演示 {role}"),
            roles: [role].into(),
            bodies: bodies.iter().map(|body| RoleId::new(*body)).collect(),
        };
        people.push(NewPerson { words, password: password.clone() });
        sign_ins.push(SignIn { role, name, password });
    }
    service.set_up(&token, people).await?;
    Ok(sign_ins)
}

fn password(world: &Environment) -> String {
    let bytes = world.bytes::<20>();
    let letters = bytes.map(|byte| char::from(LETTERS[usize::from(byte) % LETTERS.len()]));
    letters.chunks(5).map(|group| group.iter().collect::<String>()).collect::<Vec<_>>().join("-")
}

async fn know_indicators(service: &Service) -> Result<(), Failure> {
    let words = ListWords { name: "demo".to_owned(), format: None };
    service.list_import(&keeper(), words, std::io::Cursor::new(INDICATORS.join("\n"))).await?;
    service.index_refresh().await?;
    Ok(())
}

fn show(sign_ins: &[SignIn]) {
    eprintln!("\nsign-ins of this demonstration, shown once:");
    for SignIn { role, name, password } in sign_ins {
        eprintln!("  {name:<10} {password}   ({role})");
    }
    eprintln!();
}

/// The city lives on: events, log lines, people who handle them. Runs until cancelled.
pub(crate) async fn run_feed(service: Service) {
    let mut city = None;
    loop {
        let next = match &mut city {
            Some(city) => live(&service, city).await,
            None => match Living::begin(&service, seed_of(service.now())).await {
                Ok(begun) => {
                    city = Some(begun);
                    continue;
                }
                Err(error) => Err(error),
            },
        };
        let next = next.unwrap_or_else(|error| {
            tracing::error!(
                error = &error as &dyn std::error::Error,
                "the city of the demonstration stumbled"
            );
            service.now().saturating_add(LOOK_EVERY).unwrap_or(Timestamp::MAX)
        });
        let wait = next.duration_since(service.now()).clamp(SignedDuration::ZERO, LOOK_EVERY);
        tokio::time::sleep(wait.unsigned_abs()).await;
    }
}

/// One turn of the city. Returns when the next is.
async fn live(service: &Service, city: &mut Living) -> fengsui_drill::Result<Timestamp> {
    let bytes = service.folder().map_or(0, Folder::store_bytes);
    city.turn(bytes).await
}

/// Each start of a demonstration has a story of its own.
fn seed_of(now: Timestamp) -> u64 {
    now.as_microsecond().unsigned_abs()
}
